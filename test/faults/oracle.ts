import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { decompressZstd } from '../../native-host/adapters/seal/compress-zstd.ts'
import { readIdentities } from '../../native-host/adapters/seal/keys.ts'
import { openSealed } from '../../native-host/adapters/seal/seal-age.ts'
import { linkOf } from '../../native-host/journal/chain-link.ts'
import { chainStart, recordSchema } from '../../protocol/records.ts'
import type { Report } from './worker-task.ts'

/** What was accepted, as the program under test said after each call had returned. */
export type Accepted = { records: Map<number, string>; pictures: Set<string> }

export function accepted(): Accepted {
  return { records: new Map(), pictures: new Set() }
}

export function addAccepted(to: Accepted, reports: readonly Report[]): void {
  for (const report of reports) {
    if (report.says === 'record') to.records.set(report.seq, report.sha256)
    if (report.says === 'picture') to.pictures.add(report.sha256)
  }
}

/** What is wrong with what arrived. All of it zero is what is promised. */
export type Verdict = {
  /** Accepted, and not at the destination. */
  lost: number
  /** At the destination, but not what its name says or not to be opened with the identity. */
  unreadable: number
  /** The same record or picture in two objects. */
  duplicates: number
  /** Records that do not follow the one before, by number or by hash. */
  broken: number
  objects: number
  arrived: number
}

const lineSchema = v.pipe(v.string(), v.parseJson(), recordSchema)
const mostBytes = 64 * 1024 * 1024

/** Opens every object, as its owner would, and compares what is in them with what was accepted. */
export async function judge(
  objects: ReadonlyMap<string, Uint8Array>,
  identityFile: string,
  { records, pictures }: Accepted,
): Promise<Verdict> {
  const identities = await readIdentities(identityFile)
  const foundPictures: string[] = []
  const foundLines: string[] = []
  let unreadable = 0
  for (const [key, bytes] of objects) {
    try {
      if (!key.includes(hash('sha256', bytes))) throw new Error('not what its name says')
      const opened = await openSealed(bytes, identities)
      if (/\.screenshot\.(webp|jpg)\.age$/.test(key)) foundPictures.push(hash('sha256', opened))
      else foundLines.push(...linesOf(await decompressZstd(opened, mostBytes)))
    } catch {
      unreadable++
    }
  }
  const rows = foundLines.map(line => ({ line, record: v.parse(lineSchema, line) }))
  rows.sort((a, b) => a.record.seq - b.record.seq)
  const arrivedRecords = new Map(rows.map(({ line, record }) => [record.seq, hash('sha256', line)]))
  const arrivedPictures = new Set(foundPictures)
  return {
    lost:
      [...records].filter(([seq, sha256]) => arrivedRecords.get(seq) !== sha256).length +
      [...pictures].filter(sha256 => !arrivedPictures.has(sha256)).length,
    unreadable,
    duplicates: rows.length - arrivedRecords.size + (foundPictures.length - arrivedPictures.size),
    broken: brokenLinks(rows),
    objects: objects.size,
    arrived: arrivedRecords.size + arrivedPictures.size,
  }
}

function brokenLinks(
  rows: readonly { line: string; record: { seq: number; prev: string; salt?: string | undefined } }[],
): number {
  let previous = { seq: 0, hash: chainStart }
  let broken = 0
  for (const { line, record } of rows) {
    if (record.seq !== previous.seq + 1 || record.prev !== previous.hash) broken++
    previous = { seq: record.seq, hash: linkOf(line, record, text => hash('sha256', text)) }
  }
  return broken
}

function linesOf(ndjson: Uint8Array): string[] {
  return new TextDecoder()
    .decode(ndjson)
    .split('\n')
    .filter(line => line !== '')
}

const run = promisify(execFile)

/** Whether Debian's age, which knows nothing of ours, opens the file to the same bytes as the library does. */
export async function opensWithAge(file: string, identityFile: string): Promise<boolean> {
  const { stdout } = await run('age', ['--decrypt', '--identity', identityFile, file], {
    encoding: 'buffer',
    maxBuffer: mostBytes,
  })
  return stdout.equals(await openSealed(await readFile(file), await readIdentities(identityFile)))
}
