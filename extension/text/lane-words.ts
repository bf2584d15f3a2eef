import type { Day, LaneName, LaneSpan } from '../../protocol/day.ts'
import { describeGap, type GapCauseName } from '../../protocol/gap-words.ts'
import { wallClock } from '../../protocol/wall-clock.ts'
import { text } from './catalogue.ts'
import { describeSeconds, describeTotal } from './durations.ts'
import type { TimeWords } from './instants.ts'
import { zoneName } from './zone-words.ts'

export const laneTitles: Record<LaneName, string> = text.lanes.titles

export type ClockWords = Pick<TimeWords, 'clock' | 'clocks'>
/** Where a time is shown as the clock on the wall showed it there. */
export type DayZones = Pick<Day, 'zones'>

/** Those that the person did not want and should know of; the others are ordinary. */
const amiss: ReadonlySet<GapCauseName> = new Set([
  'agent-killed',
  'disk-full',
  'store-repaired',
  'input-lost',
  'outbox-full',
  'keys-unconfirmed',
  'unexplained',
])

export function isAmiss(span: LaneSpan): boolean {
  return (span.lane === 'gap' || span.lane === 'paused') && amiss.has(span.cause)
}

/** What the span was, in words that follow the name of its lane. */
export function whyOf(span: LaneSpan, day: DayZones, words: ClockWords): string {
  switch (span.lane) {
    case 'active':
      return text.lanes.atComputer
    case 'idle':
      return text.lanes.presences[span.presence]
    case 'flagged':
      return text.lanes.unusual
    case 'paused': {
      if (span.cause !== 'paused') return text.lanes.suspended(describeGap({ cause: span.cause }))
      const by = describeGap({ cause: 'paused', ...(span.by !== undefined && { detail: span.by }) })
      return capital(span.until === undefined ? by : text.lanes.until(by, clockTime(span.until, day, words)))
    }
    case 'gap':
      return capital(describeGap(span))
    default:
      throw span satisfies never
  }
}

/** `08:00–11:40`, as the clock showed it there; with what it adds to UTC where that is not the same at both ends. */
export function timesOf(
  { from, to }: Pick<LaneSpan, 'from' | 'to'>,
  day: DayZones,
  words: ClockWords,
): string {
  const [begin, end] = [placeIn(day, from), placeIn(day, to)]
  if (begin.offset === undefined && end.offset === undefined) return words.clocks(begin.minute, end.minute)
  const [first, last] = [clockTime(from, day, words), clockTime(to, day, words)]
  return first === last ? first : `${first}–${last}`
}

export function lengthOf({ from, to }: Pick<LaneSpan, 'from' | 'to'>): string {
  return describeSeconds(Math.round((Date.parse(to) - Date.parse(from)) / 1000))
}

/** All of it, for a screen reader. */
export function describeSpan(span: LaneSpan, day: DayZones, words: ClockWords): string {
  const { lane } = span
  return text.lanes.span({
    lane: laneTitles[lane],
    times: timesOf(span, day, words),
    length: lengthOf(span),
    why: whyOf(span, day, words),
  })
}

/** The day in figures. */
export function summaryOf({ seconds }: Pick<Day, 'seconds'>): string {
  const active = describeTotal(seconds.active)
  return [
    seconds.there > 0
      ? text.lanes.activeOfThere(active, describeTotal(seconds.there))
      : text.activity.active(active),
    text.lanes.idle(describeTotal(seconds.idle)),
    ...(seconds.flagged > 0 ? [text.activity.flagged(describeTotal(seconds.flagged))] : []),
  ].join(' · ')
}

/** `Europe/Berlin until 11:40, then Asia/Kolkata` */
export function zonesLine(day: DayZones, words: ClockWords): string {
  const last = day.zones.length - 1
  return day.zones
    .map(({ zone, to }, index) =>
      index === last ? zoneName(zone) : text.lanes.zoneUntil(zoneName(zone), words.clock(minuteIn(to, zone))),
    )
    .join(text.lanes.thenZone)
}

export function clockTime(instant: string, day: DayZones, words: ClockWords): string {
  const { minute, offset } = placeIn(day, instant)
  return offset === undefined ? words.clock(minute) : `${words.clock(minute)} ${offset}`
}

/** The minute that the clock showed there, and what it added to UTC where that changed. */
function placeIn(day: DayZones, instant: string): { minute: number; offset: string | undefined } {
  const ms = Date.parse(instant)
  // Midnight belongs to the day that it ends too, and the end of a stretch to the zone of its beginning.
  const stretch = day.zones.find(({ to }) => ms <= Date.parse(to)) ?? day.zones.at(-1)
  const zone = stretch?.zone ?? 'UTC'
  const changes = stretch !== undefined && changesOffset(stretch)
  return { minute: minuteIn(instant, zone), offset: changes ? offsetIn(instant, zone) : undefined }
}

function minuteIn(instant: string, zone: string): number {
  return wallClock(Date.parse(instant), zone).minute
}

/** Summer time began or ended: without the offset, a time may mean either of two. */
function changesOffset({ zone, from, to }: Day['zones'][number]): boolean {
  return offsetIn(from, zone) !== offsetIn(to, zone)
}

function offsetIn(instant: string, zone: string): string {
  return wallClock(Date.parse(instant), zone).offset
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
