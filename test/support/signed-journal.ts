import { hash } from 'node:crypto'
import type { HeadClaim, HeadSaid, SignedHead } from '../../native-host/journal/chain-head.ts'
import { headStatement } from '../../native-host/journal/chain-head.ts'
import { linkOf } from '../../native-host/journal/chain-link.ts'
import type { SeenObject } from '../../native-host/verify/check-heads.ts'
import { chainStart, type Entry, type JournalRecord } from '../../protocol/records.ts'

/** 1: as trackers wrote and signed before; 2: as they do now. */
export type Form = 1 | 2

/** A segment as the reader of its object sees it. */
export type Segment = { object: string; number: number; lines: string[]; head: SignedHead | undefined }

export const sha256 = (text: string) => hash('sha256', text)
const device = 'device-1'
const date = '2026-11-22'

/** Signatures that only the holder of `key` could make, were this not a test. */
const signatureOf = (key: string, said: HeadSaid) => sha256(`secret of ${key}\n${headStatement(said)}`)
export const isSigned = (head: SignedHead) => head.signature === signatureOf(head.key, head)

export function sign(said: HeadSaid): SignedHead {
  return { ...said, signature: signatureOf(said.key, said) }
}

/** What a signature covers besides the head: here the lines, in the place of sealed bytes. */
export const restOf = (lines: readonly string[]) => sha256(lines.join('\n'))

const parse = (line: string) => JSON.parse(line) as JournalRecord
export const headAfter = (line: string) => ({ seq: parse(line).seq, hash: linkOf(line, parse(line), sha256) })

/** Of a segment with these lines. */
export function signedHead(
  lines: readonly string[],
  { key = 'key', form = 1, number = 1 }: { key?: string; form?: Form; number?: number } = {},
): SignedHead | undefined {
  const [first, last] = [lines[0], lines.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const reached = headAfter(last)
  if (form === 1) return sign({ form, device, ...reached, key })
  const { seq, prev } = parse(first)
  const before = { seq: seq - 1, hash: prev }
  return sign({
    form,
    device,
    ...{ number, date, kind: 'records' },
    before,
    ...reached,
    rest: restOf(lines),
    key,
  })
}

/** Of a picture that was sealed when these lines were written. */
export function pictureHead(
  lines: readonly string[],
  { key = 'key', form = 1, number = 1 }: { key?: string; form?: Form; number?: number } = {},
): SignedHead {
  const last = lines.at(-1)
  const reached = last === undefined ? { seq: 0, hash: chainStart } : headAfter(last)
  if (form === 1) return sign({ form, device, ...reached, key })
  const claim: HeadClaim = { number, date, kind: 'screenshot', before: reached, reached }
  return sign({
    form,
    device,
    ...{ number, date, kind: claim.kind },
    before: reached,
    ...reached,
    rest: restOf([]),
    key,
  })
}

export function seen({ object, number, lines, head }: Segment): SeenObject {
  const rest = head?.form === 2 ? restOf(lines) : undefined
  return { name: object, place: { device, date, number, kind: 'records' }, head, rest }
}

export function seenPicture(name: string, number: number, head: SignedHead | undefined): SeenObject {
  return { name, place: { device, date, number, kind: 'screenshot' }, head, rest: restOf([]) }
}

/** Lines that stand in one chain, one for each entry. */
export function chainOf(
  entries: readonly Entry[],
  { startMs = Date.parse('2026-11-22T10:00:00Z'), form = 1 }: { startMs?: number; form?: Form } = {},
): string[] {
  let prev = chainStart
  return entries.map((entry, index) => {
    const at = new Date(startMs + index * 10_000).toISOString()
    const salt = form === 2 ? { salt: sha256(`${index}`).slice(0, 22) } : {}
    const place = { seq: index + 1, prev, ...salt, at, zone: 'UTC', offset: '+00:00' }
    const line = JSON.stringify({ ...place, ...entry } satisfies JournalRecord)
    prev = linkOf(line, place, sha256)
    return line
  })
}

/** Cut behind the lines of these numbers, and each segment signed. */
export function segmentsOf(
  lines: readonly string[],
  cuts: readonly number[],
  { key = 'key', form = 1 }: { key?: string; form?: Form } = {},
): Segment[] {
  const ends = [...new Set([...cuts.filter(cut => cut > 0 && cut < lines.length), lines.length])].sort(
    (a, b) => a - b,
  )
  return ends.map((end, index) => {
    const own = lines.slice(ends[index - 1] ?? 0, end)
    const number = (index + 1) * 10
    return {
      object: `segment ${index + 1}`,
      number,
      lines: own,
      head: signedHead(own, { key, form, number }),
    }
  })
}
