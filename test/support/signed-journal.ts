import { hash } from 'node:crypto'
import type { HeadSaid, SignedHead } from '../../native-host/core/chain-head.ts'
import { headStatement } from '../../native-host/core/chain-head.ts'
import { chainStart, type Entry, type JournalRecord } from '../../protocol/records.ts'

/** A segment as whoever opens its object sees it. */
export type Segment = { object: string; lines: string[]; head: SignedHead | undefined }

export const sha256 = (text: string) => hash('sha256', text)

/** Signatures that only the holder of `key` could make, were this not a test. */
const signatureOf = (key: string, said: HeadSaid) => sha256(`secret of ${key}\n${headStatement(said)}`)
export const isSigned = (head: SignedHead) => head.signature === signatureOf(head.key, head)

export function signedHead(
  lines: readonly string[],
  key = 'key',
  device = 'device-1',
): SignedHead | undefined {
  const last = lines.at(-1)
  if (last === undefined) return undefined
  const { seq } = JSON.parse(last) as { seq: number }
  const said = { form: 1 as const, device, seq, hash: sha256(last), key }
  return { ...said, signature: signatureOf(key, said) }
}

/** Lines that stand in one chain, one for each entry. */
export function chainOf(entries: readonly Entry[], startMs = Date.parse('2026-11-22T10:00:00Z')): string[] {
  let prev = chainStart
  return entries.map((entry, index) => {
    const at = new Date(startMs + index * 10_000).toISOString()
    const record: JournalRecord = { seq: index + 1, prev, at, zone: 'UTC', offset: '+00:00', ...entry }
    const line = JSON.stringify(record)
    prev = sha256(line)
    return line
  })
}

/** Cut behind the lines of these numbers, and each segment signed. */
export function segmentsOf(lines: readonly string[], cuts: readonly number[], key = 'key'): Segment[] {
  const ends = [...new Set([...cuts.filter(cut => cut > 0 && cut < lines.length), lines.length])].sort(
    (a, b) => a - b,
  )
  return ends.map((end, index) => {
    const own = lines.slice(ends[index - 1] ?? 0, end)
    return { object: `segment ${index + 1}`, lines: own, head: signedHead(own, key) }
  })
}
