import { changesOffset, clockAt, type LocalDay, minutesPerSlot } from '../../protocol/local-day.ts'
import type { Status } from '../../protocol/status.ts'

/** The used part of a day in ten-minute bars, for the sparkline, the plot and the table beside them. */
export type Bar = {
  /** Counted from the beginning of the day, in the time that really passed. */
  slot: number
  /** What the clock showed when it began: the minute of the day. */
  clock: number
  /** What the clock added to UTC, on a day on which that changed: without it 02:00 may mean either of two hours. */
  offset: string | undefined
  /** Active seconds that look genuine. */
  genuine: number
  flagged: number
  /** Not over yet, or not even begun. */
  future: boolean
}

type Slots = Pick<Status['today'], 'slots' | 'flagged_slots'>

const slotsPerHour = 60 / minutesPerSlot
const secondsPerSlot = minutesPerSlot * 60
/** Fewer look like a mistake. */
const leastHours = 4

/** Whole hours from the first activity to now; empty when there was none. */
export function dayBars({ slots, flagged_slots }: Slots, day: LocalDay, nowSlot: number): Bar[] {
  const changed = changesOffset(day)
  const bars = slots.map((active, slot): Bar => {
    const { minute, offset } = clockAt(slot, day)
    const flagged = Math.min(flagged_slots[slot] ?? 0, secondsPerSlot)
    // With scripted input discarded, the flagged seconds are no part of the active ones.
    const genuine = Math.min(Math.max(0, active - flagged), secondsPerSlot - flagged)
    return {
      slot,
      clock: minute,
      offset: changed ? offset : undefined,
      genuine,
      flagged,
      future: slot > nowSlot,
    }
  })
  const used = bars.filter(bar => bar.genuine + bar.flagged > 0)
  const first = used[0]
  const last = used.at(-1)
  if (!first || !last) return []

  const hours = Math.ceil(slots.length / slotsPerHour)
  const firstHour = Math.floor(first.slot / slotsPerHour)
  const lastHour = Math.floor(Math.min(Math.max(last.slot, nowSlot), slots.length - 1) / slotsPerHour)
  const start = Math.max(0, Math.min(firstHour, hours - leastHours))
  const end = Math.max(lastHour + 1, start + leastHours)
  return bars.slice(start * slotsPerHour, end * slotsPerHour)
}

export type HourTotal = Pick<Bar, 'clock' | 'offset' | 'genuine' | 'flagged'>

/** The same in words: one row for each hour that has begun. */
export function hourTotals(bars: readonly Bar[]): HourTotal[] {
  const byHour = Map.groupBy(
    bars.filter(bar => !bar.future),
    bar => Math.floor(bar.slot / slotsPerHour),
  )
  return [...byHour.values()].flatMap(inHour =>
    inHour.slice(0, 1).map(({ clock, offset }) => ({
      clock,
      offset,
      genuine: inHour.reduce((sum, bar) => sum + bar.genuine, 0),
      flagged: inHour.reduce((sum, bar) => sum + bar.flagged, 0),
    })),
  )
}
