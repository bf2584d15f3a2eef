/** Counts are stored every ten seconds: that is the most that a power cut can take. */
export const intervalMs = 10_000

/**
 * Milliseconds from `nowMs` (since the epoch) to the end of its interval. Intervals end on full tens of seconds of
 * the wall clock, so that none of them lies in two minutes.
 */
export function msToIntervalEnd(nowMs: number): number {
  return intervalMs - (((nowMs % intervalMs) + intervalMs) % intervalMs)
}

/**
 * Whether an interval that was opened at one instant is over at another. Timers may ring a millisecond before their
 * time; an interval closed then would be followed by one of a millisecond.
 */
export function endsInterval(openedMs: number, nowMs: number): boolean {
  return Math.floor(nowMs / intervalMs) !== Math.floor(openedMs / intervalMs)
}
