import type { Day, LaneSpan } from '../../protocol/day.ts'
import { isoOf, isoOfMs } from '../kernel/instants.ts'
import { cover, recolour } from './covered-spans.ts'
import { clip, dayBlocks, type Minutes, onWall, type Recorded } from './day-blocks.ts'
import { createZonePeriods } from './day-stretches.ts'
import type { Piece } from './explain-gaps.ts'
import { createGapCauses } from './gap-causes.ts'
import { fitSpans } from './lane-blocks.ts'
import type { TimelineRecord } from './timeline-record.ts'
import { toleranceMs } from './timeline-record.ts'
import { createWallTime } from './wall-time.ts'

type State = Recorded & { periods: ReturnType<typeof createZonePeriods> }

/**
 * Follows the records and returns how any of the last days went. The same rules say why there are no intervals of a span
 * as in `activity-tracker verify`; here they are applied while the day goes on.
 */
export function createTimeline() {
  const state: State = {
    time: createWallTime(),
    claims: createGapCauses(),
    periods: createZonePeriods(),
    covered: [],
    pauses: [],
    settings: [],
    jumps: [],
    begun: undefined,
    coveredMs: Number.NEGATIVE_INFINITY,
  }
  return {
    note: (record: TimelineRecord): void => note(state, record),

    /** Seconds of the date in which intervals were recorded, in any presence. */
    trackedSeconds(date: string, zone: string, now: Temporal.Instant): number {
      const stretches = state.periods.stretchesOf(date, zone, now)
      const pieces = state.covered.flatMap(piece => onWall(state, piece))
      return lengthOf(pieces.flatMap(piece => clip(piece, stretches)))
    },

    dayOf: (date: string, zone: string, now: Temporal.Instant, minutes: Minutes): Day =>
      dayOf(state, { date, zone, now }, minutes),

    /** What was over by then is not requested any more. */
    forget: (before: Temporal.Instant): void => forget(state, before),
  }
}

function note(state: State, record: TimelineRecord): void {
  const { time, periods, claims } = state
  const at = time.follow(record)
  state.begun ??= Math.min(at, beginningOf(state, record, at))
  periods.note(record.zone, Date.parse(time.write(at)))
  claims.note(record, at, { past: instant => time.read(instant, at), ahead: time.ahead })
  observe(state, record, at)
}

function beginningOf({ time }: State, record: TimelineRecord, at: number): number {
  if (record.kind === 'interval') return time.read(record.from, at, record.length_ms)
  return record.kind === 'gap' ? time.read(record.from, at) : at
}

function observe(state: State, record: TimelineRecord, at: number): void {
  const { time, claims, covered } = state
  switch (record.kind) {
    case 'interval': {
      const from = beginningOf(state, record, at)
      const piece = { from, to: from + record.length_ms, presence: record.presence }
      state.coveredMs = Math.max(state.coveredMs, piece.to)
      if (record.presence === 'unknown' && (record.incomplete || claims.inputIsLost())) claims.blind(piece)
      else cover(covered, piece)
      return
    }
    case 'presence.changed':
      // That a person is idle is known only after a while, and holds from their last input on.
      if (record.presence !== 'asleep') recolour(covered, time.read(record.from, at), at, record.presence)
      return
    case 'paused':
      if (record.until !== null) state.pauses.push({ from: at, until: record.until })
      return
    case 'clock.changed': {
      const to = Date.parse(record.at)
      state.settings.push(at)
      if (record.by_ms >= toleranceMs) state.jumps.push({ from: to - record.by_ms, to })
      return
    }
    default:
      return
  }
}

type DayAsked = { date: string; zone: string; now: Temporal.Instant }

function dayOf(state: State, { date, zone, now }: DayAsked, minutes: Minutes): Day {
  const stretches = state.periods.stretchesOf(date, zone, now)
  const blocks = dayBlocks(state, minutes, stretches, now)
  const secondsOf = (lane: LaneSpan['lane']) => lengthOf(blocks.filter(({ what }) => what.lane === lane))
  return {
    date,
    zones: stretches.map(({ zone: name, from, to }) => ({
      zone: name,
      from: isoOfMs(from),
      to: isoOfMs(to),
    })),
    ...fitSpans(blocks),
    seconds: {
      active: minutes.activeSeconds,
      there: secondsOf('active'),
      idle: secondsOf('idle'),
      flagged: minutes.flagged.reduce((sum, { seconds }) => sum + seconds, 0),
      paused: secondsOf('paused'),
      gap: secondsOf('gap'),
    },
  }
}

function forget(state: State, before: Temporal.Instant): void {
  const beforeMs = state.time.ahead(isoOf(before))
  state.covered = state.covered.filter(({ to }) => to > beforeMs)
  state.settings = state.settings.filter(at => at > beforeMs)
  state.jumps = state.jumps.filter(({ to }) => to > before.epochMilliseconds)
  state.pauses = state.pauses.filter(({ from }, index, { length }) => from > beforeMs || index === length - 1)
  if (state.begun !== undefined) state.begun = Math.max(state.begun, beforeMs)
  state.claims.forget(beforeMs)
  state.periods.forget(before.epochMilliseconds)
}

function lengthOf(pieces: readonly Piece[]): number {
  return Math.round(pieces.reduce((sum, { from, to }) => sum + to - from, 0) / 1000)
}
