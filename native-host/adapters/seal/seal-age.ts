import { createHash, createHmac, hash, hkdfSync } from 'node:crypto'
import { type Decrypter, Encrypter } from 'age-encryption'
import { AppError } from '../../../protocol/errors.ts'
import { type HeadClaim, headArguments, headStatement } from '../../journal/chain-head.ts'
import type { Opener, Sealer } from '../../journal/ports.ts'
import { hashOfRest, longestHeader } from '../../journal/sealed-head.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { ReadonlySignal } from '../../kernel/signals.ts'
import { boundHeader } from './age-header.ts'
import { decrypterFor } from './age-identity.ts'
import { emptyPayloadBytes, openPayload, sealPayload } from './age-payload.ts'
import type { DeviceKey } from './device-key.ts'

/** Who says what stands in the headers of objects, and with which key. */
export type HeadSigner = { device: string; key: DeviceKey }

/** Seals for the `recipients` at the moment of the call. */
export function createSealer(recipients: ReadonlySignal<readonly string[]>, signer?: HeadSigner): Sealer {
  return {
    recipients: () => recipients.value,

    async seal(bytes, claim) {
      const { sealed, opener } = await sealToReopen(bytes, claim)
      opener.forget()
      return sealed
    },

    sealToReopen,
  }

  async function sealToReopen(bytes: Uint8Array, claim: HeadClaim | undefined) {
    // The library would make a file without recipients, which nothing can ever open.
    if (recipients.value.length === 0) throw new AppError('NO_RECIPIENT')
    const encrypter = new Encrypter()
    for (const recipient of recipients.value) encrypter.addRecipient(recipient)
    const made = await makeHeader(encrypter)
    const { fileKey } = made
    const payload = sealPayload(fileKey, bytes)
    const header = signer && claim ? withHead(made, payload, { signer, claim }) : made.header
    const sealed = join([header, ...payload])
    return { sealed, opener: openerOf(fileKey, header.length) }
  }
}

/** The key of a file is made for it alone: its holder can open this file and no other. */
function openerOf(fileKey: Uint8Array, headerBytes: number): Opener {
  return {
    open: sealed => openPayload(fileKey, sealed.subarray(headerBytes)),
    forget: () => void fileKey.fill(0),
  }
}

/**
 * Adds a stanza that opens nothing as the last one. What it signs holds the hash of all before it and behind the
 * header, so that it belongs to this object and no other. The MAC of the header is made again over all of it.
 */
function withHead(
  { header, fileKey }: { header: Uint8Array; fileKey: Uint8Array },
  payload: readonly Uint8Array[],
  { signer, claim }: { signer: HeadSigner; claim: HeadClaim },
): Uint8Array {
  const text = Buffer.from(header).toString('latin1')
  const before = text.slice(0, text.lastIndexOf('\n--- ') + 1)
  const { reached, ...place } = claim
  const said = {
    form: 2 as const,
    ...{ device: signer.device, key: signer.key.publicKey },
    ...place,
    ...reached,
    rest: hashOfRest(hash('sha256', Buffer.from(before, 'latin1')), hashOf(payload), text =>
      hash('sha256', text),
    ),
  }
  const signature = signer.key.sign(headStatement(said))
  const body = Buffer.from(signature, 'base64url').toString('base64').replace(/=+$/, '')
  // 64 bytes are 86 characters: one full line of 64 and one of 22.
  const stanza = `-> ${headArguments(said).join(' ')}\n${body.slice(0, 64)}\n${body.slice(64)}\n`
  return new TextEncoder().encode(sealHeader(`${before}${stanza}---`, fileKey))
}

/** The end of the header, as https://age-encryption.org/v1 has it. @param header up to and including the dashes */
function sealHeader(header: string, fileKey: Uint8Array): string {
  const key = hkdfSync('sha256', fileKey, '', 'header', 32)
  const mac = createHmac('sha256', new Uint8Array(key)).update(header).digest('base64')
  return `${header} ${mac.replace(/=+$/, '')}\n`
}

function hashOf(parts: readonly Uint8Array[]): string {
  const all = createHash('sha256')
  for (const part of parts) all.update(part)
  return all.digest('hex')
}

/**
 * The library makes the file key and the header for the recipients. It hands the key to every recipient,
 * and one that adds nothing to the header is how it gets here (docs/decisions/0009).
 */
async function makeHeader(encrypter: Encrypter): Promise<{ header: Uint8Array; fileKey: Uint8Array }> {
  const keys: Uint8Array[] = []
  encrypter.addRecipient({
    wrapFileKey(fileKey) {
      keys.push(fileKey.slice())
      return []
    },
  })
  const empty = await encrypter.encrypt(new Uint8Array(0))
  const [fileKey] = keys
  if (!fileKey) throw new AppError('INTERNAL', { detail: 'no file key' })
  return { header: empty.subarray(0, empty.length - emptyPayloadBytes), fileKey }
}

/** Buffer.concat would share its memory: a `slice` of a Buffer still holds the same bytes. */
function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let from = 0
  for (const part of parts) {
    whole.set(part, from)
    from += part.length
  }
  return whole
}

/**
 * Opens an age file with the first identity that fits. Whole or not at all: a file that was cut or changed
 * anywhere gives nothing.
 * @throws AppError IDENTITY_MISSING when there is none to try | OPEN_FAILED
 */
export async function openSealed(sealed: Uint8Array, identities: readonly Secret[]): Promise<Uint8Array> {
  const decrypter = await decrypterOf(sealed, identities)
  try {
    // The library would open what follows the header several times slower, and in more memory.
    const end = headerEnd(sealed)
    const fileKey = await decrypter.decryptHeader(sealed.subarray(0, end))
    const opened = openPayload(fileKey, sealed.subarray(end))
    fileKey.fill(0)
    return new Uint8Array(opened.buffer, opened.byteOffset, opened.length)
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('OPEN_FAILED', { cause })
  }
}

/** At most so long: 32 bytes in base64, and what is around them. */
const macLine = 64

/** Behind the line with the MAC, whose beginning `boundHeader` has found within the budget. */
function headerEnd(sealed: Uint8Array): number {
  const most = Math.min(sealed.length, longestHeader + macLine)
  const header = Buffer.from(sealed.buffer, sealed.byteOffset, most)
  return header.indexOf('\n', header.indexOf('\n--- ') + 1) + 1
}

/**
 * Whether an identity fits and the header is unchanged, without opening what is behind it.
 * @throws AppError IDENTITY_MISSING when there is none to try | OPEN_FAILED
 */
export async function checkHeader(sealed: Uint8Array, identities: readonly Secret[]): Promise<void> {
  const fileKey = await fileKeyOf(sealed, identities)
  fileKey.fill(0)
}

/**
 * The key that opens this file and no other, once the header is found unchanged.
 * @throws AppError IDENTITY_MISSING when there is none to try | OPEN_FAILED
 */
export async function fileKeyOf(sealed: Uint8Array, identities: readonly Secret[]): Promise<Uint8Array> {
  const decrypter = await decrypterOf(sealed, identities)
  try {
    return await decrypter.decryptHeader(sealed.subarray(0, headerEnd(sealed)))
  } catch (cause) {
    throw new AppError('OPEN_FAILED', { cause })
  }
}

async function decrypterOf(sealed: Uint8Array, identities: readonly Secret[]): Promise<Decrypter> {
  if (identities.length === 0) throw new AppError('IDENTITY_MISSING')
  boundHeader(sealed)
  return await decrypterFor(identities)
}
