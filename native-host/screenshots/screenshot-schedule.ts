/** After tracking starts or resumes, a person gets this long before the first screenshot. */
const settleMs = 10_000

/**
 * When to take the next screenshot: one interval after the last. A screenshot that was missed (asleep, paused) is
 * not made up for more than once, and the browser being reopened every few minutes does not put it off forever.
 * Instants are milliseconds since the epoch.
 *
 * @param lastMs the last screenshot or attempt, of this run or an earlier one
 * @param sinceMs since when screenshots have been allowed without interruption
 */
export function nextScreenshotAt(schedule: {
  nowMs: number
  lastMs: number | undefined
  sinceMs: number
  intervalMs: number
}): number {
  const { nowMs, lastMs, sinceMs, intervalMs } = schedule
  // A clock that was set back must not stop screenshots until it has caught up.
  const reference = Math.min(lastMs ?? sinceMs, nowMs)
  return Math.max(nowMs, reference + intervalMs, Math.min(sinceMs, nowMs) + Math.min(settleMs, intervalMs))
}

/**
 * The same for a random moment within each interval: time is cut into intervals from the epoch on, and each gets one.
 * One that was missed is made up for within what is left of the present interval.
 *
 * @param share from 0 to 1, drawn anew after each screenshot or attempt: where in its interval the next one is
 */
export function nextRandomScreenshotAt(
  schedule: Parameters<typeof nextScreenshotAt>[0] & { share: number },
): number {
  const { nowMs, lastMs, intervalMs, share } = schedule
  const sinceMs = Math.min(schedule.sinceMs, nowMs)
  const settledMs = sinceMs + Math.min(settleMs, intervalMs)
  const intervalAfter = (ms: number) => (Math.floor(ms / intervalMs) + 1) * intervalMs
  const meantMs =
    lastMs === undefined
      ? sinceMs + Math.floor(share * intervalMs)
      : intervalAfter(Math.min(lastMs, nowMs)) + Math.floor(share * intervalMs)
  const present = intervalAfter(nowMs) - intervalMs
  const dueMs =
    lastMs !== undefined && meantMs < present
      ? nowMs + Math.floor(share * (present + intervalMs - nowMs))
      : meantMs
  return Math.max(nowMs, settledMs, dueMs)
}
