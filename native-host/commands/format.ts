import { text } from './text.ts'

/** How figures are written for people at a terminal. */

/** The time of day, with the date when it is another day than `today`. */
export function formatMoment(instant: Temporal.Instant, today: { date: string; zone: string }): string {
  const local = instant.toZonedDateTimeISO(today.zone)
  const time = local.toPlainTime().toString({ smallestUnit: 'second' })
  const date = local.toPlainDate().toString()
  return date === today.date ? time : `${date} ${time}`
}

export function formatSpan(seconds: number): string {
  if (seconds < 60) return text.spans.seconds(seconds)
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? text.spans.minutes(minutes) : text.spans.hours(Math.floor(minutes / 60), minutes % 60)
}
