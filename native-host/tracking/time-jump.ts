/** What the clocks of a computer show at one moment, in milliseconds. */
export type ClockReading = {
  /** Since the epoch: what a person sees, and can set. */
  wallMs: number
  /** Since the computer was started, sleep included. */
  uptimeMs: number
}

/**
 * Less than this is left alone. Time services slew by half a millisecond a second at most, and what they step in one
 * go while a computer runs is below it too (ntpd: 128 ms, systemd-timesyncd: 400 ms); chrony steps from a second on.
 */
export const leastJumpMs = 1000

/**
 * By how much the clock on the wall was set between two readings: negative when it was set back, 0 when nobody set it.
 * The time in which a computer slept counts for both clocks, and so is no jump.
 */
export function wallJumpMs(before: ClockReading, after: ClockReading): number {
  const jump = Math.round(after.wallMs - before.wallMs - (after.uptimeMs - before.uptimeMs))
  return Math.abs(jump) < leastJumpMs ? 0 : jump
}
