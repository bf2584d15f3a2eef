/** How figures are written for people at a terminal. */

/** The time of day, with the date when it is another day than `today`. */
export function formatMoment(instant: Temporal.Instant, today: { date: string; zone: string }): string {
  const local = instant.toZonedDateTimeISO(today.zone)
  const time = local.toPlainTime().toString({ smallestUnit: 'second' })
  const date = local.toPlainDate().toString()
  return date === today.date ? time : `${date} ${time}`
}

export function formatSpan(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}
