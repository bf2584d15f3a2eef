import type { JournalRecord } from '../../protocol/records.ts'
import { isoOf } from './instants.ts'

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

  return {
    /** The record's own time. Records have to come in their order. */
    follow(record: JournalRecord): number {
      const wallMs = Date.parse(record.at)
      if (record.kind === 'clock.changed') {
        now += record.by_ms
        shifts.push({ fromMs: wallMs - now, byMs: now })
      }
      reading = openedUnder
      if (record.kind === 'interval') openedUnder = shifts.length - 1
      return wallMs - now
    },

    /** What a record at `at` says of an instant that has passed, or of a span of that length that begins with it. */
    read(instant: string, at: number, lengthMs = 0): number {
      const wallMs = Date.parse(instant)
      // It is over when it is recorded, and was not long ago.
      const likely = shifts
        .filter((_, index) => index >= reading || at - (shifts[index + 1]?.fromMs ?? at) <= overlapMs)
        .map(({ byMs }) => wallMs - byMs)
        .filter(ms => ms + lengthMs <= at + 1000)
      return likely.length > 0 ? Math.max(...likely) : wallMs - now
    },

    /** What a record says of an instant to come. */
    ahead: (instant: string): number => Date.parse(instant) - now,

    /** What the clock on the wall showed then. */
    write(ms: number): string {
      const shift = shifts.findLast(({ fromMs }) => fromMs <= ms)
      return isoOf(Temporal.Instant.fromEpochMilliseconds(Math.round(ms + (shift?.byMs ?? 0))))
    },
  }
}
