import { evidence, type Rule } from './rule.ts'

/** Shorter single steps are those of a hand; longer ones are no sign of one, whatever the setting says. */
const longestHandStepPx = 100
/** A finger needs some 50 ms to press and release. */
const shortHoldMs = 10
/** Some computers report a tap, or a tenth of all clicks, as held for a few milliseconds; hardly any as not held at all. */
const notHeldMs = 1.5
const clickWithinMs = 1000
/** On a touch screen the pointer jumps from tap to tap, and a finger scrolls in steps as fine as this. */
const fingerScrollMs = 40

/**
 * A pointer that is put somewhere instead of going there: strokes of a single long step, the more so when the click
 * that follows is not held. People on remote desktops make up to five in a row.
 */
export function jumps(limits: () => { jumpPx: number }): Rule {
  let jumped = 0
  let strokes = 0
  let longest = 0
  let lastJumpAt = Number.NEGATIVE_INFINITY
  let scrolledAt = Number.NEGATIVE_INFINITY
  let pressedAt = Number.NEGATIVE_INFINITY
  return {
    onStroke(stroke, add) {
      // What shares its instant with the stroke before tells nothing about how either came about.
      if (stroke.path < 40 || stroke.pauseMs === 0) return
      strokes++
      const { jumpPx } = limits()
      const single = stroke.steps === 1
      if (!single || stroke.path <= shortestJump(jumpPx)) {
        if (!single || stroke.path <= longestHandStepPx) add(-1.5, stroke.from, stroke.to)
        return
      }
      jumped++
      longest = Math.max(longest, stroke.path)
      lastJumpAt = stroke.to
      // A display that wakes or a lagging connection causes it too, so each is weak on its own.
      add(stroke.path > jumpPx ? 1.25 : 1, stroke.from, stroke.to)
    },
    onEvent(event, add) {
      if (event.kind === 'wheel') {
        if (event.at - scrolledAt < fingerScrollMs) add(-0.5, event.at, event.at)
        scrolledAt = event.at
      }
      if (event.kind === 'button-down') pressedAt = event.at
      if (event.kind !== 'button-up') return
      const afterJump = pressedAt - lastJumpAt < clickWithinMs && pressedAt >= lastJumpAt
      if (!afterJump) return
      // A finger on a touch screen also puts the pointer somewhere, but it stays down for a while.
      const heldMs = event.at - pressedAt
      add(heldMs < notHeldMs ? 3 : heldMs < shortHoldMs ? 0.5 : -1.25, lastJumpAt, event.at)
    },
    evidence: () =>
      evidence(
        'pointer_jumps',
        jumped,
        `${jumped} of ${strokes} movements were single jumps, the longest ${Math.round(longest)} px. A hand leaves a trail of small steps.`,
      ),
  }
}

/**
 * From which length on a single step counts as a jump, by the length that the setting names: the longer that is, the fewer.
 * Of 500, on which the rule was measured, it is 100; from 600 on nothing shorter than the setting says counts.
 */
function shortestJump(jumpPx: number): number {
  return jumpPx <= 500 ? jumpPx / 5 : Math.min(jumpPx, 5 * jumpPx - 2400)
}
