/** S3 refuses a signature more than fifteen minutes away from its own time. */
export const mostSkewMs = 15 * 60_000

/** The form of RFC 9110, 5.6.7. */
export function parseHttpDate(header: string | undefined): Temporal.Instant | undefined {
  const ms = Date.parse(header ?? '')
  return Number.isNaN(ms) ? undefined : Temporal.Instant.fromEpochMilliseconds(ms)
}

/** "the clock of this computer is 14 minutes fast"; undefined when it is not noticeably wrong. */
export function clockDetail(ours: Temporal.Instant, theirs: Temporal.Instant): string | undefined {
  const ms = ours.epochMilliseconds - theirs.epochMilliseconds
  if (Math.abs(ms) < 60_000) return undefined
  return `the clock of this computer is ${span(Math.abs(ms))} ${ms > 0 ? 'fast' : 'slow'}`
}

function span(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 120) return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`
  const hours = Math.round(minutes / 60)
  return hours < 72 ? `${hours} hours` : `${Math.round(hours / 24)} days`
}
