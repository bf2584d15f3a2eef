import { wallClock } from '../../protocol/wall-clock.ts'

/** Points in time as the person's clock shows them. The words around them are English, so their form is too. */
export type TimeStyle = { locale: string; hourCycle: Intl.DateTimeFormatOptions['hourCycle']; zone: string }

/** An English form of the person's region where there is one, and the clock (12 or 24 hours) of their locale. */
export function timeStyleOf(locale: string, zone: string): TimeStyle {
  const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions()
  return { locale: locale.startsWith('en') ? locale : 'en-GB', hourCycle, zone }
}

export function createTimeWords({ locale, hourCycle, zone }: TimeStyle) {
  const twelveHours = hourCycle === 'h12' || hourCycle === 'h11'
  const clockForm = {
    hour: twelveHours ? 'numeric' : '2-digit',
    minute: '2-digit',
    ...(hourCycle && { hourCycle }),
  } as const
  const dayForm = { day: 'numeric', month: 'short' } as const
  const time = new Intl.DateTimeFormat(locale, { ...clockForm, timeZone: zone })
  const dayAndTime = new Intl.DateTimeFormat(locale, { ...dayForm, ...clockForm, timeZone: zone })
  // Of calendar days and clock times that are already local, in any zone.
  const plainDay = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  })
  const plainTime = new Intl.DateTimeFormat(locale, { ...clockForm, timeZone: 'UTC' })
  const plainHour = twelveHours
    ? new Intl.DateTimeFormat(locale, { hour: 'numeric', hourCycle, timeZone: 'UTC' })
    : plainTime
  const number = new Intl.NumberFormat(locale)

  const today = (nowMs: number) => wallClock(nowMs, zone).date

  /** With the day when one of them is not on the day of `nowMs`. */
  const formOf = (nowMs: number, ...instantsMs: number[]) =>
    instantsMs.every(ms => today(ms) === today(nowMs)) ? time : dayAndTime

  return {
    /** The date of `nowMs` here, such as 2026-11-19. */
    today,
    /** `14:36`, with the day when it is not the day of `nowMs`. */
    time(instant: string, nowMs: number): string {
      const then = Date.parse(instant)
      return formOf(nowMs, then).format(then)
    },
    /** `10:30–10:34`, or `10:30 – 10:34 AM`. */
    range(from: string, to: string, nowMs: number): string {
      const [begin, end] = [Date.parse(from), Date.parse(to)]
      return formOf(nowMs, begin, end).formatRange(begin, end)
    },
    /** `Thursday 19 November` for 2026-11-19. */
    day: (date: string) => plainDay.format(Date.parse(`${date}T00:00:00Z`)),
    /** `08:00` for minute 480 of a day. */
    clock: (minuteOfDay: number) => plainTime.format(minuteOfDay * 60_000),
    /** `08:00–11:40` for two minutes of a day; one time where both are the same minute. */
    clocks(from: number, to: number): string {
      const [begin, end] = [from * 60_000, to * 60_000]
      // The end at midnight, or in another zone, is earlier by the clock: of two days a range would name the dates.
      return from <= to
        ? plainTime.formatRange(begin, end)
        : `${plainTime.format(begin)}–${plainTime.format(end)}`
    },
    /** `08:00` or `8 AM`, for an axis. */
    hour: (hourOfDay: number) => plainHour.format(hourOfDay * 3_600_000),
    number: (value: number) => number.format(value),
  }
}
export type TimeWords = ReturnType<typeof createTimeWords>
