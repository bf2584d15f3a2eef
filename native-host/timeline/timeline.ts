import type { Day } from '../../protocol/day.ts'
import { isoOf } from '../kernel/instants.ts'
import { coveredBy, createCoverage, jumpOf, type Placed, place } from './coverage.ts'
import { cover, recolour } from './covered-spans.ts'
import { blocksUntil, clip, dayBlocks, type Minutes, onWall, type Recorded } from './day-blocks.ts'
import { dayFrom, lengthOf } from './day-from.ts'
import { createZonePeriods, type Stretch } from './day-stretches.ts'
import type { LaneBlock } from './lane-blocks.ts'
import { type TimelineRecord, toleranceMs } from './timeline-record.ts'

type State = Recorded & {
  periods: ReturnType<typeof createZonePeriods>
  /** The time of the latest record, in the times of `createWallTime`. */
  reachedMs: number
}

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
    reachedMs: Number.NEGATIVE_INFINITY,
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

    stretchesOf: (date: string, zone: string, now: Temporal.Instant): Stretch[] =>
      state.periods.stretchesOf(date, zone, now),

    /**
     * For a reader of a long history: the blocks of all time that no later record changes, each once, uncut. They are
     * then forgotten here, but for the zones.
     */
    settle: (): LaneBlock[] => settle(state),

    /** The blocks of the time since then, up to the last record: later time is unknown. */
    rest: (): LaneBlock[] => blocksUntil(state, state.reachedMs),

    /** What was over by then is not requested any more. */
    forget: (before: Temporal.Instant): void => forget(state, before),
  }
}

function note(state: State, record: TimelineRecord): void {
  const placed = place(state, record)
  state.begun ??= Math.min(placed.at, placed.from)
  state.reachedMs = Math.max(state.reachedMs, placed.at, state.coveredMs)
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
  return dayFrom(date, stretches, dayBlocks(state, stretches, now), minutes)
}

/** Later records change nothing that is so long over. */
const settledAfterMs = 24 * 3_600_000
/** A gap that this divides may go on behind it, within the tolerance. */
const dividesMs = 10_000

/** Presence that flickers for days must not fill the memory. */
const mostPieces = 20_000

function settle(state: State): LaneBlock[] {
  const latestMs = state.reachedMs - settledAfterMs
  const leastMs = state.covered.length > mostPieces ? 0 : dividesMs
  // Behind a piece, so that no gap is divided; and not the last, which may go on.
  const end = state.covered.slice(0, -1).findLast(({ from, to }) => to <= latestMs && to - from >= leastMs)
  if (!end) return []
  const blocks = blocksUntil(state, end.to)
  forgetBefore(state, end.to)
  state.jumps = []
  return blocks
}

function forget(state: State, before: Temporal.Instant): void {
  const beforeMs = state.time.ahead(isoOf(before))
  forgetBefore(state, beforeMs)
  state.jumps = state.jumps.filter(({ to }) => to > before.epochMilliseconds)
  state.periods.forget(before.epochMilliseconds)
}

function forgetBefore(state: State, beforeMs: number): void {
  state.covered = state.covered.filter(({ to }) => to > beforeMs)
  state.settings = state.settings.filter(at => at > beforeMs)
  // A pause may begin where the piece before it ends.
  const oldestMs = beforeMs - toleranceMs
  state.pauses = state.pauses.filter(
    ({ from }, index, { length }) => from >= oldestMs || index === length - 1,
  )
  if (state.begun !== undefined) state.begun = Math.max(state.begun, beforeMs)
  state.claims.forget(beforeMs)
}
