/** How old the oldest unsealed record may get: records reach their destination about this late. */
export const sealAfterMs = 60_000
/** The same while power is saved: a fifth of the sealing, of the deliveries, and of waking up the radio for them. */
export const sealAfterMsOnBattery = 300_000
/** A segment holds at most this many records; a day of intervals is 8,640. */
export const recordsPerSegment = 2000

/** Milliseconds until the open segment should be sealed; 0 means now, undefined means nothing to seal. */
export function msToSeal(
  open: { count: number; oldestMs: number } | undefined,
  nowMs: number,
  afterMs = sealAfterMs,
): number | undefined {
  if (!open) return undefined
  if (open.count >= recordsPerSegment) return 0
  const age = nowMs - open.oldestMs
  // A negative age means that the clock was set back: seal now rather than in an hour.
  return age < 0 ? 0 : Math.max(0, afterMs - age)
}
