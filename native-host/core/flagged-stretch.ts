import type { Entry, Genuineness } from '../../protocol/records.ts'
import { isoOf } from './instants.ts'

/** What a verdict is about. */
export type Judged = Extract<Entry, { kind: 'interval' | 'verdict.extended' }>
type Interval = Extract<Entry, { kind: 'interval' }>
export type FlaggedStretch = { from: string; to: string; genuineness: Genuineness }

/** Intervals that follow each other this closely are one stretch. */
const longestGapMs = 60_000

/** The latest stretch that did not look genuine, made longer or begun anew by what was judged next. */
export function extendStretch(known: FlaggedStretch | undefined, judged: Judged): FlaggedStretch | undefined {
  const { genuineness } = judged
  if (genuineness.verdict === 'genuine') return known
  const to = judged.kind === 'interval' ? endOf(judged) : judged.to
  const since = earlier(genuineness.since ?? judged.from, judged.from)
  const continues = known && Date.parse(judged.from) - Date.parse(known.to) <= longestGapMs
  return continues
    ? { from: earlier(known.from, since), to: known.to < to ? to : known.to, genuineness }
    : { from: since, to, genuineness }
}

export function endOf({ from, length_ms }: Pick<Interval, 'from' | 'length_ms'>): string {
  return isoOf(Temporal.Instant.from(from).add({ milliseconds: length_ms }))
}

function earlier(a: string, b: string): string {
  return a < b ? a : b
}
