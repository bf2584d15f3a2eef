import type { PresenceKind } from '../../protocol/presence.ts'
import type { Counts, Entry, Genuineness } from '../../protocol/records.ts'
import { rulesVersion } from '../detection/detector.ts'
import { countsIn, noCounts } from '../input/input-window.ts'

type Interval = Extract<Entry, { kind: 'interval' }>

/** What was counted in one interval and is not in the journal: how much, and never when in it. */
export type UnstoredInterval = Counts & {
  from: string
  lengthMs: number
  incomplete: boolean
  presence: PresenceKind
  /** As far as it was known. */
  verdict: Genuineness['verdict']
  /** The counts are to be taken out of the activity and kept aside. */
  discarded: boolean
}

/** Of one that waits for the disk, without its seconds and its evidence. */
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

/** The record that the tracker was killed before it wrote. */
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
