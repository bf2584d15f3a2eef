import * as v from 'valibot'
import { blurredSchema } from './blur-reasons.ts'
import { computerSchema } from './computer.ts'
import { confirmationSchema } from './confirmation.ts'
import { type ErrorCode, errorRows, type Problem } from './errors.ts'
import { presenceKinds, presenceSourceNames } from './presence.ts'
import { countsSchema, genuinenessSchema } from './records.ts'

/** What the popup, the badge and `activity-tracker status` show. Holds nothing secret. */
const instant = v.pipe(v.string(), v.isoTimestamp())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

export const problemSchema = v.object({
  // A newer agent may know a newer code; the extension then shows INTERNAL rather than nothing.
  code: v.fallback(v.picklist(Object.keys(errorRows) as ErrorCode[]), 'INTERNAL'),
  detail: v.optional(v.string()),
})

/**
 * One state at a time, the strongest reason first. `tracking` is said only while records are being stored:
 * it is computed from the last durable write, never from an intention.
 */
export const trackingStateSchema = v.variant('kind', [
  v.object({ kind: v.literal('consent-needed') }),
  v.object({ kind: v.literal('starting') }),
  v.object({ kind: v.literal('tracking'), since: instant }),
  v.object({ kind: v.literal('paused'), since: instant, until: v.nullable(instant) }),
  v.object({
    kind: v.literal('suspended'),
    since: instant,
    reason: v.picklist(['low-battery']),
    detail: v.string(),
  }),
  /** Tracking is wanted but something prevents it, such as a full disk or a missing display. */
  v.object({ kind: v.literal('blocked'), since: instant, problem: problemSchema }),
])
export type TrackingState = v.InferOutput<typeof trackingStateSchema>

/** What happened to the time of this computer while the tracker looked. `by_ms` is negative when it was set back. */
export const timeChangeSchema = v.variant('kind', [
  v.object({ kind: v.literal('zone'), at: instant, from: v.string(), to: v.string() }),
  v.object({ kind: v.literal('clock'), at: instant, by_ms: v.pipe(v.number(), v.integer()) }),
])
export type TimeChange = v.InferOutput<typeof timeChangeSchema>

/** Why uploads wait although nothing is wrong: the settings want it so. In words that follow “waiting”. */
export const waitReasons = {
  metered: 'for an unmetered network',
  'low-battery': 'for the battery to charge',
}
export type WaitReason = keyof typeof waitReasons

/** What is known of a picture that is held back; the picture itself crosses only when it is asked for. */
export const heldScreenshotSchema = v.object({
  /** The key of the object that it will be. */
  object: v.string(),
  taken: instant,
  /** It is delivered then, unless it was deleted. */
  until: instant,
  display: count,
  of: count,
  width: count,
  height: count,
  blurred: v.boolean(),
  /** Not after the tracker was restarted: what opens it was nowhere but in its memory. */
  viewable: v.boolean(),
})
export type HeldScreenshot = v.InferOutput<typeof heldScreenshotSchema>

/** The status does not list more of them; they stay in the queue all the same. */
export const mostHeldShown = 24

const slotEntries = {
  /** Active seconds per ten minutes of the local day in the zone beside it, for the chart: protocol/local-day.ts. */
  slots: v.array(count),
  /** The same for input that looked scripted. */
  flagged_slots: v.array(count),
}

const flaggedSchema = v.object({ from: instant, to: instant, genuineness: genuinenessSchema })

export const statusSchema = v.object({
  at: instant,
  state: trackingStateSchema,
  /** Which text was agreed to, and when. */
  consent: v.nullable(v.object({ text_version: count, at: instant })),
  /** The last durable write of a record. */
  last_saved: v.nullable(instant),
  /** Of the clock on the wall, now: IANA name and what it adds to UTC. */
  time: v.object({ zone: v.string(), offset: v.string(), last_change: v.nullable(timeChangeSchema) }),
  today: v.object({
    /** Local date, such as 2026-11-19, in `zone`. */
    date: v.string(),
    zone: v.string(),
    /** Of the date in every zone in which it was spent. */
    ...countsSchema.entries,
    flagged_seconds: count,
    /** With intervals, for every presence. What is counted and not stored yet is no part of it. */
    tracked_seconds: count,
    ...slotEntries,
    /** What was spent of this date in other zones, such as before a flight. */
    elsewhere: v.array(
      v.object({ zone: v.string(), active_seconds: count, flagged_seconds: count, ...slotEntries }),
    ),
  }),
  /** The last days on which there was anything, today included, the latest first; each zone of a day by itself. */
  days: v.array(
    v.object({ date: v.string(), zone: v.string(), active_seconds: count, flagged_seconds: count }),
  ),
  /** The latest stretch that did not look genuine today, with its evidence. */
  flagged: v.nullable(flaggedSchema),
  /** Those before it, the latest first: what of the days above can still be withdrawn. */
  flagged_before: v.array(flaggedSchema),
  input: v.object({
    /** `without-detail`: the system says when devices are used, and no more. */
    state: v.picklist(['off', 'starting', 'counting', 'without-detail', 'unavailable']),
    problem: v.nullable(problemSchema),
  }),
  presence: v.object({
    kind: v.picklist(presenceKinds),
    since: instant,
    source: v.picklist(presenceSourceNames),
  }),
  /** null without a battery, and while nothing can be read of it. `saving`: less work is done because it is used. */
  power: v.nullable(v.object({ percent: count, discharging: v.boolean(), saving: v.boolean() })),
  screenshots: v.object({
    state: v.picklist(['off', 'waiting', 'taking']),
    displays: count,
    last: v.nullable(instant),
    next: v.nullable(instant),
    problem: v.nullable(problemSchema),
    /** Which displays of the latest are blurred although the setting says sharp, and why. */
    blurred: blurredSchema,
    /** Taken and not on their way yet, the latest first. */
    held: v.array(heldScreenshotSchema),
    /** Until then browsers are shown those that are not blurred, too: the person has allowed it outside the browser. */
    unlocked_until: v.nullable(instant),
  }),
  queue: v.object({
    items: count,
    bytes: count,
    oldest: v.nullable(instant),
    last_delivered: v.nullable(instant),
    delivered: count,
    quarantined: count,
    next_try: v.nullable(instant),
    waiting: v.nullable(v.picklist(Object.keys(waitReasons) as WaitReason[])),
    problem: v.nullable(problemSchema),
  }),
  destination: v.object({ kind: v.picklist(['folder', 's3']), where: v.string() }),
  keys: v.object({
    recipients: v.array(v.string()),
    /** Whether an identity that opens everything also lies on this computer. */
    identity_here: v.boolean(),
    recovery_file: v.nullable(v.string()),
  }),
  /** Until then browsers may ask for decrypted days: the person has allowed it outside the browser. */
  opened_until: v.optional(v.nullable(instant)),
  /** What a browser has asked for and the person has not answered yet. */
  confirmation: v.nullable(confirmationSchema),
  /** Things that stay true until the user acts, such as a broken configuration file. */
  notices: v.array(problemSchema),
  agent: v.object({
    version: v.string(),
    pid: count,
    started: instant,
    device: v.string(),
    home: v.string(),
    /** The folder of the account's own tracker, where this is another one beside it. */
    own_home: v.optional(v.string()),
    /** Absent until that was found out. */
    computer: v.optional(computerSchema),
    clients: count,
  }),
  /** How many entries of which list are left out, such as `notices: 12`: a message has a limit. */
  left_out: v.optional(v.record(v.string(), count)),
})
export type Status = v.InferOutput<typeof statusSchema>

/** What is not as the person may think, and stays so until they act. */
export function noticesOf({ notices, agent }: Pick<Status, 'notices' | 'agent'>): Problem[] {
  if (agent.own_home === undefined) return notices
  return [
    { code: 'ANOTHER_TRACKER', detail: `yours is in ${agent.own_home}, this one in ${agent.home}` },
    ...notices,
  ]
}

/** The number of past days that a status covers. */
export const daysShown = 7
