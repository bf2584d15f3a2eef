import * as v from 'valibot'
import { reportSchema } from './report.ts'

/** What stands in a report's page: the report, and where its pictures are. */
export const reportPageSchema = v.object({
  report: reportSchema,
  pictures: v.picklist([
    'none',
    /** In the page, each in an element that names its object. */
    'embedded',
    /** In a folder beside the page: `folder`. */
    'linked',
  ]),
  folder: v.optional(v.string()),
})
export type ReportPage = v.InferOutput<typeof reportPageSchema>
