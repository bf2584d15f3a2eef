import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { linkOf } from '../../native-host/journal/chain-link.ts'
import { chainStart, type JournalRecord, recordSchema } from '../../protocol/records.ts'
import { objectsBelow } from './tracker-home.ts'

const run = promisify(execFile)

export type OpenedObjects = {
  /** In the order of their sequence numbers. */
  records: JournalRecord[]
  /** The lines as they were sealed, in the same order. */
  lines: string[]
  /** Path of the sealed file → the picture that it holds. */
  pictures: Map<string, Buffer>
}

/** Opens everything below `folder` with the age and zstd of the system: programs that know nothing of ours. */
export async function openWithAge(folder: string, identityFile: string): Promise<OpenedObjects> {
  const lines: string[] = []
  const pictures = new Map<string, Buffer>()
  for (const path of (await objectsBelow(folder)).keys()) {
    const opened = await output('age', ['--decrypt', '--identity', identityFile, path])
    if (isPicture(opened)) pictures.set(path, opened)
    else lines.push(...linesOf(await output('zstd', ['--decompress', '--stdout', '--quiet'], opened)))
  }
  const rows = lines.map(line => ({ line, record: v.parse(recordSchema, JSON.parse(line)) }))
  rows.sort((a, b) => a.record.seq - b.record.seq)
  return { records: rows.map(row => row.record), lines: rows.map(row => row.line), pictures }
}

/** What breaks the chain, in words; empty when every record is there once, unchanged and in its place. */
export function brokenLinks({ records, lines }: OpenedObjects): string[] {
  const problems: string[] = []
  let previous = chainStart
  records.forEach((record, index) => {
    if (record.seq !== index + 1) problems.push(`record ${index + 1} has the number ${record.seq}`)
    if (record.prev !== previous) problems.push(`record ${record.seq} does not follow the one before it`)
    previous = linkOf(lines[index] ?? '', record, text => hash('sha256', text))
  })
  return problems
}

export function sumOfIntervals(records: readonly JournalRecord[]): { keys: number; clicks: number } {
  const sum = { keys: 0, clicks: 0 }
  for (const record of records) {
    if (record.kind !== 'interval') continue
    sum.keys += record.keys
    sum.clicks += record.clicks
  }
  return sum
}

/** WebP, or JPEG (ITU T.81, B.1.1.3). */
export function isPicture(bytes: Buffer): boolean {
  return isWebp(bytes) || bytes.readUIntBE(0, 3) === 0xffd8ff
}

function isWebp(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP'
}

function linesOf(ndjson: Buffer): string[] {
  return ndjson
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '')
}

async function output(program: string, args: string[], input?: Buffer): Promise<Buffer> {
  const running = run(program, args, { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 })
  running.child.stdin?.end(input)
  return (await running).stdout
}
