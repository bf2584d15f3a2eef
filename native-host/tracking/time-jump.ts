/** What the clocks of a computer show at one moment, in milliseconds. */
export type ClockReading = {
  /** Since the epoch: what a person sees, and can set. */
  wallMs: number
  /** Since the computer was started, sleep included. */
  uptimeMs: number
}

/**
 * Smaller jumps are ignored. Time services slew by half a millisecond a second at most, and their single
 * steps while a computer runs are below it too (ntpd: 128 ms, systemd-timesyncd: 400 ms); chrony steps from a
 * second on.
 */
export const leastJumpMs = 1000

/**
 * By how much the wall clock was set between two readings: negative when it was set back, 0 when it was not set.
 * The time in which a computer slept counts for both clocks, and so is no jump.
 */
export function wallJumpMs(before: ClockReading, after: ClockReading): number {
  const jump = Math.round(after.wallMs - before.wallMs - (after.uptimeMs - before.uptimeMs))
  return Math.abs(jump) < leastJumpMs ? 0 : jump
}
