import * as v from 'valibot'
import { presenceKinds } from '../../../protocol/presence.ts'
import { genuinenessSchema, type JournalRecord, recordSchema } from '../../../protocol/records.ts'
import type { SignedHead } from '../../journal/chain-head.ts'
import type { ObjectFacts } from '../../reader/ports.ts'
import type { LinkedLine } from '../../verify/linked-line.ts'

/**
 * How facts of an object lie in the cache. Nearly all lines are intervals, so those are short, and without what no reader
 * asks for: the line of active seconds.
 */
const whole = v.pipe(v.number(), v.safeInteger())
const chainHead = v.object({ seq: whole, hash: v.string() })
const common = { seq: whole, hash: v.string(), device: v.string(), key: v.string(), signature: v.string() }
const headSchema: v.GenericSchema<unknown, SignedHead> = v.variant('form', [
  v.object({ form: v.literal(1), ...common }),
  v.object({
    form: v.literal(2),
    ...common,
    ...{ number: whole, date: v.string(), before: chainHead, rest: v.string() },
    kind: v.picklist(['records', 'screenshot']),
  }),
])

const counts = v.strictTuple([whole, whole, whole, whole, whole])
const intervalSchema = v.strictTuple([
  /** From, length, presence, counts, zone, verdict, whether it is incomplete, and what was discarded. */
  v.string(),
  whole,
  whole,
  counts,
  whole,
  whole,
  v.boolean(),
  v.nullable(counts),
])
const lineSchema = v.nullable(
  v.strictTuple([
    /** Number, the link of the one before, whether it is salted, its own link, its time, and the record. */
    whole,
    v.string(),
    v.boolean(),
    v.string(),
    v.string(),
    v.nullable(v.union([intervalSchema, recordSchema])),
  ]),
)
const factsSchema = v.strictObject({
  head: v.nullable(headSchema),
  rest: v.nullable(v.string()),
  isSigned: v.boolean(),
  lines: v.nullable(v.array(lineSchema)),
  zones: v.array(v.strictTuple([v.string(), v.string()])),
  verdicts: v.array(genuinenessSchema),
})
type Cached = v.InferOutput<typeof factsSchema>
type Interval = Extract<JournalRecord, { kind: 'interval' }>
type Lists = Pick<Cached, 'zones' | 'verdicts'>

export function writeFacts({ head, rest, isSigned, lines }: ObjectFacts): string {
  const lists: Lists = { zones: [], verdicts: [] }
  const cached: Cached = {
    ...{ head: head ?? null, rest: rest ?? null, isSigned },
    lines: lines?.map(line => line && writeLine(line, lists)) ?? null,
    ...lists,
  }
  return JSON.stringify(cached)
}

/** undefined for what this did not write. */
export function readFacts(text: string): ObjectFacts | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), factsSchema), text)
  if (!parsed.success) return undefined
  const { head, rest, isSigned, lines, ...lists } = parsed.output
  const read = lines?.map(line => line && readLine(line, lists))
  if (read?.includes(undefined)) return undefined
  return {
    ...{ head: head ?? undefined, rest: rest ?? undefined, isSigned },
    lines: read?.filter(line => line !== undefined),
  }
}

type CachedLine = NonNullable<v.InferOutput<typeof lineSchema>>

function writeLine(line: NonNullable<LinkedLine>, lists: Lists): CachedLine {
  const { seq, prev, salted, link, at, record } = line
  const written = record?.kind === 'interval' ? writeInterval(record, lists) : (record ?? null)
  return [seq, prev, salted, link, at, written]
}

function writeInterval(record: Interval, { zones, verdicts }: Lists): v.InferOutput<typeof intervalSchema> {
  const { from, length_ms, presence, zone, offset, genuineness, incomplete, discarded } = record
  return [
    ...([from, length_ms, presenceKinds.indexOf(presence), countsOf(record)] as const),
    placeIn(zones, [zone, offset]),
    placeIn(verdicts, genuineness),
    incomplete === true,
    discarded ? countsOf(discarded) : null,
  ]
}

/** Most of an object is of one zone and one verdict. */
function placeIn<T>(list: T[], value: T): number {
  const text = JSON.stringify(value)
  const known = list.findIndex(each => JSON.stringify(each) === text)
  return known === -1 ? list.push(value) - 1 : known
}

function countsOf(counted: Pick<Interval, 'keys' | 'clicks' | 'wheel' | 'distance_px' | 'active_seconds'>) {
  const { keys, clicks, wheel, distance_px, active_seconds } = counted
  const tuple: v.InferOutput<typeof counts> = [keys, clicks, wheel, distance_px, active_seconds]
  return tuple
}

function readLine(line: CachedLine, lists: Lists): NonNullable<LinkedLine> | undefined {
  const [seq, prev, salted, link, at, cached] = line
  const place = { seq, prev, at }
  const record = Array.isArray(cached) ? readInterval(cached, place, lists) : (cached ?? undefined)
  if (cached && !record) return undefined
  return { ...place, salted, link, record }
}

function readInterval(
  [from, length_ms, presenceIndex, own, zoneIndex, verdictIndex, isIncomplete, aside]: v.InferOutput<
    typeof intervalSchema
  >,
  place: Pick<Interval, 'seq' | 'prev' | 'at'>,
  { zones, verdicts }: Lists,
): Interval | undefined {
  const [presence, where, genuineness] = [
    presenceKinds[presenceIndex],
    zones[zoneIndex],
    verdicts[verdictIndex],
  ]
  if (!presence || !where || !genuineness) return undefined
  return {
    ...place,
    ...{ zone: where[0], offset: where[1], kind: 'interval', from, length_ms, presence, genuineness },
    ...{ ...namedCounts(own), activity: '' },
    ...(isIncomplete && { incomplete: true }),
    ...(aside && { discarded: namedCounts(aside) }),
  }
}

function namedCounts([keys, clicks, wheel, distance_px, active_seconds]: v.InferOutput<typeof counts>) {
  return { keys, clicks, wheel, distance_px, active_seconds }
}
