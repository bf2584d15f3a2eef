import { evidence, type Rule } from './rule.ts'

/** What a display that wakes or a lagging connection causes too, so each is weak on its own. */
const shortestJumpPx = 100
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
      const single = stroke.steps === 1 && stroke.path > shortestJumpPx
      if (!single) return add(-1.5, stroke.from, stroke.to)
      jumped++
      longest = Math.max(longest, stroke.path)
      lastJumpAt = stroke.to
      add(stroke.path > limits().jumpPx ? 1.25 : 1, stroke.from, stroke.to)
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
        `${jumped} of ${strokes} movements were single jumps, the longest ${Math.round(longest)} px; a hand leaves a trail of small steps.`,
      ),
  }
}
