import type { Evidence, Genuineness } from '../../../protocol/records.ts'
import type { InputEvent } from '../input-event.ts'

/** Raise it when a rule changes, so that old verdicts can be told from new ones. */
export const rulesVersion = 1

export type Limits = { jumpPx: number }

/**
 * Watches one interval and says whether its input looks genuine, with evidence.
 *
 * A jump is a movement longer than the threshold in a single step. On its own it says little: real people cause
 * them when a display wakes, a remote desktop lags or a tablet pen lands (6 to 34 % of real working minutes hold
 * one). What people do not cause is a pointer that moves in nothing but jumps, so that is the rule.
 */
export function createJudge() {
  let pointer: { x: number; y: number } | undefined
  let moves = 0
  let jumps = 0
  let longestPx = 0

  return {
    observe(events: readonly InputEvent[], limits: Limits): void {
      for (const event of events) {
        if (event.kind !== 'move') continue
        if (pointer) {
          const length = Math.hypot(event.x - pointer.x, event.y - pointer.y)
          if (length > 0) moves++
          if (length > limits.jumpPx) {
            jumps++
            longestPx = Math.max(longestPx, length)
          }
        }
        pointer = { x: event.x, y: event.y }
      }
    },

    /** The verdict on what was observed since the last call. */
    conclude(limits: Limits): Genuineness {
      const evidence = jumpEvidence({ moves, jumps, longestPx }, limits)
      moves = jumps = longestPx = 0
      return { verdict: evidence.length > 0 ? 'suspect' : 'genuine', rules: rulesVersion, evidence }
    },
  }
}

/** Fewer jumps than this in ten seconds may be chance: a display that wakes, a window that grabs the pointer. */
const fewestJumps = 3
/** The share of all movements that have to be jumps. A hand leaves a trail of small steps between two places. */
const smallestShare = 0.5

function jumpEvidence(seen: { moves: number; jumps: number; longestPx: number }, limits: Limits): Evidence[] {
  if (seen.jumps < fewestJumps || seen.jumps / seen.moves < smallestShare) return []
  return [
    {
      feature: 'pointer_jumps',
      value: seen.jumps,
      text: `${seen.jumps} of ${seen.moves} pointer movements were single jumps of more than ${limits.jumpPx} px, the longest ${Math.round(seen.longestPx)} px; a hand leaves a trail of small steps.`,
    },
  ]
}
