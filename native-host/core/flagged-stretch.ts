import type { Entry, Genuineness } from '../../protocol/records.ts'

type Interval = Extract<Entry, { kind: 'interval' }>
export type FlaggedStretch = { from: string; to: string; genuineness: Genuineness }

/** Intervals that follow each other this closely are one stretch. */
const longestGapMs = 60_000

/** The latest stretch that did not look genuine, made longer or begun anew by one more interval. */
export function extendStretch(
  known: FlaggedStretch | undefined,
  interval: Interval,
): FlaggedStretch | undefined {
  if (interval.genuineness.verdict === 'genuine') return known
  const from = Temporal.Instant.from(interval.from)
  const to = from.add({ milliseconds: interval.length_ms }).toString({ fractionalSecondDigits: 3 })
  const continues = known && from.epochMilliseconds - Date.parse(known.to) <= longestGapMs
  const since = interval.genuineness.since ?? interval.from
  return { from: continues && known.from < since ? known.from : since, to, genuineness: interval.genuineness }
}
