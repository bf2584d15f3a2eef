import type { Day, LaneSpan } from '../../protocol/day.ts'
import { isoOf, isoOfMs } from '../kernel/instants.ts'
import { coveredBy, createCoverage, jumpOf, type Placed, place } from './coverage.ts'
import { cover, recolour } from './covered-spans.ts'
import { clip, dayBlocks, type Minutes, onWall, type Recorded } from './day-blocks.ts'
import { createZonePeriods } from './day-stretches.ts'
import type { Piece } from './explain-gaps.ts'
import { fitSpans } from './lane-blocks.ts'
import type { TimelineRecord } from './timeline-record.ts'

type State = Recorded & { periods: ReturnType<typeof createZonePeriods> }

/**
 * Follows the records and returns how any of the last days went. The same rules say why there are no intervals of a span
 * as in `activity-tracker verify`; here they are applied while the day goes on.
 */
export function createTimeline() {
  const state: State = {
    ...createCoverage(),
    periods: createZonePeriods(),
    covered: [],
    pauses: [],
    settings: [],
    jumps: [],
    begun: undefined,
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
  const placed = place(state, record)
  state.begun ??= Math.min(placed.at, placed.from)
  state.periods.note(record.zone, Date.parse(state.time.write(placed.at)))
  observe(state, record, placed)
}

function observe(state: State, record: TimelineRecord, { at, from }: Placed): void {
  switch (record.kind) {
    case 'interval': {
      const piece = coveredBy(state, record, from)
      if (piece) cover(state.covered, { ...piece, presence: record.presence })
      return
    }
    case 'presence.changed':
      // That a person is idle is known only after a while, and holds from their last input on.
      if (record.presence !== 'asleep') recolour(state.covered, from, at, record.presence)
      return
    case 'paused':
      if (record.until !== null) state.pauses.push({ from: at, until: record.until })
      return
    case 'clock.changed': {
      const jump = jumpOf(record)
      state.settings.push(at)
      if (jump) state.jumps.push(jump)
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
