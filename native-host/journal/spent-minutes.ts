import type { Counts, Entry } from '../../protocol/records.ts'
import { createDateLookup } from '../kernel/date-lookup.ts'

/** Counts of a minute in the zone in which it was spent. `start`: whole minutes since 1970. */
export type SpentMinute = Counts & { start: number; zone: string; date: string }
/** `flagged_seconds`: those of the active ones that do not look genuine. */
export type FlaggedMinute = SpentMinute & { flagged_seconds: number }

export const counted = ['keys', 'clicks', 'wheel', 'distance_px', 'active_seconds'] as const

const minuteMs = 60_000

/** Whole minutes since 1970. Every zone in use now is whole minutes from UTC. */
export function minuteOf(instant: string): number {
  return Math.floor(Date.parse(instant) / minuteMs)
}

type Table<M extends SpentMinute> = Map<string, M>
type State = {
  spent: Table<FlaggedMinute>
  /** What was taken out, and counts again when the verdict is withdrawn. */
  discarded: Table<SpentMinute>
  dateOf: ReturnType<typeof createDateLookup>
  isWanted: (date: string) => boolean
}

/**
 * What records say of minutes: the counts of intervals, what a later verdict marks or takes out of them, and what counts
 * again. The agent's database does the same in SQL (adapters/store/journal-sqlite.ts); a contract test compares them.
 */
export function createSpentMinutes(isWanted: (date: string) => boolean = () => true) {
  const state: State = { spent: new Map(), discarded: new Map(), dateOf: createDateLookup(), isWanted }
  return {
    /** @param zone that of the record */
    note: (entry: Entry, zone: string): void => note(state, entry, zone),
    spent: (): Iterable<FlaggedMinute> => state.spent.values(),
    discarded: (): Iterable<SpentMinute> => state.discarded.values(),
  }
}

function note(state: State, entry: Entry, zone: string): void {
  switch (entry.kind) {
    case 'interval':
      addInterval(state, entry, zone)
      return
    case 'verdict.extended':
      extendVerdict(state, entry)
      return
    case 'verdict.withdrawn':
      withdrawVerdict(state, minuteOf(entry.from), minuteOf(entry.to))
      return
    default:
      return
  }
}

type Of<K extends Entry['kind']> = Extract<Entry, { kind: K }>

/** All of an interval counts in the minute in which it began. */
function addInterval(state: State, entry: Of<'interval'>, zone: string): void {
  const place = placeOf(state, entry.from, zone)
  if (!state.isWanted(place.date)) return
  const flagged_seconds = entry.genuineness.verdict === 'genuine' ? 0 : entry.active_seconds
  add(state.spent, { ...place, ...countsOf(entry), flagged_seconds })
  if (entry.discarded) add(state.discarded, { ...place, ...countsOf(entry.discarded) })
}

/** The minutes keep the day that they had, also after the person travels. */
function extendVerdict(state: State, { minutes, scripted_input }: Of<'verdict.extended'>): void {
  for (const { start, zone, ...counts } of minutes) {
    const minute = state.spent.get(keyOf(minuteOf(start), zone))
    if (scripted_input === 'flag') {
      if (minute) minute.flagged_seconds = flaggedOf(minute, minute.flagged_seconds + counts.active_seconds)
      continue
    }
    if (minute) take(minute, counts)
    const place = placeOf(state, start, zone)
    if (state.isWanted(place.date)) add(state.discarded, { ...place, ...counts })
  }
}

/** What is known of a minute may be less than the records say, where a database was rebuilt or a record is missing. */
function take(minute: FlaggedMinute, amounts: Counts): void {
  for (const name of counted) minute[name] = Math.max(0, minute[name] - amounts[name])
  minute.flagged_seconds = flaggedOf(minute, minute.flagged_seconds)
}

function flaggedOf({ active_seconds }: Counts, seconds: number): number {
  return Math.min(active_seconds, seconds)
}

/** In whole minutes: a minute that is partly in the span is withdrawn as well. */
function withdrawVerdict(state: State, from: number, to: number): void {
  const isWithin = ({ start }: SpentMinute) => start >= from && start <= to
  for (const minute of state.spent.values()) if (isWithin(minute)) minute.flagged_seconds = 0
  for (const [key, minute] of state.discarded) {
    if (!isWithin(minute)) continue
    add(state.spent, { ...minute, flagged_seconds: 0 })
    state.discarded.delete(key)
  }
}

function add<M extends SpentMinute>(table: Table<M>, minute: M): void {
  const key = keyOf(minute.start, minute.zone)
  const known = table.get(key)
  if (!known) {
    table.set(key, minute)
    return
  }
  for (const name of counted) known[name] += minute[name]
  if (isFlagged(known) && isFlagged(minute)) known.flagged_seconds += minute.flagged_seconds
}

function isFlagged(minute: SpentMinute): minute is FlaggedMinute {
  return 'flagged_seconds' in minute
}

function placeOf(
  { dateOf }: State,
  instant: string,
  zone: string,
): Pick<SpentMinute, 'start' | 'zone' | 'date'> {
  return { start: minuteOf(instant), zone, date: dateOf(Date.parse(instant), zone) }
}

function countsOf({ keys, clicks, wheel, distance_px, active_seconds }: Counts): Counts {
  return { keys, clicks, wheel, distance_px, active_seconds }
}

function keyOf(start: number, zone: string): string {
  return `${start} ${zone}`
}
