import type { TimelineRecord } from './timeline-record.ts'

/** The data of the timeline of the last days, kept after the records themselves are sealed and removed. */
export type TimelineStore = {
  /** In their order. */
  records(): TimelineRecord[]
  /** Active seconds of the date that were taken out, by the minute. */
  discardedOf(date: string): { startMs: number; seconds: number }[]
}
