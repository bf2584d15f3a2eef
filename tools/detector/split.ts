import { hash } from 'node:crypto'
import type { Session } from './recordings.ts'

/**
 * People are split, never their windows: limits and models are set on one half and reported on the other. By a hash of
 * the name, so that the split stays when recordings are added; the five users of the largest set by hand, three to two.
 */
export function isForFitting({ set, user }: Session): boolean {
  if (set === 'balabit') return balabitForFitting.includes(user)
  return Number.parseInt(hash('sha256', user).slice(0, 8), 16) % 2 === 0
}

const balabitForFitting = ['user7', 'user15', 'user29']

/** A few seconds of a single task each, drawn as circles: they say nothing about hours of work. */
const notWork = /^delbot/
/** Three seconds of strokes that do not hang together, which would be found by the jumps between them. */
const notJudged = /^strokes_/
/** What is no movement of the pointer that the model could learn from. */
const notPointing = /^(click_|typer_|jiggler_arkane|replay_|strokes_)/

export function isWork({ set }: { set: string }): boolean {
  return !notWork.test(set)
}

export function isPointingWork(session: Session): boolean {
  return isWork(session) && session.set !== 'aalto136m'
}

export function isPointing({ set }: Session): boolean {
  return !notPointing.test(set)
}

export function isJudged({ set }: Session): boolean {
  return !notJudged.test(set)
}

/** Tools that draw alike are kin: a model that knows one of them is no judge of how it would find an unknown one. */
const kin: [name: string, sets: RegExp][] = [
  ['bezier', /^(bezier|ghost_cursor)/],
  ['sigma_lognormal', /^sigma_lognormal/],
  ['spring', /^(spring|windmouse)/],
  ['line', /^(eased_line|pyautogui_tween)/],
]

export function kinOf(set: string): string {
  return kin.find(([, sets]) => sets.test(set))?.[0] ?? set
}
