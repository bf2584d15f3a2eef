import * as v from 'valibot'
import { daySchema, laneSpanSchema } from './day.ts'
import { evidenceSchema } from './records.ts'

/**
 * What the owner reads: delivered records as days. The report in every format, the pages and the proof show these values
 * and derive sums from them alone, so that their totals are the same to the second.
 */
const instant = v.pipe(v.string(), v.isoTimestamp())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const ends = { from: instant, to: instant }

/** Seconds and counts of a day. `active` is with input; the others are lengths of lanes as in `Day.seconds`. */
export const reportTotalsSchema = v.object({
  /** Seconds with input. With `scripted_input` set to discard, flagged input is not in it; else it is. */
  active: count,
  /** Seconds of the active lane, which goes on for a while after the last input. */
  there: count,
  idle: count,
  /** Active seconds that were flagged and not withdrawn, counted or discarded. */
  flagged: count,
  paused: count,
  gap: count,
  /** Input of the active seconds. */
  keys: count,
  clicks: count,
  wheel: count,
  distance_px: count,
})
export type ReportTotals = v.InferOutput<typeof reportTotalsSchema>

/** A stretch that the detector flagged, with why. */
export const reportFlagSchema = v.object({
  ...ends,
  verdict: v.picklist(['suspect', 'scripted']),
  /** Active seconds of it that are or were flagged. */
  seconds: count,
  /** They were taken out of the totals. */
  discarded: v.boolean(),
  /** The person said that the input was theirs: it counts as genuine. */
  withdrawn: v.boolean(),
  evidence: v.array(evidenceSchema),
})
export type ReportFlag = v.InferOutput<typeof reportFlagSchema>

export const screenshotStates = [
  /** It is there. */
  'delivered',
  /** The person deleted it before delivery. */
  'deleted',
  /** A record names it, and it may still be on its way or held on the computer. */
  'on-its-way',
  /** A record names it, and it is not there though it should be. */
  'missing',
  /** It exists, and this report or proof leaves it out. */
  'withheld',
  /** It was due and could not be taken: `code`. */
  'failed',
  /** It was due and was not taken: `reason`. */
  'skipped',
] as const

/** A screenshot that was taken or was due, in the order of time. */
export const reportScreenshotSchema = v.object({
  at: instant,
  zone: v.string(),
  state: v.picklist(screenshotStates),
  /** Counted from 1; `of` screens were taken together. */
  display: v.optional(count),
  of: v.optional(count),
  width: v.optional(count),
  height: v.optional(count),
  blurred: v.optional(v.boolean()),
  /** The key of the sealed object: of what was delivered, else of what the record names. */
  object: v.optional(v.string()),
  /** The person asked for it at that moment, by this program. */
  asked_by: v.optional(v.string()),
  reason: v.optional(v.picklist(['unchanged', 'away', 'locked', 'asleep', 'user'])),
  code: v.optional(v.string()),
})
export type ReportScreenshot = v.InferOutput<typeof reportScreenshotSchema>

/** A date of one device, in the zones in which it was spent. */
export const reportDaySchema = v.object({
  date: v.string(),
  zones: daySchema.entries.zones,
  spans: v.array(laneSpanSchema),
  totals: reportTotalsSchema,
  /**
   * Active and flagged seconds by ten minutes, from the beginning of the date's first stretch, in the time that really
   * passed; only those with any. `slot` counts from 0.
   */
  slots: v.array(v.object({ slot: count, active: count, flagged: count })),
  flags: v.array(reportFlagSchema),
  screenshots: v.array(reportScreenshotSchema),
  /** Of a proof alone: time whose records exist and are left out, and time whose records should exist and do not. */
  hidden: v.optional(v.array(v.object({ ...ends, kind: v.picklist(['withheld', 'missing']) }))),
})
export type ReportDay = v.InferOutput<typeof reportDaySchema>

export const reportDeviceSchema = v.object({
  /** The folder that its objects lie in; as it was delivered, the device's own id. */
  device: v.string(),
  /** The folders between the source and the device, such as the prefix of a team; "" without any. */
  person: v.string(),
  /** UTC: everything up to here is proven by a signature; null when nothing is. */
  proven_to: v.nullable(instant),
  /** What `verify` finds, in sentences; empty when nothing is wrong. */
  findings: v.array(v.string()),
  /** In the order of dates; only dates with a record. */
  days: v.array(reportDaySchema),
})
export type ReportDevice = v.InferOutput<typeof reportDeviceSchema>

export const reportSchema = v.object({
  version: v.literal(1),
  /** The first and the last date, as asked for or as recorded. */
  from: v.string(),
  to: v.string(),
  made_at: instant,
  source: v.string(),
  /** What shows only when all devices are looked at together, in sentences. */
  findings: v.optional(v.array(v.string())),
  devices: v.array(reportDeviceSchema),
})
export type Report = v.InferOutput<typeof reportSchema>

/** Share of the time at the computer that had input: active seconds of there and idle together, 0 to 100. */
export function activityPercent({
  active,
  there,
  idle,
}: Pick<ReportTotals, 'active' | 'there' | 'idle'>): number {
  const present = there + idle
  return present === 0 ? 0 : Math.min(100, (100 * active) / present)
}

export const noTotals: ReportTotals = {
  active: 0,
  there: 0,
  idle: 0,
  flagged: 0,
  paused: 0,
  gap: 0,
  keys: 0,
  clicks: 0,
  wheel: 0,
  distance_px: 0,
}

export function addTotals(a: ReportTotals, b: ReportTotals): ReportTotals {
  return {
    active: a.active + b.active,
    there: a.there + b.there,
    idle: a.idle + b.idle,
    flagged: a.flagged + b.flagged,
    paused: a.paused + b.paused,
    gap: a.gap + b.gap,
    keys: a.keys + b.keys,
    clicks: a.clicks + b.clicks,
    wheel: a.wheel + b.wheel,
    distance_px: a.distance_px + b.distance_px,
  }
}
