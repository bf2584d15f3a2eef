import type { Status } from '../protocol/status.ts'
import { slotsPerDay } from '../protocol/status.ts'

/** The used part of a day in ten-minute bars, for the sparkline, the plot and the table beside them. */
export type Bar = {
  /** 0 to 143. */
  slot: number
  /** Active seconds that look genuine. */
  genuine: number
  flagged: number
  /** Not over yet, or not even begun. */
  future: boolean
}

type Slots = Pick<Status['today'], 'slots' | 'flagged_slots'>

const slotsPerHour = 6
export const minutesPerSlot = 10
const secondsPerSlot = minutesPerSlot * 60
/** Fewer look like a mistake. */
const leastHours = 4

/** Whole hours from the first activity to now; empty when there was none. */
export function dayBars({ slots, flagged_slots }: Slots, nowSlot: number): Bar[] {
  const bars = Array.from({ length: slotsPerDay }, (_, slot): Bar => {
    const flagged = Math.min(flagged_slots[slot] ?? 0, secondsPerSlot)
    // With scripted input discarded, the flagged seconds are no part of the active ones.
    const genuine = Math.min(Math.max(0, (slots[slot] ?? 0) - flagged), secondsPerSlot - flagged)
    return { slot, genuine, flagged, future: slot > nowSlot }
  })
  const used = bars.filter(bar => bar.genuine + bar.flagged > 0)
  const first = used[0]
  const last = used.at(-1)
  if (!first || !last) return []

  const firstHour = Math.floor(first.slot / slotsPerHour)
  const lastHour = Math.floor(Math.max(last.slot, nowSlot) / slotsPerHour)
  const start = Math.min(firstHour, slotsPerDay / slotsPerHour - leastHours)
  const end = Math.max(lastHour + 1, start + leastHours)
  return bars.slice(start * slotsPerHour, end * slotsPerHour)
}

export type HourTotal = { hour: number; genuine: number; flagged: number }

/** The same in words: one row for each hour that has begun. */
export function hourTotals(bars: readonly Bar[]): HourTotal[] {
  const byHour = Map.groupBy(
    bars.filter(bar => !bar.future),
    bar => Math.floor(bar.slot / slotsPerHour),
  )
  return [...byHour].map(([hour, inHour]) => ({
    hour,
    genuine: inHour.reduce((sum, bar) => sum + bar.genuine, 0),
    flagged: inHour.reduce((sum, bar) => sum + bar.flagged, 0),
  }))
}

/** The bar that is being filled; the last one of the day once the day is over. */
export function slotAt(nowMs: number, today: Pick<Status['today'], 'date' | 'zone'>): number {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(today.zone)
  if (now.toPlainDate().toString() !== today.date) return slotsPerDay - 1
  return now.hour * slotsPerHour + Math.floor(now.minute / minutesPerSlot)
}
