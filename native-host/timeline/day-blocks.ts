import { budgets } from '../kernel/budgets.ts'
import { isoOf } from '../kernel/instants.ts'
import { type Coverage, explainHoles, isOpenInterval } from './coverage.ts'
import type { Covered } from './covered-spans.ts'
import type { Stretch } from './day-stretches.ts'
import { type Explained, type Piece, uncovered } from './explain-gaps.ts'
import type { LaneBlock } from './lane-blocks.ts'
import { toleranceMs } from './timeline-record.ts'

/** What the records said, in the times of `createWallTime`. */
export type Recorded = Coverage & {
  covered: Covered[]
  pauses: { from: number; until: string }[]
  /** When the wall clock was set. */
  settings: number[]
  /** Hours that it left out, in its own time. */
  jumps: Piece[]
  begun: number | undefined
}

/** What the counts of a date say, of whole minutes. */
export type Minutes = {
  activeSeconds: number
  flagged: readonly { startMs: number; seconds: number }[]
}

const minuteMs = 60_000

/** All that the records of a date say about presence and gaps, by the wall clock, cut to its stretches. */
export function dayBlocks(
  recorded: Recorded,
  stretches: readonly Stretch[],
  now: Temporal.Instant,
): LaneBlock[] {
  const isWithin = (piece: Piece) => clip(piece, stretches).length > 0
  const nowMs = recorded.time.ahead(isoOf(now))
  return clipBlocks(
    [...coveredBlocks(recorded, recorded.covered), ...gapBlocks(recorded, nowMs, isWithin)],
    stretches,
  )
}

/** The same up to a moment, in the times of `createWallTime`, of all dates and not cut. */
export function blocksUntil(recorded: Recorded, untilMs: number): LaneBlock[] {
  const covered = recorded.covered.filter(({ to }) => to <= untilMs)
  return [...coveredBlocks(recorded, covered), ...gapBlocks(recorded, untilMs, () => true)]
}

export function clipBlocks(blocks: readonly LaneBlock[], stretches: readonly Stretch[]): LaneBlock[] {
  return blocks.flatMap(block => clip(block, stretches).map(piece => ({ ...piece, what: block.what })))
}

function coveredBlocks(recorded: Recorded, covered: readonly Covered[]): LaneBlock[] {
  return covered.flatMap(piece => {
    const what = laneOf(piece.presence)
    return onWall(recorded, piece).map(ends => ({ ...ends, what }))
  })
}

function laneOf(presence: Covered['presence']): LaneBlock['what'] {
  return presence === 'active' ? { lane: 'active' } : { lane: 'idle', presence }
}

/** What is known to be no interval, and why. */
function gapBlocks(
  recorded: Recorded,
  untilMs: number,
  isWanted: (onTheWall: Piece) => boolean,
): LaneBlock[] {
  const { covered, begun, jumps } = recorded
  const from = begun ?? untilMs
  const holes = uncovered(covered, { from, to: untilMs }).filter(hole =>
    onWall(recorded, hole).some(isWanted),
  )
  const lasting = explainHoles(recorded, holes, untilMs).filter(gap => !isOpenInterval(recorded, gap))
  return [
    ...lasting.flatMap(gap => onWall(recorded, gap).map(ends => ({ ...ends, what: whatOf(recorded, gap) }))),
    ...jumps.map(jump => ({ ...jump, what: { lane: 'gap', cause: 'clock-changed' } as const })),
  ]
}

function whatOf({ pauses, time }: Recorded, { from, cause, detail }: Explained): LaneBlock['what'] {
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

function cutText(text: string): string {
  const { most } = budgets.dayText
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

export function flaggedBlocks(flagged: Minutes['flagged']): LaneBlock[] {
  const pieces: Piece[] = []
  for (const { startMs } of [...flagged].sort((a, b) => a.startMs - b.startMs)) {
    const last = pieces.at(-1)
    if (last && startMs <= last.to) last.to = startMs + minuteMs
    else pieces.push({ from: startMs, to: startMs + minuteMs })
  }
  return pieces.map(piece => ({ ...piece, what: { lane: 'flagged' } }))
}

/** By the wall clock it is one piece, or several when the clock was set meanwhile. */
export function onWall({ settings, time }: Recorded, { from, to }: Piece): Piece[] {
  const starts = [from, ...settings.filter(at => at > from && at < to)]
  return starts.map((start, index) => {
    const shown = Date.parse(time.write(start))
    return { from: shown, to: shown + (starts[index + 1] ?? to) - start }
  })
}

export function clip(piece: Piece, stretches: readonly Stretch[]): Piece[] {
  return stretches
    .map(({ from, to }) => ({ from: Math.max(piece.from, from), to: Math.min(piece.to, to) }))
    .filter(({ from, to }) => from < to)
}
