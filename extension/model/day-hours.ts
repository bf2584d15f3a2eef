import { wallClock } from '../../protocol/wall-clock.ts'
import { type PictureDay, secondsPerSlot } from './day-picture.ts'
import { wholeDay } from './lane-layout.ts'

export type HourOfDay = {
  startMs: number
  /** What the clock showed then; `offset` where the clocks were changed on the day. */
  minute: number
  offset: string | undefined
  active: number
  flagged: number
  /** Screenshots that were taken. */
  shots: number
}

/** The hours of a day with anything in them, as they passed: the one that comes twice is there twice. */
export function hoursOf(day: PictureDay): HourOfDay[] {
  const whole = wholeDay(day.zones)
  if (!whole) return []
  const hours = new Map<string, HourOfDay>()
  const clockAt = (ms: number) => wallClock(ms, zoneAt(day, ms))
  const changes = new Set(
    day.zones.flatMap(({ from, to }) => [from, to].map(at => clockAt(Date.parse(at)).offset)),
  )
  const hourAt = (ms: number) => {
    const { minute, offset } = clockAt(ms)
    const full = minute - (minute % 60)
    const key = `${full} ${offset}`
    const known = hours.get(key)
    if (known) return known
    const startMs = ms - (minute - full) * 60_000 - (ms % 60_000)
    const hour: HourOfDay = {
      startMs,
      minute: full,
      offset: changes.size > 1 ? offset : undefined,
      active: 0,
      flagged: 0,
      shots: 0,
    }
    hours.set(key, hour)
    return hour
  }
  for (const { slot, active, flagged } of day.slots) {
    const hour = hourAt(whole.startMs + slot * secondsPerSlot * 1000)
    hour.active += active
    hour.flagged += flagged
  }
  for (const { at, state } of day.screenshots)
    if (state !== 'skipped' && state !== 'failed') hourAt(Date.parse(at)).shots += 1
  return [...hours.values()].sort((a, b) => a.startMs - b.startMs)
}

/** The zone in which a moment of the day was spent. */
export function zoneAt({ zones }: Pick<PictureDay, 'zones'>, ms: number): string {
  return (zones.find(({ to }) => ms < Date.parse(to)) ?? zones.at(-1))?.zone ?? 'UTC'
}
