import type { CourseRecord } from './timeline-record.ts'

/** What the course of the last days is told from, kept when the records themselves are sealed and gone. */
export type KeptCourse = {
  /** In their order. */
  records(): CourseRecord[]
  /** Active seconds of the date that were taken out, by the minute. */
  discardedOf(date: string): { startMs: number; seconds: number }[]
}
