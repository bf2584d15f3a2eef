/** `retryAfterMs`: the wait that the server asked for, a lower bound. */
export type BackoffLimits = { firstMs: number; longestMs: number; retryAfterMs?: number | undefined }

/**
 * How long to wait before the next try: full jitter, that is a random share of an exponentially growing span.
 * It keeps many clients of one server from returning all at the same moment.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * Never sooner than half of `firstMs`, so that a steady failure cannot become a storm.
 *
 * @param attempt 0 after the first failure
 * @param random a number in [0, 1)
 */
export function backoffMs(attempt: number, random: number, limits: BackoffLimits): number {
  const span = Math.min(limits.longestMs, limits.firstMs * 2 ** Math.min(attempt, 30))
  const waitMs = Math.min(limits.longestMs, limits.firstMs / 2 + random * span)
  return Math.round(Math.max(limits.retryAfterMs ?? 0, waitMs))
}
