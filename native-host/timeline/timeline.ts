import type { Day, LaneSpan } from '../../protocol/day.ts'
import { budgets } from '../kernel/budgets.ts'
import { isoOf, isoOfMs } from '../kernel/instants.ts'
import { createZonePeriods, type Stretch } from './day-stretches.ts'
import {
  type Explained,
  explain,
  join,
  type Piece,
  toleranceMs,
  uncovered,
  withoutTolerance,
} from './explain-gaps.ts'
import { createGapCauses } from './gap-causes.ts'
import { fitSpans, type LaneBlock } from './lane-blocks.ts'
import type { TimelineRecord } from './timeline-record.ts'
import { createWallTime } from './wall-time.ts'

type Presence = Extract<TimelineRecord, { kind: 'interval' }>['presence']
/** In the times of `createWallTime`. */
type Covered = Piece & { presence: Presence }

/** The interval that is still open has no record yet. */
const openIntervalMs = 20_000

/** What the counts of a date say, of whole minutes. */
export type Minutes = {
  activeSeconds: number
  flagged: readonly { startMs: number; seconds: number }[]
}

/**
 * Follows the records and tells how any of the last days went. The same rules say why there are no intervals of a span
 * as in `activity-tracker verify`; here they are asked while the day goes on.
 */
export function createTimeline() {
  const time = createWallTime()
  const claims = createGapCauses()
  const periods = createZonePeriods()
  let covered: Covered[] = []
  let pauses: { from: number; until: string }[] = []
  /** When the clock on the wall was set. */
  let settings: number[] = []
  /** Hours that it left out, in its own time. */
  let jumps: Piece[] = []
  let begun: number | undefined
  let coveredMs = Number.NEGATIVE_INFINITY

  return {
    note(record: TimelineRecord): void {
      const at = time.follow(record)
      begun ??= Math.min(at, beginningOf(record, at))
      periods.note(record.zone, wallOf(at))
      claims.note(record, at, { past: instant => time.read(instant, at), ahead: time.ahead })
      observe(record, at)
    },

    /** Seconds of the date in which intervals were recorded, whoever was there. */
    trackedSeconds(date: string, zone: string, now: Temporal.Instant): number {
      const stretches = periods.stretchesOf(date, zone, now)
      return lengthOf(covered.flatMap(onWall).flatMap(piece => clip(piece, stretches)))
    },

    dayOf(date: string, zone: string, now: Temporal.Instant, minutes: Minutes): Day {
      const stretches = periods.stretchesOf(date, zone, now)
      const blocks = [...there(), ...gone(now, stretches), ...flaggedBlocks(minutes)].flatMap(block =>
        clip(block, stretches).map(piece => ({ ...piece, what: block.what })),
      )
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
    },

    /** What was over by then is not asked for any more. */
    forget(before: Temporal.Instant): void {
      const beforeMs = time.ahead(isoOf(before))
      covered = covered.filter(({ to }) => to > beforeMs)
      settings = settings.filter(at => at > beforeMs)
      jumps = jumps.filter(({ to }) => to > before.epochMilliseconds)
      pauses = pauses.filter(({ from }, index) => from > beforeMs || index === pauses.length - 1)
      if (begun !== undefined) begun = Math.max(begun, beforeMs)
      claims.forget(beforeMs)
      periods.forget(before.epochMilliseconds)
    },
  }

  function beginningOf(record: TimelineRecord, at: number): number {
    if (record.kind === 'interval') return time.read(record.from, at, record.length_ms)
    return record.kind === 'gap' ? time.read(record.from, at) : at
  }

  function observe(record: TimelineRecord, at: number): void {
    switch (record.kind) {
      case 'interval': {
        const from = beginningOf(record, at)
        const piece = { from, to: from + record.length_ms, presence: record.presence }
        coveredMs = Math.max(coveredMs, piece.to)
        if (record.presence === 'unknown' && (record.incomplete || claims.inputIsLost())) claims.blind(piece)
        else cover(piece)
        return
      }
      case 'presence.changed':
        // That somebody is idle is known only after a while, and holds from their last input on.
        if (record.presence !== 'asleep') recolour(time.read(record.from, at), at, record.presence)
        return
      case 'paused':
        if (record.until !== null) pauses.push({ from: at, until: record.until })
        return
      case 'clock.changed': {
        const to = Date.parse(record.at)
        settings.push(at)
        if (record.by_ms >= toleranceMs) jumps.push({ from: to - record.by_ms, to })
        return
      }
      default:
        return
    }
  }

  function cover(piece: Covered): void {
    const last = covered.at(-1)
    const goesOn = last && last.presence === piece.presence && Math.abs(piece.from - last.to) < toleranceMs
    if (goesOn) last.to = Math.max(last.to, piece.to)
    else covered.push(piece)
  }

  function recolour(from: number, to: number, presence: Presence): void {
    const first = covered.findLastIndex(piece => piece.to <= from) + 1
    const later = covered.splice(first)
    for (const piece of later) {
      const [start, end] = [Math.max(piece.from, from), Math.min(piece.to, to)]
      if (piece.from < start) cover({ ...piece, to: start })
      if (start < end) cover({ from: start, to: end, presence })
      if (end < piece.to) cover({ ...piece, from: Math.max(end, piece.from) })
    }
  }

  function there(): LaneBlock[] {
    return covered.flatMap(piece => onWall(piece).map(ends => ({ ...ends, what: laneOf(piece.presence) })))
  }

  /** What is known to be no interval, and why. */
  function gone(now: Temporal.Instant, stretches: readonly Stretch[]): LaneBlock[] {
    const nowMs = time.ahead(isoOf(now))
    const from = begun ?? nowMs
    const standing = claims.until(nowMs)
    const gaps = uncovered(covered, { from, to: nowMs })
      .filter(hole => onWall(hole).some(ends => clip(ends, stretches).length > 0))
      .flatMap(hole => explain(hole, standing))
    const lasting = withoutTolerance(join(gaps)).filter(gap => !isOpenInterval(gap))
    return [
      ...lasting.flatMap(gap => onWall(gap).map(ends => ({ ...ends, what: whatOf(gap) }))),
      ...jumps.map(jump => ({ ...jump, what: { lane: 'gap', cause: 'clock-changed' } as const })),
    ]
  }

  function isOpenInterval({ from, to, cause }: Explained): boolean {
    return cause === 'unexplained' && from >= coveredMs && to - from <= openIntervalMs
  }

  function whatOf({ from, cause, detail }: Explained): LaneBlock['what'] {
    switch (cause) {
      case 'paused': {
        const until = pauses.findLast(pause => pause.from <= from + toleranceMs)?.until
        const isAhead = until !== undefined && time.ahead(until) > from
        return {
          lane: 'paused',
          cause,
          ...(detail !== undefined && { by: cutText(detail) }),
          ...(isAhead && { until }),
        }
      }
      case 'low-battery':
      case 'outbox-full':
      case 'keys-unconfirmed':
        return { lane: 'paused', cause }
      default:
        return { lane: 'gap', cause, ...(detail !== undefined && { detail: cutText(detail) }) }
    }
  }

  /** One piece, or several when the clock was set meanwhile. */
  function onWall({ from, to }: Piece): Piece[] {
    const starts = [from, ...settings.filter(at => at > from && at < to)]
    return starts.map((start, index) => {
      const shown = wallOf(start)
      return { from: shown, to: shown + (starts[index + 1] ?? to) - start }
    })
  }

  function wallOf(ms: number): number {
    return Date.parse(time.write(ms))
  }
}

function cutText(text: string): string {
  const { most } = budgets.dayText
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

function laneOf(presence: Presence): LaneBlock['what'] {
  return presence === 'active' ? { lane: 'active' } : { lane: 'idle', presence }
}

const minuteMs = 60_000

function flaggedBlocks({ flagged }: Minutes): LaneBlock[] {
  const pieces: Piece[] = []
  for (const { startMs } of [...flagged].sort((a, b) => a.startMs - b.startMs)) {
    const last = pieces.at(-1)
    if (last && startMs <= last.to) last.to = startMs + minuteMs
    else pieces.push({ from: startMs, to: startMs + minuteMs })
  }
  return pieces.map(piece => ({ ...piece, what: { lane: 'flagged' } }))
}

function clip(piece: Piece, stretches: readonly Stretch[]): Piece[] {
  return stretches
    .map(({ from, to }) => ({ from: Math.max(piece.from, from), to: Math.min(piece.to, to) }))
    .filter(({ from, to }) => from < to)
}

function lengthOf(pieces: readonly Piece[]): number {
  return Math.round(pieces.reduce((sum, { from, to }) => sum + to - from, 0) / 1000)
}
