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
