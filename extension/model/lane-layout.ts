import type { Day, LaneName, LaneSpan } from '../../protocol/day.ts'
import { fullHours } from '../../protocol/wall-clock.ts'

export const laneOrder = ['active', 'idle', 'flagged', 'paused', 'gap'] as const satisfies readonly LaneName[]

/**
 * Places are shares of the day's length, from 0 to 1. A day has its real length, also when the clocks change.
 */
export type Axis = {
  startMs: number
  endMs: number
  /** Full hours as the clock showed them. */
  ticks: { at: number; hour: number }[]
  /** Where the day went on in another zone. */
  changes: { at: number; zone: string }[]
}

/** Labels that are nearer to each other run into each other. */
const leastBetween = 0.07

export type AxisOptions = {
  /** Of the day; all of it without. */
  window?: { startMs: number; endMs: number } | undefined
  hoursBetweenTicks?: number
}

/** undefined for a date that was nowhere. */
export function axisOf(
  { zones }: Pick<Day, 'zones'>,
  { window, hoursBetweenTicks = 3 }: AxisOptions = {},
): Axis | undefined {
  const { startMs, endMs } = window ?? wholeDay(zones) ?? {}
  if (startMs === undefined || endMs === undefined || zones.length === 0) return undefined
  const at = (ms: number) => (ms - startMs) / (endMs - startMs)
  const ticks: Axis['ticks'] = []
  for (const { zone, from, to } of zones)
    for (const { ms, hour } of fullHours(
      Math.max(Date.parse(from), startMs),
      Math.min(Date.parse(to), endMs),
      zone,
    )) {
      const isFirst = ms === startMs
      const isFree = at(ms) - (ticks.at(-1)?.at ?? -1) >= leastBetween && (isFirst || at(ms) >= leastBetween)
      if (hour % hoursBetweenTicks === 0 && isFree) ticks.push({ at: at(ms), hour })
    }
  const changes = zones
    .slice(1)
    .map(({ zone, from }) => ({ at: at(Date.parse(from)), zone }))
    .filter(change => change.at > 0 && change.at < 1)
  return { startMs, endMs, ticks, changes }
}

export function wholeDay(zones: Day['zones']): { startMs: number; endMs: number } | undefined {
  const [first, last] = [zones[0], zones.at(-1)]
  return first && last && { startMs: Date.parse(first.from), endMs: Date.parse(last.to) }
}

export function placeOf(
  { from, to }: Pick<LaneSpan, 'from' | 'to'>,
  axis: Axis,
): { at: number; length: number } {
  const whole = axis.endMs - axis.startMs
  const startMs = Date.parse(from)
  return { at: (startMs - axis.startMs) / whole, length: (Date.parse(to) - startMs) / whole }
}

/** How much of the day is still to come: from 0, over, to 1. */
export function shareToCome({ startMs, endMs }: Axis, nowMs: number): number {
  return Math.min(1, Math.max(0, (endMs - nowMs) / (endMs - startMs)))
}

/** To which span a key goes: sideways within the lane, up and down to what is nearest in time in the next one. */
export function spanAfterKey(spans: readonly LaneSpan[], current: number, key: string): number | undefined {
  const here = spans[current]
  if (!here) return undefined
  const inLane = (lane: LaneName) => spans.flatMap((span, index) => (span.lane === lane ? [index] : []))
  const fellows = inLane(here.lane)
  const place = fellows.indexOf(current)
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
      const lanes = laneOrder.filter(lane => inLane(lane).length > 0)
      const lane = lanes[lanes.indexOf(here.lane) + (key === 'ArrowDown' ? 1 : -1)]
      return lane && nearestTo(here, spans, inLane(lane))
    }
    default:
      return undefined
  }
}

function nearestTo(here: LaneSpan, spans: readonly LaneSpan[], candidates: number[]): number | undefined {
  const middle = ({ from, to }: LaneSpan) => (Date.parse(from) + Date.parse(to)) / 2
  const distance = (index: number) => {
    const there = spans[index]
    return there ? Math.abs(middle(there) - middle(here)) : Number.POSITIVE_INFINITY
  }
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0]
}
