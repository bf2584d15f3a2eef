import type { Day, LaneSpan } from '../../protocol/day.ts'
import { budgets } from '../kernel/budgets.ts'
import { isoOfMs } from '../kernel/instants.ts'

type WithoutEnds<S> = S extends unknown ? Omit<S, 'from' | 'to'> : never
/** A span in progress, in milliseconds of the wall clock. */
export type LaneBlock = { from: number; to: number; what: WithoutEnds<LaneSpan> }

/** In their order, and no more of them than a message takes: neighbours are joined until they fit. */
export function fitSpans(
  blocks: readonly LaneBlock[],
  most: number = budgets.daySpans.most,
): Pick<Day, 'spans' | 'joined'> {
  let fitting = blocks.toSorted((a, b) => a.from - b.from)
  let joined = 0
  while (fitting.length > most) {
    joined = joined === 0 ? 60 : joined * 2
    fitting = joinNear(fitting, joined * 1000)
  }
  return {
    spans: fitting.map(({ from, to, what }) => ({ ...what, from: isoOfMs(from), to: isoOfMs(to) })),
    joined,
  }
}

/** Blocks of one lane; the longest of them gives the name. */
function joinNear(blocks: readonly LaneBlock[], withinMs: number): LaneBlock[] {
  const joined: (LaneBlock & { longestMs: number })[] = []
  for (const block of blocks) {
    const lengthMs = block.to - block.from
    const last = joined.findLast(({ what }) => what.lane === block.what.lane)
    if (!last || block.from - last.to >= withinMs) {
      joined.push({ ...block, longestMs: lengthMs })
      continue
    }
    last.to = Math.max(last.to, block.to)
    if (lengthMs > last.longestMs) Object.assign(last, { what: block.what, longestMs: lengthMs })
  }
  return joined.map(({ from, to, what }) => ({ from, to, what }))
}
