import type { PresenceKind } from '../../protocol/presence.ts'
import type { Counts, Entry, Genuineness } from '../../protocol/records.ts'
import { rulesVersion } from '../detection/detector.ts'
import { countsIn, noCounts } from '../input/input-window.ts'

type Interval = Extract<Entry, { kind: 'interval' }>

/** The counts of one interval that is not in the journal: totals, never the times within it. */
export type UnstoredInterval = Counts & {
  from: string
  lengthMs: number
  incomplete: boolean
  presence: PresenceKind
  /** As far as it is known. */
  verdict: Genuineness['verdict']
  /** The counts are to be set aside. */
  discarded: boolean
}

/** From an interval that waits for the disk, without its seconds and its evidence. */
export function withoutTimes(interval: Interval): UnstoredInterval {
  const { from, length_ms, incomplete, presence, genuineness, discarded } = interval
  return {
    from,
    lengthMs: length_ms,
    ...countsIn(discarded ?? interval),
    incomplete: incomplete === true,
    presence,
    verdict: genuineness.verdict,
    discarded: discarded !== undefined,
  }
}

/** The record that the tracker could not write before it was killed. */
export function recoveredInterval(kept: UnstoredInterval): Interval {
  const { from, lengthMs, presence, verdict } = kept
  const counts = countsIn(kept)
  return {
    kind: 'interval',
    from,
    length_ms: lengthMs,
    ...(kept.discarded ? noCounts : counts),
    activity: '',
    ...(kept.incomplete && { incomplete: true }),
    recovered: true,
    presence,
    genuineness: { verdict, rules: rulesVersion, evidence: [] },
    ...(kept.discarded && { discarded: counts }),
  }
}
