import type { FlaggedStretch } from './flagged-stretch.ts'
import type { UnstoredInterval } from './unstored-intervals.ts'

/**
 * Keeps what is shown and not stored yet where a killed process does not take it along. A power cut may, so it costs no
 * wait for a disk. Neither call throws: it is the journal that must not lose anything.
 */
export type UnstoredCounts = {
  /** Instead of what was kept before; the last one goes on. Writes nothing when there is nothing and was nothing. */
  keep(intervals: readonly UnstoredInterval[]): void
  /** What was kept, by this process or an earlier one, and did not get into the journal since. In their order. */
  recall(): UnstoredInterval[]
}

export type ActivityFacts = {
  /** The latest stretches that did not look genuine, until they are withdrawn; the latest first. */
  flagged: readonly FlaggedStretch[]
}
