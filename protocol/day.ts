import * as v from 'valibot'
import { wireBudgets } from './budgets.ts'
import { gapCauseNames } from './gap-words.ts'
import { presenceKinds } from './presence.ts'

/**
 * How a day went, in spans: what is asked for with `show-day`. Spans of different lanes do not overlap, except that
 * flagged input is part of the active time. A span lies in one zone and on the one date.
 */
const instant = v.pipe(v.string(), v.isoTimestamp())
const seconds = v.pipe(v.number(), v.minValue(0))
const text = v.pipe(v.string(), v.maxLength(wireBudgets.dayText.most))

/** Such as 2026-11-19; the form alone would let the 31st of February pass. */
export const dateSchema = v.pipe(
  v.string(),
  v.isoDate(),
  v.check(date => {
    try {
      const { year } = Temporal.PlainDate.from(date)
      // The end of the last one has no form that this side would take.
      return year > 0 && year < 9999
    } catch {
      return false
    }
  }),
)

const ends = { from: instant, to: instant }

export const laneSpanSchema = v.variant('lane', [
  /** The person was there: there was input, or not long ago, or another source says so. */
  v.object({ lane: v.literal('active'), ...ends }),
  v.object({
    lane: v.literal('idle'),
    ...ends,
    presence: v.picklist(presenceKinds.filter(kind => kind !== 'active')),
  }),
  /** In whole minutes. */
  v.object({ lane: v.literal('flagged'), ...ends }),
  v.object({
    lane: v.literal('paused'),
    ...ends,
    cause: v.picklist(['paused', 'low-battery', 'outbox-full', 'keys-unconfirmed']),
    /** The program in which the person paused. */
    by: v.optional(text),
    /** The end that was set for it; what came earlier, or later than the span, is not in it. */
    until: v.optional(instant),
  }),
  v.object({
    lane: v.literal('gap'),
    ...ends,
    cause: v.picklist(gapCauseNames),
    detail: v.optional(text),
  }),
])
export type LaneSpan = v.InferOutput<typeof laneSpanSchema>
export type LaneName = LaneSpan['lane']

export const daySchema = v.object({
  date: v.string(),
  /** When the date was, in the zone in which it was spent: one stretch, or one for each zone in their order. */
  zones: v.pipe(v.array(v.object({ zone: v.string(), ...ends })), v.maxLength(wireBudgets.dayZones.most)),
  /** In the order of their beginnings. */
  spans: v.pipe(v.array(laneSpanSchema), v.maxLength(wireBudgets.daySpans.most)),
  seconds: v.object({
    /** With input, as everywhere. */
    active: seconds,
    /** Of each lane: `there` is that of the active one, which goes on for a while after the last input. */
    there: seconds,
    idle: seconds,
    flagged: seconds,
    paused: seconds,
    gap: seconds,
  }),
  /** Spans of one lane stand for several with less than so many seconds between them; 0: for none. */
  joined: seconds,
})
export type Day = v.InferOutput<typeof daySchema>
