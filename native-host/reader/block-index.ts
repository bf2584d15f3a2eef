import type { Stretch } from '../timeline/day-stretches.ts'
import type { LaneBlock } from '../timeline/lane-blocks.ts'

const dayMs = 86_400_000
/** What is longer is asked of every date. */
const longMs = 62 * dayMs

/** Blocks of a long history, found again by their days in UTC. */
export function createBlockIndex(isNear: (ms: number) => boolean) {
  const days = new Map<number, LaneBlock[]>()
  const long: LaneBlock[] = []
  return {
    add(blocks: readonly LaneBlock[]): void {
      for (const block of blocks) {
        if (block.to - block.from > longMs) long.push(block)
        else
          for (let day = dayOf(block.from); day <= dayOf(block.to); day++) {
            if (!isNear(day * dayMs)) continue
            const known = days.get(day)
            if (known) known.push(block)
            else days.set(day, [block])
          }
      }
    },

    /** All that may touch a stretch. */
    near(stretches: readonly Stretch[]): LaneBlock[] {
      const found = new Set<LaneBlock>(long)
      for (const { from, to } of stretches)
        for (let day = dayOf(from); day <= dayOf(to); day++)
          for (const block of days.get(day) ?? []) found.add(block)
      return [...found]
    },
  }
}

function dayOf(ms: number): number {
  return Math.floor(ms / dayMs)
}
