import { AppError } from '../../protocol/errors.ts'
import { text } from './text.ts'

/** Longer pauses are a typing mistake. A pause without a duration lasts until resume. */
const longestDays = 366

/**
 * When a pause ends that starts now: "15m", "1h30m", "2d", or "tomorrow", which is the midnight that comes next on
 * the person's clock.
 * @throws AppError USAGE
 */
export function pauseEnd(given: string, now: Temporal.Instant, zone: string): Temporal.Instant {
  const local = now.toZonedDateTimeISO(zone)
  const wanted = given.trim().toLowerCase()
  // Not "in 24 hours" and not 00:00 of a day that may have none: some zones skip midnight when summer time begins.
  if (wanted === 'tomorrow') return local.add({ days: 1 }).startOfDay().toInstant()

  const [, days, hours, minutes] = /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m(?:in)?)?$/.exec(wanted) ?? []
  const duration = { days: Number(days ?? 0), hours: Number(hours ?? 0), minutes: Number(minutes ?? 0) }
  const end = local.add(duration)
  if (Temporal.ZonedDateTime.compare(end, local) === 0)
    throw new AppError('USAGE', { detail: text.pause.notDuration(given) })
  if (Temporal.ZonedDateTime.compare(end, local.add({ days: longestDays })) > 0)
    throw new AppError('USAGE', {
      detail: text.pause.tooLong(longestDays),
    })
  return end.toInstant()
}
