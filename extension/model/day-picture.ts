import type { LaneSpan } from '../../protocol/day.ts'
import { minutesPerSlot } from '../../protocol/local-day.ts'
import type { ReportDay, ReportScreenshot } from '../../protocol/report.ts'
import { wallClock } from '../../protocol/wall-clock.ts'
import { type Axis, axisOf, wholeDay } from './lane-layout.ts'

/** What the day picture needs of a day. */
export type PictureDay = Pick<
  ReportDay,
  'date' | 'zones' | 'spans' | 'slots' | 'flags' | 'screenshots' | 'hidden'
>
export type HiddenSpan = NonNullable<ReportDay['hidden']>[number]

type Ends = { fromMs: number; toMs: number }
/** What can be pointed at. The three rows lie on one axis. */
export type Part = Ends & { key: string } & (
    | { row: 'bars'; genuine: number; flagged: number }
    | { row: 'presence'; span: Exclude<LaneSpan, { lane: 'flagged' }> }
    | { row: 'presence'; hidden: HiddenSpan['kind'] }
    | { row: 'shots'; shots: readonly ReportScreenshot[] }
  )
export type Row = Part['row']
export const rows = ['bars', 'presence', 'shots'] as const satisfies readonly Row[]

export type DayPictureModel = {
  axis: Axis
  parts: readonly Part[]
  /** Stretches that are outlined. */
  flagged: readonly Ends[]
}

export const secondsPerSlot = minutesPerSlot * 60
const slotMs = secondsPerSlot * 1000
/** Fewer look like a mistake. */
const leastHours = 4
const hourMs = 3_600_000
const mostHourlyTicks = 13

/** undefined for a date that was nowhere. */
export function dayPicture(day: PictureDay, nowMs?: number): DayPictureModel | undefined {
  const whole = wholeDay(day.zones)
  if (!whole) return undefined
  const all = [...barsOf(day, whole.startMs), ...presenceOf(day), ...shotsOf(day)]
  const window = windowOf(day, all, whole, nowMs)
  const hours = (window.endMs - window.startMs) / hourMs
  const axis = axisOf(day, { window, hoursBetweenTicks: hours <= mostHourlyTicks ? 1 : hours <= 18 ? 2 : 3 })
  if (!axis) return undefined
  const parts = all.flatMap(part => {
    const fromMs = Math.max(part.fromMs, window.startMs)
    const toMs = Math.min(part.toMs, window.endMs)
    return toMs > fromMs || (part.row === 'shots' && toMs >= fromMs) ? [{ ...part, fromMs, toMs }] : []
  })
  return { axis, parts, flagged: day.flags.filter(flag => !flag.withdrawn).map(endsOf) }
}

function barsOf({ slots, flags }: PictureDay, startMs: number): Part[] {
  return slots.map(({ slot, active, flagged }) => {
    const fromMs = startMs + slot * slotMs
    const toMs = fromMs + slotMs
    const isDiscarded = flags.some(
      flag =>
        flag.discarded && !flag.withdrawn && Date.parse(flag.from) < toMs && Date.parse(flag.to) > fromMs,
    )
    const genuine = isDiscarded ? active : Math.max(0, active - flagged)
    return { key: `bar ${slot}`, row: 'bars', fromMs, toMs, genuine, flagged }
  })
}

function presenceOf({ spans, hidden = [] }: PictureDay): Part[] {
  const parts = [
    ...spans.flatMap((span): Part[] =>
      span.lane === 'flagged'
        ? []
        : [{ key: `${span.lane} ${span.from}`, row: 'presence', span, ...endsOf(span) }],
    ),
    ...hidden.map((span): Part => {
      const key = `${span.kind} ${span.from}`
      return { key, row: 'presence', hidden: span.kind, ...endsOf(span) }
    }),
  ]
  return parts.sort((a, b) => a.fromMs - b.fromMs)
}

/** Screens that were taken together are one. One that was not taken has no place here; the gallery says why. */
function shotsOf({ screenshots }: PictureDay): Part[] {
  const taken = screenshots.filter(({ state }) => state !== 'skipped')
  return [...Map.groupBy(taken, ({ at }) => at)].map(([at, shots]) => {
    const ms = Date.parse(at)
    return { key: `shot ${at}`, row: 'shots', fromMs: ms, toMs: ms, shots }
  })
}

/** Whole hours around everything that is more than a computer that was off or left alone: the night is folded away. */
function windowOf(
  day: PictureDay,
  parts: readonly Part[],
  whole: { startMs: number; endMs: number },
  nowMs: number | undefined,
): { startMs: number; endMs: number } {
  const seen = parts.filter(isEventful)
  if (seen.length === 0) return whole
  const isToday = nowMs !== undefined && nowMs > whole.startMs && nowMs < whole.endMs
  const first = Math.min(...seen.map(({ fromMs }) => fromMs))
  const last = Math.max(...seen.map(({ toMs }) => toMs), ...(isToday ? [nowMs] : []))
  const startMs = hourAround(first, day, 'down')
  const endMs = Math.max(hourAround(last, day, 'up'), startMs + leastHours * hourMs)
  const overMs = Math.max(0, endMs - whole.endMs)
  return {
    startMs: Math.max(whole.startMs, startMs - overMs),
    endMs: Math.min(whole.endMs, endMs),
  }
}

function isEventful(part: Part): boolean {
  if (part.row !== 'presence' || 'hidden' in part) return true
  return part.span.lane === 'active' || part.span.lane === 'paused'
}

function hourAround(ms: number, { zones }: PictureDay, way: 'down' | 'up'): number {
  const zone = zones.find(({ to }) => ms <= Date.parse(to))?.zone ?? zones.at(-1)?.zone ?? 'UTC'
  const past = (wallClock(ms, zone).minute % 60) * 60_000 + (ms % 60_000)
  return way === 'down' || past === 0 ? ms - past : ms - past + hourMs
}

function endsOf({ from, to }: { from: string; to: string }): Ends {
  return { fromMs: Date.parse(from), toMs: Date.parse(to) }
}

/** Shares of the axis. */
export function placeOn({ startMs, endMs }: Axis, { fromMs, toMs }: Ends): { at: number; length: number } {
  const whole = endMs - startMs
  return { at: (fromMs - startMs) / whole, length: (toMs - fromMs) / whole }
}

/** To which part a key goes: sideways within the row, up and down to what is nearest in time in the next one. */
export function partAfterKey(
  parts: readonly Part[],
  current: Part | undefined,
  key: string,
): Part | undefined {
  if (!current) return undefined
  const inRow = (row: Row) => parts.filter(part => part.row === row)
  const fellows = inRow(current.row)
  const place = fellows.findIndex(part => part.key === current.key)
  switch (key) {
    case 'ArrowRight':
      return fellows[place + 1]
    case 'ArrowLeft':
      return fellows[place - 1]
    case 'Home':
      return fellows[0]
    case 'End':
      return fellows.at(-1)
    case 'ArrowDown':
    case 'ArrowUp': {
      const filled = rows.filter(row => inRow(row).length > 0)
      const next = filled[filled.indexOf(current.row) + (key === 'ArrowDown' ? 1 : -1)]
      const middle = (part: Part) => (part.fromMs + part.toMs) / 2
      const distance = (part: Part) => Math.abs(middle(part) - middle(current))
      return next && inRow(next).toSorted((a, b) => distance(a) - distance(b))[0]
    }
    default:
      return undefined
  }
}
