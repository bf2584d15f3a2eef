import * as v from 'valibot'
import { computerSchema } from './computer.ts'
import { confirmationKinds } from './confirmation.ts'
import { presenceKinds, presenceSourceNames } from './presence.ts'

/**
 * The journal's records: what is durable, sealed and delivered, one JSON object a line (NDJSON).
 *
 * Every record stands in a chain: `seq` rises by one without a hole, and `prev` is the link of the record before it
 * (native-host/journal/chain-link.ts), so that a missing, edited or reordered line shows. Instants are UTC; `zone` and
 * `offset` say what the person's clock showed.
 */
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const instant = v.pipe(v.string(), v.isoTimestamp())
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const code = v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9_]*$/))

/** How much was done; never which key. */
export const countsSchema = v.object({
  keys: count,
  clicks: count,
  /** Wheel steps in any direction. */
  wheel: count,
  /** Pointer travel in pixels, as the sum of straight steps. */
  distance_px: count,
  /** Seconds with at least one event. */
  active_seconds: count,
})
export type Counts = v.InferOutput<typeof countsSchema>

export const evidenceSchema = v.object({
  feature: v.string(),
  value: v.number(),
  /** The evidence in a sentence with its figures, for people. */
  text: v.string(),
})
export type Evidence = v.InferOutput<typeof evidenceSchema>

/**
 * Whose input was not judged, because the person calls it theirs or the system does. Not which device it was: names of
 * devices may say something of the person who needs them.
 */
export const trustedSources = [
  'named keyboard',
  'named pointer',
  'named device',
  'programs',
  'pointer moved by the system',
] as const
export type TrustedSource = (typeof trustedSources)[number]

/** What the detector says of a stretch of input. Evidence, not proof. */
export const genuinenessSchema = v.object({
  verdict: v.picklist(['genuine', 'suspect', 'scripted']),
  /** The version of the rules that said so. */
  rules: count,
  /** Of the verdict: 0.5 is just enough evidence, towards 1 far more. */
  confidence: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  /** When the stretch began that this belongs to. What was stored before this was known is in `verdict.extended`. */
  since: v.optional(instant),
  evidence: v.array(evidenceSchema),
  /** Where the input came from, when only programs made it: not part of what it looked like. */
  provenance: v.optional(v.object({ injected_seconds: count, devices: v.array(v.string()) })),
})
export type Genuineness = v.InferOutput<typeof genuinenessSchema>

/** Why there are no intervals of a span, where no other record says it. */
export const gapCauses = v.picklist([
  'agent-killed',
  'computer-off',
  'store-repaired',
  'asleep',
  'disk-full',
  'consent-needed',
])

export const endReasons = v.picklist(['last-browser-left', 'asked', 'signal', 'session-changed'])

/** The program that asked for it, in the name that it said hello with, such as "chromium"; a terminal is "command line". */
const by = v.optional(v.string())

const suspension = v.picklist(['low-battery', 'outbox-full', 'keys-unconfirmed'])

/** Public keys: age recipients, and Ed25519 in base64url. */
export const keySetSchema = v.object({
  recipients: v.array(v.string()),
  /** Recipients of the identities that lie on this computer. */
  identities: v.array(v.string()),
  device: v.nullable(v.string()),
})

/** As it is kept on this computer; a release before this one wrote neither revision nor descent. */
export const confirmedKeysSchema = v.object({
  ...keySetSchema.entries,
  revision: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  before: v.optional(v.array(v.string()), []),
})

/** IANA name, such as Europe/Berlin, and what it adds to UTC at that moment, such as +01:00. */
const zoneEntries = { zone: v.string(), offset: v.pipe(v.string(), v.regex(/^[+-]\d{2}:\d{2}$/)) }
const localZone = v.object(zoneEntries)

/** What happened, without the place in the chain and the time, which the journal adds. */
export const entrySchema = v.variant('kind', [
  v.object({
    kind: v.literal('agent.started'),
    version: v.string(),
    previous_end: v.nullable(v.picklist(['clean', 'killed'])),
    /** What kind of computer it is, as it was found out at an earlier start. */
    computer: v.optional(computerSchema),
  }),
  v.object({ kind: v.literal('agent.ended'), reason: endReasons }),
  v.object({ kind: v.literal('consent.given'), text_version: count, by }),
  /** Nothing is recorded from here on, until the person agrees again. */
  v.object({ kind: v.literal('consent.withdrawn'), by }),
  v.object({ kind: v.literal('paused'), until: v.nullable(instant), by }),
  /** Without `by`: the time of the pause was up. */
  v.object({ kind: v.literal('resumed'), by }),
  v.object({ kind: v.literal('suspended'), reason: suspension }),
  v.object({ kind: v.literal('unsuspended'), reason: suspension }),
  v.object({
    kind: v.literal('setting.changed'),
    name: v.string(),
    value: v.union([v.string(), v.number(), v.boolean()]),
    by,
  }),
  /** A browser asked for what only the person may allow, outside the browser; and what came of it. */
  v.object({ kind: v.literal('confirmation.asked'), what: v.picklist(confirmationKinds), by }),
  v.object({ kind: v.literal('confirmation.accepted'), what: v.picklist(confirmationKinds), by }),
  /** What protects the person less was shown on the desktop before it held: names of settings, or `consent`. */
  v.object({ kind: v.literal('weakening.announced'), what: v.array(v.string()), by }),
  /** Those are as they were before; each that is a setting has its record too. */
  v.object({ kind: v.literal('weakening.undone'), what: v.array(v.string()), by }),
  v.object({
    kind: v.literal('confirmation.refused'),
    what: v.picklist(confirmationKinds),
    by,
    reason: v.picklist(['refused', 'timed-out']),
  }),
  /**
   * Intervals were stored as genuine and turn out to belong to a stretch that is not: whole ones, since records are
   * never edited. Each is in one such record at most.
   */
  v.object({
    kind: v.literal('verdict.extended'),
    /** From the beginning of the first of them to the end of the last. */
    from: instant,
    to: instant,
    genuineness: genuinenessSchema,
    /** What the setting said: their counts are marked, or taken out of the activity and kept aside. */
    scripted_input: v.picklist(['flag', 'discard']),
    /** Their sums, by the minute and the zone in which they counted. */
    minutes: v.array(v.object({ start: instant, zone: v.string(), ...countsSchema.entries })),
  }),
  /** The person says that the input of this span was theirs: it counts as genuine, and what was discarded of it counts again. */
  v.object({ kind: v.literal('verdict.withdrawn'), from: instant, to: instant, by }),
  v.object({ kind: v.literal('input.lost'), code }),
  v.object({ kind: v.literal('input.restored') }),
  /** The computer's time zone is another from here on; the record itself stands in the new one. */
  v.object({ kind: v.literal('zone.changed'), from: localZone, to: localZone }),
  /** The clock on the wall was set, forward or back: by how much more or less than had passed. Sleep is not meant. */
  v.object({ kind: v.literal('clock.changed'), by_ms: v.pipe(v.number(), v.integer()) }),
  /** Written when the span is over: at the next start, or as soon as the disk takes something again. */
  v.object({
    kind: v.literal('gap'),
    cause: gapCauses,
    from: instant,
    to: instant,
    /** Such as the code of an error. */
    detail: v.optional(v.string()),
  }),
  /** From here on heads of the chain are signed with this key: Ed25519, 32 bytes in base64url. */
  v.object({ kind: v.literal('device.key'), key: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)) }),
  /**
   * `found`: the key files are other than those that were confirmed; what is recorded is sealed for `before` as ever.
   * `confirmed`: a person accepted them on this computer, and from here on `after` counts.
   */
  v.object({
    kind: v.literal('keys.changed'),
    state: v.picklist(['found', 'confirmed']),
    before: keySetSchema,
    after: keySetSchema,
  }),
  v.object({
    kind: v.literal('presence.changed'),
    presence: v.picklist(presenceKinds),
    /** Since when it is so: the last input for `idle`, the moment of falling asleep for `asleep`. */
    from: instant,
    /** Until when it was so; only of a sleep that was found afterwards, which the next record of this kind ends anyway. */
    to: v.optional(instant),
    source: v.picklist(presenceSourceNames),
  }),
  v.object({
    kind: v.literal('interval'),
    from: instant,
    /** Length on the monotonic clock; wall time may jump, this cannot. */
    length_ms: count,
    ...countsSchema.entries,
    /** One character a second from `from` on: 1 active, 0 not. */
    activity: v.pipe(v.string(), v.regex(/^[01]*$/)),
    /**
     * Input could not be counted, or not all of it: the counts are at least so much. The seconds of `activity` are
     * then those in which the system saw devices being used, where it tells.
     */
    incomplete: v.optional(v.literal(true)),
    /**
     * The tracker was killed, and the next one stored what it had kept: everything up to `length_ms`. Only counts are kept,
     * so `activity` is empty and a verdict names no evidence.
     */
    recovered: v.optional(v.literal(true)),
    /** At the end of the interval. */
    presence: v.picklist(presenceKinds),
    genuineness: genuinenessSchema,
    /** No rule looked at what came from there. */
    trusted: v.optional(v.pipe(v.array(v.picklist(trustedSources)), v.maxLength(trustedSources.length))),
    /** Counts taken out of the activity because the setting says to discard scripted input. */
    discarded: v.optional(countsSchema),
  }),
  v.object({
    kind: v.literal('screenshot'),
    /** Counted from 1; `of` says how many displays were taken together. */
    display: count,
    of: count,
    width: count,
    height: count,
    blurred: v.boolean(),
    /** The key of the sealed picture, without the destination's prefix. */
    object: v.string(),
    /** Until then it waits on the computer, where the person can have it blurred or deleted. Absent: not at all. */
    held_until: v.optional(instant),
    /** Who asked for it at that moment. Absent: it was due. */
    asked_by: v.optional(v.string()),
  }),
  /** The person had it blurred before it was delivered: `by` is what comes in the place of `object`. */
  v.object({
    kind: v.literal('screenshot.blurred'),
    object: v.string(),
    by: v.string(),
    taken: instant,
    reason: v.picklist(['user']),
    /** Absent where the tracker was ended before it could say so. */
    asked_by: v.optional(v.string()),
  }),
  /** What stays of a picture that was deleted before it was delivered. The activity of that time stays as it is. */
  v.object({
    kind: v.literal('screenshot.deleted'),
    object: v.string(),
    taken: instant,
    display: count,
    of: count,
    reason: v.picklist(['user']),
    /** Absent where the tracker was ended before it could say so. */
    asked_by: v.optional(v.string()),
  }),
  v.object({ kind: v.literal('screenshot.failed'), code }),
  /**
   * One was due and not taken. That the person is not there is said at the first of several in a row, and holds until
   * the next screenshot. `user`: the person said beforehand that this one is not to be taken.
   */
  v.object({
    kind: v.literal('screenshot.skipped'),
    reason: v.picklist(['unchanged', 'away', 'locked', 'asleep', 'user']),
    by,
    display: v.optional(count),
    of: v.optional(count),
  }),
])
export type Entry = v.InferOutput<typeof entrySchema>

export const placeSchema = v.object({
  seq: v.pipe(v.number(), v.integer(), v.minValue(1)),
  prev: sha256,
  /** 16 random bytes in base64url: no hash of the record confirms a guess at it. Records of old versions have none. */
  salt: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/))),
  /** UTC. */
  at: instant,
  ...zoneEntries,
})

export const recordSchema = v.intersect([placeSchema, entrySchema])
export type JournalRecord = v.InferOutput<typeof placeSchema> & Entry

/** `prev` of the very first record. */
export const chainStart = '0'.repeat(64)
