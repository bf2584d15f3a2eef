import type { Genuineness } from '../../../protocol/records.ts'
import { rulesVersion, type Stretch } from './detector.ts'

/**
 * The verdict on an interval: that of the stretch whose evidence reaches into it. All times are monotonic milliseconds.
 *
 * @param stretches those that ended since the last interval, and the one that goes on
 */
export function genuinenessOf(
  stretches: readonly (Stretch | undefined)[],
  interval: { from: number; to: number },
  isoAt: (at: number) => string,
): Genuineness {
  const stretch = stretches.findLast(found => found && found.to >= interval.from && found.from < interval.to)
  if (!stretch) return { verdict: 'genuine', rules: rulesVersion, evidence: [] }
  const { verdict, confidence, evidence, from } = stretch
  return { verdict, rules: rulesVersion, confidence, since: isoAt(from), evidence }
}
