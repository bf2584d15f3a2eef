import { isoOfMs } from '../kernel/instants.ts'
import type { TimelineRecord } from './timeline-record.ts'

/** Records of one moment may be that much out of order. */
const toleratedMs = 2000
/** So long after the clock was set, a record may still speak of a time that the old one showed. */
const overlapMs = 30_000

/**
 * A time that goes on evenly while the clock on the wall is set back and forth: wall time less all that it was set by
 * so far, as the journal's own records of it say. In milliseconds.
 */
export function createWallTime() {
  /** From when on which difference holds, the latest last. */
  const shifts: { fromMs: number; byMs: number }[] = [{ fromMs: Number.NEGATIVE_INFINITY, byMs: 0 }]
  let now = 0
  /** Which held when the last interval was recorded: the next one began under it at the earliest. */
  let openedUnder = 0
  let reading = 0
  let lastMs = Number.NEGATIVE_INFINITY
  /** How much of the next change has shown in the records before it. */
  let seenBy = 0

  function shiftBy(ms: number, wallMs: number): void {
    now += ms
    shifts.push({ fromMs: wallMs - now, byMs: now })
  }

  return {
    /** The record's own time. Records have to come in their order. */
    follow(record: TimelineRecord): number {
      const wallMs = Date.parse(record.at)
      if (record.kind === 'clock.changed') shiftBy(record.by_ms - seenBy, wallMs)
      // Set back while no tracker ran, or noticed by this record before the one that says it.
      const backMs = lastMs - (wallMs - now)
      seenBy = record.kind === 'clock.changed' ? 0 : seenBy
      if (backMs > toleratedMs) {
        shiftBy(-backMs, wallMs)
        seenBy -= backMs
      }
      lastMs = wallMs - now
      if (record.kind === 'agent.started') seenBy = 0
      reading = openedUnder
      if (record.kind === 'interval') openedUnder = shifts.length - 1
      return wallMs - now
    },

    /** What a record at `at` says of an instant that has passed, or of a span of that length that begins with it. */
    read(instant: string, at: number, lengthMs = 0): number {
      const wallMs = Date.parse(instant)
      // It began while that clock was shown, was over when it was recorded, and was not long ago.
      const likely = shifts
        .map(({ byMs }, index) => ({ ms: wallMs - byMs, index, until: shifts[index + 1]?.fromMs ?? at }))
        .filter(({ index, until }) => index >= reading || at - until <= overlapMs)
        .filter(({ ms, until }) => ms <= until && ms + lengthMs <= at + 1000)
        .map(({ ms }) => ms)
      return likely.length > 0 ? Math.max(...likely) : wallMs - now
    },

    /** What a record says of an instant to come. */
    ahead: (instant: string): number => Date.parse(instant) - now,

    /** What the clock on the wall showed then. */
    write(ms: number): string {
      const shift = shifts.findLast(({ fromMs }) => fromMs <= ms)
      return isoOfMs(ms + (shift?.byMs ?? 0))
    },
  }
}
