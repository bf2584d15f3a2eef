import type { Day, LaneName, LaneSpan } from '../../protocol/day.ts'
import { describeGap, type GapCauseName } from '../../protocol/gap-words.ts'
import { describeSeconds, describeTotal } from './durations.ts'
import type { TimeWords } from './instants.ts'
import { zoneName } from './zone-words.ts'

export const laneTitles: Record<LaneName, string> = {
  active: 'Active',
  idle: 'Idle',
  flagged: 'Flagged',
  paused: 'Paused',
  gap: 'Gap',
}

type ClockWords = Pick<TimeWords, 'clock'>

const presences: Record<Extract<LaneSpan, { lane: 'idle' }>['presence'], string> = {
  idle: 'No input',
  away: 'Away: no input for long',
  locked: 'The screen was locked',
  asleep: 'The computer slept',
  unknown: 'Whether anybody was there is not known',
}

/** Those that nobody wanted and somebody should know of; the others are the ordinary course of things. */
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
export function whyOf(span: LaneSpan, day: Day, words: ClockWords): string {
  switch (span.lane) {
    case 'active':
      return 'At the computer'
    case 'idle':
      return presences[span.presence]
    case 'flagged':
      return 'Input that looked unusual or scripted'
    case 'paused': {
      if (span.cause !== 'paused') return `Suspended: ${describeGap({ cause: span.cause })}`
      const by = describeGap({ cause: 'paused', ...(span.by !== undefined && { detail: span.by }) })
      return capital(span.until === undefined ? by : `${by}, until ${clockTime(span.until, day, words)}`)
    }
    case 'gap':
      return capital(describeGap(span))
    default:
      throw span satisfies never
  }
}

/** `08:00–11:40`, as the clock showed it there; with what it adds to UTC where that is not the same at both ends. */
export function timesOf({ from, to }: Pick<LaneSpan, 'from' | 'to'>, day: Day, words: ClockWords): string {
  const [begin, end] = [clockTime(from, day, words), clockTime(to, day, words)]
  return begin === end ? begin : `${begin}–${end}`
}

export function lengthOf({ from, to }: Pick<LaneSpan, 'from' | 'to'>): string {
  return describeSeconds(Math.round((Date.parse(to) - Date.parse(from)) / 1000))
}

/** All of it, for whoever hears rather than sees it. */
export function describeSpan(span: LaneSpan, day: Day, words: ClockWords): string {
  const { lane } = span
  return `${laneTitles[lane]}, ${timesOf(span, day, words)}, ${lengthOf(span)}: ${whyOf(span, day, words)}`
}

/** The day in figures. */
export function summaryOf({ seconds }: Pick<Day, 'seconds'>): string {
  const there = seconds.there > 0 ? `, in ${describeTotal(seconds.there)} at the computer` : ''
  return [
    `${describeTotal(seconds.active)} active${there}`,
    `${describeTotal(seconds.idle)} idle`,
    ...(seconds.flagged > 0 ? [`${describeTotal(seconds.flagged)} flagged`] : []),
  ].join(' · ')
}

/** `Europe/Berlin until 11:40, then Asia/Kolkata` */
export function zonesLine(day: Day, words: ClockWords): string {
  const last = day.zones.length - 1
  return day.zones
    .map(({ zone, to }, index) =>
      index === last ? zoneName(zone) : `${zoneName(zone)} until ${clockIn(to, zone, words)}`,
    )
    .join(', then ')
}

function clockTime(instant: string, day: Day, words: ClockWords): string {
  const ms = Date.parse(instant)
  // Midnight belongs to the day that it ends too, and the end of a stretch to the zone of its beginning.
  const stretch = day.zones.find(({ to }) => ms <= Date.parse(to)) ?? day.zones.at(-1)
  if (!stretch) return instant
  const time = clockIn(instant, stretch.zone, words)
  return changesOffset(stretch) ? `${time} ${offsetIn(instant, stretch.zone)}` : time
}

function clockIn(instant: string, zone: string, words: ClockWords): string {
  const { hour, minute } = Temporal.Instant.from(instant).toZonedDateTimeISO(zone)
  return words.clock(hour * 60 + minute)
}

/** Summer time began or ended: without the offset, a time may mean either of two. */
function changesOffset({ zone, from, to }: Day['zones'][number]): boolean {
  return offsetIn(from, zone) !== offsetIn(to, zone)
}

function offsetIn(instant: string, zone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).offset.slice(0, 6)
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
