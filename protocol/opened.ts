import * as v from 'valibot'
import { wireBudgets } from './budgets.ts'
import { daySchema, laneSpanSchema } from './day.ts'
import { type ReportDay, reportDaySchema, reportScreenshotSchema } from './report.ts'

/**
 * Decrypted days as they cross to a page: a day without its screenshots, and these in messages of their own. The page shows
 * them and stores none of it.
 */
export const openedDaySchema = v.object({
  ...reportDaySchema.entries,
  zones: daySchema.entries.zones,
  spans: v.pipe(v.array(laneSpanSchema), v.maxLength(wireBudgets.daySpans.most)),
  flags: v.pipe(reportDaySchema.entries.flags, v.maxLength(wireBudgets.openedFlags.most)),
  screenshots: v.pipe(v.array(reportScreenshotSchema), v.maxLength(0)),
})

export const openedPicturesSchema = v.pipe(
  v.array(reportScreenshotSchema),
  v.maxLength(wireBudgets.openedPictures.most),
)

/** What a page shows of a day, within the limits of a message. Why a stretch was flagged is no part of it. */
export function toOpenedDay(day: ReportDay): ReportDay {
  const flags = day.flags.slice(0, wireBudgets.openedFlags.most).map(flag => ({ ...flag, evidence: [] }))
  return { ...day, flags, screenshots: [] }
}
