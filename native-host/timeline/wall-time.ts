import { isoOfMs } from '../kernel/instants.ts'
import type { TimelineRecord } from './timeline-record.ts'

/** Records of one moment may be that much out of order. */
const toleratedMs = 2000
/** This long after the clock was set, a record may still name a time of the old clock. */
const overlapMs = 30_000

/**
 * A time that runs evenly while the wall clock is set back and forth: wall time minus all recorded changes of
 * the clock so far. In milliseconds.
 */
export function createWallTime() {
  /** Each difference and the time from which it holds, the latest last. */
  const shifts: { fromMs: number; byMs: number }[] = [{ fromMs: Number.NEGATIVE_INFINITY, byMs: 0 }]
  let now = 0
  /** The difference when the last interval was recorded: the next one began under it at the earliest. */
  let openedUnder = 0
  let reading = 0
  let lastMs = Number.NEGATIVE_INFINITY
  /** The part of the next change that earlier records already showed. */
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

    /** The time of a past instant, or of a span of that length from it on, that a record at `at` names. */
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

    /** The time of a future instant that a record names. */
    ahead: (instant: string): number => Date.parse(instant) - now,

    /** What the wall clock showed then. */
    write(ms: number): string {
      const shift = shifts.findLast(({ fromMs }) => fromMs <= ms)
      return isoOfMs(ms + (shift?.byMs ?? 0))
    },
  }
}
