import { createHmac, hash, hkdfSync } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Decrypter, Encrypter, Stanza } from 'age-encryption'
import { compressZstd, decompressZstd } from '../../native-host/adapters/seal/compress-zstd.ts'
import type { DeviceKey } from '../../native-host/adapters/seal/device-key.ts'
import { createSealer, openSealed } from '../../native-host/adapters/seal/seal-age.ts'
import type { ChainHead, SignedHead } from '../../native-host/journal/chain-head.ts'
import { linkOf } from '../../native-host/journal/chain-link.ts'
import { readSignedHead } from '../../native-host/journal/sealed-head.ts'
import type { Secret } from '../../native-host/kernel/secret.ts'
import { createSignal } from '../../native-host/kernel/signals.ts'
import { type NamedObject, parseObjectName } from '../../native-host/verify/object-order.ts'
import type { JournalRecord } from '../../protocol/records.ts'

/** What was delivered, as the owner of the bucket has it: paths and bytes. */
export type Bucket = Map<string, Uint8Array>

export async function readBucket(folder: string): Promise<Bucket> {
  const files = (await readdir(folder, { recursive: true })).filter(path => path.endsWith('.age')).sort()
  return new Map(
    await Promise.all(files.map(async path => [path, await readFile(join(folder, path))] as const)),
  )
}

/** As a folder that is gone when it is disposed of. */
export async function folderOf(root: string, bucket: Bucket) {
  const folder = await mkdtemp(join(root, 'forged-'))
  for (const [path, bytes] of bucket) {
    await mkdir(join(folder, dirname(path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

export type Item = NamedObject & {
  device: string
  date: string
  bytes: Uint8Array
  head: SignedHead | undefined
}

/** In the order of their numbers. */
export function itemsOf(bucket: Bucket, device?: string): Item[] {
  return [...bucket]
    .flatMap(([path, bytes]) => {
      const named = parseObjectName(path, basename(path))
      if (!named?.device || !named.date) return []
      return [{ ...named, device: named.device, date: named.date, bytes, head: readSignedHead(bytes) }]
    })
    .filter(item => device === undefined || item.device === device)
    .sort((a, b) => (a.device === b.device ? a.seq - b.seq : a.device < b.device ? -1 : 1))
}

type Place = { device: string; date: string; seq: number; kind: 'records' | 'screenshot'; ending?: string }

/** With the hash that the name has to have. */
export function pathFor({ device, date, seq, kind, ending }: Place, bytes: Uint8Array): string {
  const end = ending ?? (kind === 'records' ? 'records.ndjson.zst.age' : 'screenshot.webp.age')
  return `${device}/${date}/${String(seq).padStart(12, '0')}-${hash('sha256', bytes)}.${end}`
}

export function place(bucket: Bucket, where: Place, bytes: Uint8Array): void {
  bucket.set(pathFor(where, bytes), bytes)
}

export const endingOf = (name: string) => name.slice(name.indexOf('.') + 1)

/**
 * The stanza of a genuine object, in a file of the forger's own making, for the recipients that every user
 * knows.
 */
export async function sealWithCopiedHead(
  plain: Uint8Array,
  genuine: Uint8Array,
  recipients: readonly string[],
) {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  const text = Buffer.from(genuine).toString('latin1')
  const [, args = '', body = ''] =
    /-> (activity-tracker\/head\S* [^\n]+)\n([\w+/\n]+?)\n(?:->|---)/.exec(text) ?? []
  const stanza = new Stanza(args.split(' '), Buffer.from(body.replaceAll('\n', ''), 'base64'))
  encrypter.addRecipient({ wrapFileKey: () => [stanza] })
  return encrypter.encrypt(plain)
}

export async function sealAs(
  plain: Uint8Array,
  { device, date, seq: number, kind }: Place,
  { key, recipients, before, reached }: Signing,
): Promise<Uint8Array> {
  const sealer = createSealer(createSignal(recipients), { device, key })
  return sealer.seal(plain, { number, date, kind, before, reached })
}

type Signing = { key: DeviceKey; recipients: readonly string[]; before: ChainHead; reached: ChainHead }

export async function sealUnsigned(plain: Uint8Array, recipients: readonly string[]): Promise<Uint8Array> {
  return createSealer(createSignal(recipients)).seal(plain)
}

/** As a user who holds an identity. */
export async function linesOf(sealed: Uint8Array, identities: readonly Secret[]): Promise<string[]> {
  const text = new TextDecoder().decode(await decompressZstd(await openSealed(sealed, identities), 1e7))
  return text.trimEnd().split('\n')
}

export function packed(lines: readonly string[]): Promise<Uint8Array> {
  return compressZstd(new TextEncoder().encode(lines.map(line => `${line}\n`).join('')))
}

const sha256 = (text: string) => hash('sha256', text)

/** Records that follow `before`, as if a tracker had written them. */
export function madeUpRecords(
  before: ChainHead,
  count: number,
  at: string,
  form: 1 | 2 = 2,
): { lines: string[]; reached: ChainHead } {
  let reached = before
  const lines = Array.from({ length: count }, (_, n) => {
    const random = hash('sha256', `${n} ${reached.hash}`, 'base64url').slice(0, 22)
    const salt = form === 2 ? { salt: random } : {}
    const place = { seq: reached.seq + 1, prev: reached.hash, ...salt, at, zone: 'UTC', offset: '+00:00' }
    const line = JSON.stringify({ ...place, kind: 'resumed', by: 'the forger' } satisfies JournalRecord)
    reached = { seq: place.seq, hash: linkOf(line, place, sha256) }
    return line
  })
  return { lines, reached }
}

export function headAfter(line: string): ChainHead {
  const record = JSON.parse(line) as JournalRecord
  return { seq: record.seq, hash: linkOf(line, record, sha256) }
}

/** Another stanza in the header, with a MAC that is right: only who holds an identity can make it. */
export async function withStanza(
  sealed: Uint8Array,
  stanza: string,
  where: 'first' | 'last',
  identities: readonly Secret[],
) {
  return withHeader(sealed, identities, stanzas => (where === 'first' ? stanza + stanzas : stanzas + stanza))
}

/** The head with one of its arguments exchanged, under the signature that it had, with a MAC that is right. */
export async function withArgument(
  sealed: Uint8Array,
  { at, value }: { at: number; value: string },
  identities: readonly Secret[],
) {
  return withHeader(sealed, identities, stanzas =>
    stanzas.replace(/(?<=-> )activity-tracker\/head\S* [^\n]+/, args =>
      args.split(' ').with(at, value).join(' '),
    ),
  )
}

/** The same signature in another text: four bits of its last character mean nothing. The MAC is right. */
export async function withOtherText(sealed: Uint8Array, identities: readonly Secret[]) {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  return withHeader(sealed, identities, stanzas =>
    stanzas.replace(
      /(?<=-> activity-tracker\/head[^\n]*\n[^\n]{64}\n[^\n]{21})[^\n]/,
      last => digits[digits.indexOf(last) ^ 1] ?? '',
    ),
  )
}

async function withHeader(
  sealed: Uint8Array,
  identities: readonly Secret[],
  change: (stanzas: string) => string,
) {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity.reveal())
  const fileKey = await decrypter.decryptHeader(sealed)
  const text = Buffer.from(sealed).toString('latin1')
  const end = text.indexOf('\n--- ') + 1
  const start = text.indexOf('\n') + 1
  const header = `${text.slice(0, start)}${change(text.slice(start, end))}---`
  const macKey = new Uint8Array(hkdfSync('sha256', fileKey, '', 'header', 32))
  const mac = createHmac('sha256', macKey).update(header, 'latin1').digest('base64').replace(/=+$/, '')
  const payload = sealed.subarray(text.indexOf('\n', end) + 1)
  return Buffer.concat([Buffer.from(`${header} ${mac}\n`, 'latin1'), payload])
}
