import type { InputEvent } from '../input/input-event.ts'
import { createDetector, type DetectorLimits, type Stretch } from './detector.ts'
import type { PointerWeights } from './rules/pointer-model.ts'

/** As often as a live agent looks. */
const settleEveryMs = 10_000
/** No person is at work longer than this without any event. */
export const longestLullMs = 5000
/** More than any stretch has: they would be remembered for as long as the recording is. */
const mostLulls = 20_000
/** Two devices that report at once are so far out of order; a clock that was set goes back farther. */
const longestDisorderMs = 100

export type SessionSummary = {
  activeMs: number
  /** What was active of the flagged stretches. */
  flaggedMs: number
  firstFlagMs: number | undefined
  /** Events a little before the one before them; they were taken as simultaneous. */
  disordered: number
  /** How often time went back so far that what follows was judged on its own. */
  restarts: number
}

/** Judges one sitting as a live agent would have: in order, knowing nothing that comes later. */
export function createSessionJudge(limits: DetectorLimits, weights?: PointerWeights) {
  let detector = createDetector(() => limits, weights)
  const earlier: Stretch[] = []
  let lastAt: number | undefined
  let nextLook = 0
  /** Spans without activity: from and to. Of a lull the first seconds count as activity. */
  let lulls: [from: number, to: number][] = []
  const summary: SessionSummary = {
    activeMs: 0,
    flaggedMs: 0,
    firstFlagMs: undefined,
    disordered: 0,
    restarts: 0,
  }

  return {
    add(event: InputEvent): void {
      const at = inOrder(event.at)
      const sinceMs = at - (lastAt ?? at)
      summary.activeMs += Math.min(longestLullMs, sinceMs)
      if (sinceMs > longestLullMs) {
        lulls.push([at - sinceMs + longestLullMs, at])
        if (lulls.length > mostLulls) lulls = lulls.slice(-mostLulls / 2)
      }
      if (lastAt === undefined) nextLook = at + settleEveryMs
      lastAt = at
      if (at >= nextLook) {
        detector.settle(nextLook)
        // What a lull of any length ends was ended by the first look into it; one more ends the stretch.
        nextLook += settleEveryMs * (1 + Math.floor((at - nextLook) / settleEveryMs))
        detector.settle(nextLook - settleEveryMs)
      }
      detector.observeOne(at === event.at ? event : { ...event, at })
    },

    hasEnded: () => earlier.length > 0 || detector.hasEnded(),
    current: () => detector.current(),
    highest: () => detector.highest(),

    /** The stretches that ended since the last call. */
    take: () => [...earlier.splice(0), ...counted(detector.take())],

    end(): { stretches: Stretch[]; summary: SessionSummary } {
      detector.settle((lastAt ?? 0) + settleEveryMs)
      return { stretches: [...earlier.splice(0), ...counted(detector.take('all'))], summary }
    },
  }

  function inOrder(at: number): number {
    if (lastAt === undefined || at >= lastAt) return at
    if (lastAt - at <= longestDisorderMs) {
      summary.disordered++
      return lastAt
    }
    summary.restarts++
    detector.settle(lastAt + settleEveryMs)
    earlier.push(...counted(detector.take('all')))
    lulls = []
    detector = createDetector(() => limits, weights)
    lastAt = undefined
    return at
  }

  function counted(stretches: Stretch[]): Stretch[] {
    for (const { from, to, flaggedAt } of stretches) {
      summary.flaggedMs += lulls.reduce((sum, lull) => sum - overlap(lull, from, to), to - from)
      summary.firstFlagMs ??= flaggedAt
    }
    return stretches
  }
}

function overlap([begin, end]: [number, number], from: number, to: number): number {
  return Math.max(0, Math.min(end, to) - Math.max(begin, from))
}
