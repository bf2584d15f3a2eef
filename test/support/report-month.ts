import { createHash } from 'node:crypto'
import type { LaneSpan } from '../../protocol/day.ts'
import {
  addTotals,
  noTotals,
  type Report,
  type ReportDay,
  type ReportDevice,
  type ReportFlag,
  type ReportScreenshot,
  type ReportTotals,
} from '../../protocol/report.ts'
import { type Random, seededRandom } from './seeded-random.ts'

/**
 * A month of a person as a report holds it, with what months have: two zones, the end of summer time, a crash, pauses, a
 * flag that stands and one that was withdrawn, screenshots that were deleted, failed or are missing. The same each time.
 */
export function reportMonth({ seed = 14, person = 'team/ana', device = 'k3v9wq2m' } = {}): Report {
  const devices = [monthOf({ seed, person, device })]
  return {
    version: 1,
    from: '2026-10-01',
    to: '2026-10-31',
    made_at: '2026-11-02T08:15:00Z',
    source: 's3://acme-time-records/team',
    devices,
  }
}

/** Two persons, one of whom has findings. */
export function reportOfTwo(): Report {
  const ana = reportMonth()
  const [ben] = reportMonth({ seed: 15, person: 'team/ben', device: 'z81hd0aa' }).devices
  if (!ben) throw new Error('no device')
  const finding = 'Records 4,120 to 4,163 are missing between 13 October 10:02 and 13 October 10:31.'
  return {
    ...ana,
    devices: [...ana.devices, { ...ben, findings: [finding], proven_to: null }],
  }
}

/** So that tests and pictures have something to show: the key of each screenshot that was delivered. */
export function deliveredIn({ devices }: Report): string[] {
  return devices
    .flatMap(({ days }) => days.flatMap(({ screenshots }) => screenshots))
    .flatMap(({ state, object }) => (state === 'delivered' && object ? [object] : []))
}

function monthOf({ seed, person, device }: { seed: number; person: string; device: string }): ReportDevice {
  const random = seededRandom(seed)
  const days: ReportDay[] = []
  for (let date = 1; date <= 31; date++) {
    const day = Temporal.PlainDate.from({ year: 2026, month: 10, day: date })
    if (day.dayOfWeek <= 5 || date === 25) days.push(dayOf(day, random, device))
  }
  return { device, person, proven_to: '2026-10-30T17:20:00Z', findings: [], days }
}

const home = 'Europe/Berlin'
const minute = 60_000

type Work = { day: ReportDay; random: Random; device: string }

function dayOf(date: Temporal.PlainDate, random: Random, device: string): ReportDay {
  const start = date.toZonedDateTime(home).epochMilliseconds
  const isTravel = date.day === 15
  const there = isTravel ? 'Asia/Kolkata' : home
  const end = date.add({ days: 1 }).toZonedDateTime(there).epochMilliseconds
  const change = date.toZonedDateTime({ timeZone: home, plainTime: '13:10' }).epochMilliseconds
  const zones = isTravel
    ? [
        { zone: home, from: instant(start), to: instant(change) },
        { zone: there, from: instant(change), to: instant(end) },
      ]
    : [{ zone: home, from: instant(start), to: instant(end) }]
  const day: ReportDay = {
    date: date.toString(),
    zones,
    spans: [],
    totals: noTotals,
    slots: [],
    flags: [],
    screenshots: [],
  }
  const work = { day, random, device }
  const at = (clock: string) => date.toZonedDateTime({ timeZone: home, plainTime: clock }).epochMilliseconds
  const begin = date.day === 25 ? at('02:10') : at('08:00') + Math.round(random.uniform(-30, 40)) * minute
  gap(work, start, begin, 'computer-off')
  if (date.day === 25) sitting(work, begin, begin + 150 * minute)
  else workDay(work, begin, at)
  const last = day.spans.at(-1)
  gap(work, last ? Date.parse(last.to) : begin, end, 'computer-off')
  addFlags(work)
  return { ...day, totals: totalsOf(day, random) }
}

function workDay(work: Work, begin: number, at: (clock: string) => number): void {
  const { day, random } = work
  const date = Number(day.date.slice(-2))
  const lunch = at('12:05') + Math.round(random.uniform(-15, 25)) * minute
  sitting(work, begin, lunch)
  push(work, { lane: 'idle', presence: 'locked', ...ends(lunch, lunch + 42 * minute) })
  const back = lunch + 42 * minute
  if (date === 13) {
    sitting(work, back, back + 50 * minute)
    gap(work, back + 50 * minute, back + 56 * minute, 'agent-killed')
    sitting(work, back + 56 * minute, at('17:10'))
    return
  }
  if (date % 4 === 0) {
    sitting(work, back, back + 65 * minute)
    const until = back + 80 * minute
    push(work, {
      lane: 'paused',
      cause: 'paused',
      by: 'chromium',
      until: instant(until),
      ...ends(back + 65 * minute, until),
    })
    sitting(work, until, at('17:20'))
    return
  }
  const over = date % 5 === 0 ? at('15:40') : at('17:00') + Math.round(random.uniform(0, 70)) * minute
  sitting(work, back, over)
}

/** At the computer, with short breaks, and a screenshot every five minutes. */
function sitting(work: Work, from: number, to: number): void {
  const { random } = work
  let at = from
  while (at < to) {
    const until = Math.min(to, at + Math.round(random.uniform(18, 75)) * minute)
    push(work, { lane: 'active', ...ends(at, until) })
    typing(work, at, until)
    at = until
    if (at >= to) return
    const rest = Math.min(to, at + Math.round(random.uniform(3, 9)) * minute)
    push(work, {
      lane: 'idle',
      presence: rest - at > 6 * minute ? 'away' : 'idle',
      ...ends(at, rest),
    })
    at = rest
  }
}

function typing({ day, random, device }: Work, from: number, to: number): void {
  const start = Date.parse(day.zones[0]?.from ?? '')
  for (let at = from; at < to; at += minute) {
    const slot = Math.floor((at - start) / (10 * minute))
    const seconds = Math.round(Math.min(58, Math.max(0, 34 + 16 * Math.sin(at / 4e6) + random.normal(0, 12))))
    const known = day.slots.at(-1)
    if (known?.slot === slot) known.active += seconds
    else day.slots.push({ slot, active: seconds, flagged: 0 })
  }
  const first = Math.ceil((from - start) / (5 * minute)) * 5 * minute + start
  for (let at = first; at < to; at += 5 * minute)
    day.screenshots.push(shotAt(at, { device, zone: zoneOf(day, at), chance: random.uniform(0, 1) }))
}

function shotAt(
  ms: number,
  { device, zone, chance }: { device: string; zone: string; chance: number },
): ReportScreenshot {
  const at = instant(ms)
  if (chance < 0.02) return { at, zone, state: 'skipped', reason: 'unchanged', display: 1, of: 1 }
  if (chance < 0.024) return { at, zone, state: 'failed', code: 'CAPTURE_FAILED' }
  const hash = createHash('sha256').update(`${device} ${at}`).digest('hex').slice(0, 24)
  const stamp = at.replaceAll(/[-:]/g, '')
  const object = `${device}/${at.slice(0, 10)}/${stamp}-screenshot-${hash}.webp.age`
  const whole = {
    ...{ at, zone, display: 1, of: 1, width: 1920, height: 1080 },
    ...{ blurred: chance > 0.3, object },
  }
  if (chance < 0.032) return { ...whole, state: 'deleted' }
  if (chance < 0.034) return { ...whole, state: 'missing' }
  return { ...whole, state: 'delivered' }
}

function addFlags(work: Work): void {
  const { day } = work
  const date = Number(day.date.slice(-2))
  if (date === 8) flag(work, { verdict: 'scripted', at: 8, minutes: 4, withdrawn: false, discarded: false })
  if (date === 20) flag(work, { verdict: 'suspect', at: 30, minutes: 6, withdrawn: true, discarded: false })
  if (date === 28) flag(work, { verdict: 'scripted', at: 14, minutes: 3, withdrawn: false, discarded: true })
}

function flag(
  { day }: Work,
  how: {
    verdict: ReportFlag['verdict']
    at: number
    minutes: number
    withdrawn: boolean
    discarded: boolean
  },
): void {
  const { verdict, at, minutes, withdrawn, discarded } = how
  const slot = day.slots[at]
  if (!slot) return
  const from = Date.parse(day.zones[0]?.from ?? '') + slot.slot * 10 * minute
  const seconds = minutes * 55
  const length = ends(from, from + minutes * minute)
  if (!withdrawn) {
    slot.flagged += seconds
    slot.active = discarded ? slot.active : Math.max(slot.active, seconds)
    day.spans.push({ lane: 'flagged', ...length })
    day.spans.sort((a, b) => Date.parse(a.from) - Date.parse(b.from))
  }
  day.flags.push({
    ...length,
    verdict,
    seconds,
    discarded,
    withdrawn,
    evidence: [
      {
        feature: 'loop',
        value: 14,
        text: 'The same 8 movements were repeated 14 times, every 2.00 s.',
      },
      { feature: 'rhythm', value: 0.004, text: 'Keys followed each other within 4 ms of the same pace.' },
    ],
  })
}

function totalsOf(day: ReportDay, random: Random): ReportTotals {
  const sum = (lane: LaneSpan['lane']) =>
    day.spans.reduce((total, span) => (span.lane === lane ? total + secondsIn(span) : total), 0)
  const active = day.slots.reduce((total, slot) => total + slot.active, 0)
  return addTotals(noTotals, {
    active,
    there: sum('active'),
    idle: sum('idle'),
    flagged: day.slots.reduce((total, slot) => total + slot.flagged, 0),
    paused: sum('paused'),
    gap: sum('gap'),
    keys: Math.round(active * random.uniform(1, 2)),
    clicks: Math.round(active / 14),
    wheel: Math.round(active / 9),
    distance_px: Math.round(active * 240),
  })
}

function gap(work: Work, from: number, to: number, cause: 'computer-off' | 'agent-killed'): void {
  if (to > from) push(work, { lane: 'gap', cause, ...ends(from, to) })
}

/** A span lies in one zone. */
function push({ day }: Work, span: LaneSpan): void {
  for (const { from, to } of day.zones) {
    const begin = Math.max(Date.parse(from), Date.parse(span.from))
    const end = Math.min(Date.parse(to), Date.parse(span.to))
    if (end > begin) day.spans.push({ ...span, ...ends(begin, end) })
  }
}

function zoneOf(day: ReportDay, ms: number): string {
  return day.zones.find(({ to }) => ms < Date.parse(to))?.zone ?? home
}

function secondsIn({ from, to }: LaneSpan): number {
  return (Date.parse(to) - Date.parse(from)) / 1000
}

function ends(from: number, to: number): { from: string; to: string } {
  return { from: instant(from), to: instant(to) }
}

function instant(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}
