import type { TimelineRecord } from './timeline-record.ts'

/** What the timeline of the last days is built from, kept when the records themselves are sealed and gone. */
export type TimelineStore = {
  /** In their order. */
  records(): TimelineRecord[]
  /** Active seconds of the date that were taken out, by the minute. */
  discardedOf(date: string): { startMs: number; seconds: number }[]
}
