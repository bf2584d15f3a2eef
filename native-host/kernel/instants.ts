/** How an instant is written in records, messages and files: UTC, milliseconds, such as 2026-11-22T15:40:00.000Z. */
export function isoOf(instant: Temporal.Instant): string {
  return instant.toString({ fractionalSecondDigits: 3 })
}

/** The same of milliseconds since 1970, of which there may be parts. */
export function isoOfMs(ms: number): string {
  return isoOf(Temporal.Instant.fromEpochMilliseconds(Math.round(ms)))
}

/** The local date (2026-11-22) and the minute of that day (0 to 1439) at an instant in a time zone. */
export function localMinute(instant: Temporal.Instant, zone: string): { date: string; minute: number } {
  const local = instant.toZonedDateTimeISO(zone)
  return { date: local.toPlainDate().toString(), minute: local.hour * 60 + local.minute }
}

/** What to add to UTC to get local time, such as +05:45. Sub-minute offsets of past centuries are cut. */
export function offsetAt(instant: Temporal.Instant, zone: string): string {
  return instant.toZonedDateTimeISO(zone).offset.slice(0, 6)
}
