/**
 * A local day in pieces of ten minutes, as long as it really was: 23 or 25 hours when summer time begins or ends, so that
 * the hour that comes twice is there twice and the one that is left out is not there. Pieces are counted from midnight,
 * or from when the day began where it has no midnight.
 */
export type LocalDay = {
  /** Such as 2026-11-19. */
  date: string
  /** IANA name. */
  zone: string
}

export const minutesPerSlot = 10

export function slotsOf(day: LocalDay): number {
  const begun = startOf(day)
  const over = begun.add({ days: 1 }).startOfDay()
  return Math.ceil((over.epochMilliseconds - begun.epochMilliseconds) / slotMs)
}

/** Which piece an instant is in; before the first one or after the last when it is not of this day. */
export function slotAt(instantMs: number, day: LocalDay): number {
  return Math.floor((instantMs - startOf(day).epochMilliseconds) / slotMs)
}

/** What the clock showed when a piece began: the minute of the day (0 to 1439), and what it added to UTC. */
export function clockAt(slot: number, day: LocalDay): { minute: number; offset: string } {
  const { hour, minute, offset } = startOf(day).add({ minutes: slot * minutesPerSlot })
  return { minute: hour * 60 + minute, offset: offset.slice(0, 6) }
}

/** Whether the clocks were changed for summer time, or back, on this day. */
export function changesOffset(day: LocalDay): boolean {
  return startOf(day).offset !== startOf(day).add({ days: 1 }).startOfDay().offset
}

const slotMs = minutesPerSlot * 60_000

function startOf({ date, zone }: LocalDay): Temporal.ZonedDateTime {
  return Temporal.PlainDate.from(date).toZonedDateTime(zone)
}
