import type { Day, LaneSpan } from '../../protocol/day.ts'
import { isoOfMs } from '../kernel/instants.ts'
import { clipBlocks, flaggedBlocks, type Minutes } from './day-blocks.ts'
import type { Stretch } from './day-stretches.ts'
import type { Piece } from './explain-gaps.ts'
import { fitSpans, type LaneBlock } from './lane-blocks.ts'

/** @param blocks of this date, cut to its stretches */
export function dayFrom(
  date: string,
  stretches: readonly Stretch[],
  blocks: readonly LaneBlock[],
  minutes: Minutes,
): Day {
  const secondsOf = (lane: LaneSpan['lane']) => lengthOf(blocks.filter(({ what }) => what.lane === lane))
  return {
    date,
    zones: stretches.map(({ zone, from, to }) => ({ zone, from: isoOfMs(from), to: isoOfMs(to) })),
    ...fitSpans([...blocks, ...clipBlocks(flaggedBlocks(minutes.flagged), stretches)]),
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

export function lengthOf(pieces: readonly Piece[]): number {
  return Math.round(pieces.reduce((sum, { from, to }) => sum + to - from, 0) / 1000)
}
