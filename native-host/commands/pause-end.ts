import { AppError } from '../../protocol/errors.ts'

/** Longer pauses are a typing mistake; whoever means it pauses until resume. */
const longestDays = 366

/**
 * When a pause ends that starts now: "15m", "1h30m", "2d", or "tomorrow", which is the midnight that comes next on
 * the person's clock.
 * @throws AppError USAGE
 */
export function pauseEnd(text: string, now: Temporal.Instant, zone: string): Temporal.Instant {
  const local = now.toZonedDateTimeISO(zone)
  const wanted = text.trim().toLowerCase()
  // Not "in 24 hours" and not 00:00 of a day that may have none: some zones skip midnight when summer time begins.
  if (wanted === 'tomorrow') return local.add({ days: 1 }).startOfDay().toInstant()

  const [, days, hours, minutes] = /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m(?:in)?)?$/.exec(wanted) ?? []
  const duration = { days: Number(days ?? 0), hours: Number(hours ?? 0), minutes: Number(minutes ?? 0) }
  const end = local.add(duration)
  if (Temporal.ZonedDateTime.compare(end, local) === 0)
    throw new AppError('USAGE', { detail: `"${text}" is no duration; write 15m, 1h30m, 2d or tomorrow` })
  if (Temporal.ZonedDateTime.compare(end, local.add({ days: longestDays })) > 0)
    throw new AppError('USAGE', {
      detail: `a pause takes at most ${longestDays} days; without a duration it has no end`,
    })
  return end.toInstant()
}
