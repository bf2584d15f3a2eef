import type { Entry, Genuineness } from '../../protocol/records.ts'
import { isoOf } from '../kernel/instants.ts'

/** What a verdict is about. */
export type Judged = Extract<Entry, { kind: 'interval' | 'verdict.extended' }>
type Interval = Extract<Entry, { kind: 'interval' }>
export type FlaggedStretch = { from: string; to: string; genuineness: Genuineness }

/** Intervals that follow each other this closely are one stretch. */
const longestGapMs = 60_000

/** The most stretches that a person can be asked to look at. */
export const mostStretches = 10

/**
 * The stretches that did not look genuine, the latest first. The judged span extends the latest one or begins
 * another.
 */
export function extendStretches(known: readonly FlaggedStretch[], judged: Judged): readonly FlaggedStretch[] {
  const { genuineness } = judged
  if (genuineness.verdict === 'genuine') return known
  const to = judged.kind === 'interval' ? endOf(judged) : judged.to
  const from = earlier(genuineness.since ?? judged.from, judged.from)
  const [latest, ...before] = known
  const continues = latest && Date.parse(judged.from) - Date.parse(latest.to) <= longestGapMs
  return continues
    ? [{ from: earlier(latest.from, from), to: latest.to < to ? to : latest.to, genuineness }, ...before]
    : [{ from, to, genuineness }, ...known].slice(0, mostStretches)
}

export function endOf({ from, length_ms }: Pick<Interval, 'from' | 'length_ms'>): string {
  return isoOf(Temporal.Instant.from(from).add({ milliseconds: length_ms }))
}

function earlier(a: string, b: string): string {
  return a < b ? a : b
}
