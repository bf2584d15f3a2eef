import type { FlaggedStretch } from './flagged-stretch.ts'
import type { UnstoredInterval } from './unstored-intervals.ts'

/**
 * Keeps counts that are shown but not stored yet, in a place that survives the end of this process. A power cut may
 * destroy them, so no call waits for the disk. Neither call throws: only the journal must not lose anything.
 */
export type UnstoredCounts = {
  /** Replaces what was kept before; the last interval is still open. Writes nothing when both are empty. */
  keep(intervals: readonly UnstoredInterval[]): void
  /**
   * Intervals that this process or an earlier one kept and that did not reach the journal since. In their
   * order.
   */
  recall(): UnstoredInterval[]
}

export type ActivityFacts = {
  /** The latest stretches that did not look genuine, until they are withdrawn; the latest first. */
  flagged: readonly FlaggedStretch[]
}
