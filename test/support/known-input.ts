import type { InputEvent } from '../../native-host/input/input-event.ts'
import { looped } from './judged.ts'
import { seededRandom } from './seeded-random.ts'
import {
  append,
  asBezier,
  asHand,
  asJump,
  asLine,
  type Draw,
  handHoldMs,
  handPauseMs,
  pointing,
  typingInput,
} from './synthetic-input.ts'

/** Input of people and of tools, always the same: what the rules make of it is part of their version. */
export const knownInput: Record<string, InputEvent[]> = {
  'a hand': drawn(1, asHand, handHoldMs),
  'even lines': drawn(2, asLine(8, 6), () => 0),
  'coarse lines': drawn(3, asLine(100, 30), () => 0),
  curves: drawn(4, asBezier, handHoldMs),
  jumps: drawn(5, asJump, random => random.uniform(-4, 30)),
  'a loop': looped(drawn(6, asHand, handHoldMs).slice(0, 600), 3, 500),
  'a beat': beating(7),
  clicks: clicking(
    8,
    random => random.uniform(200, 900),
    random => random.uniform(20, 60),
  ),
  'even clicks': clicking(
    9,
    () => 700,
    random => random.uniform(60, 130),
  ),
  'clicks of a finger': clicking(
    10,
    random => random.logNormal(180, 0.2),
    random => random.normal(92, 15),
  ),
  'a script that types': typed(
    11,
    random => random.normal(120, 12),
    () => 20,
  ),
  'a bell that types': typed(
    12,
    random => random.normal(150, 40),
    random => random.normal(50, 9),
  ),
  'even keys': typed(
    13,
    () => 100,
    random => random.normal(90, 15),
  ),
  'a hand that types': typed(
    14,
    random => random.logNormal(170, 0.55),
    random => random.normal(95, 22),
  ),
  'a wheel': scrolled(15),
}

type Milliseconds = (random: ReturnType<typeof seededRandom>) => number

function drawn(seed: number, draw: Draw, holdMs: Milliseconds): InputEvent[] {
  const habits = {
    draw,
    pauseMs: handPauseMs,
    clicks: 0.7,
    holdMs: (random: Parameters<Draw>[0]) => Math.max(0, holdMs(random)),
  }
  return pointing(seededRandom(seed), 40_000, habits)
}

function typed(seed: number, waitMs: Milliseconds, holdMs: Milliseconds): InputEvent[] {
  const random = seededRandom(seed)
  return typingInput(
    260,
    () => waitMs(random),
    () => holdMs(random),
  )
}

function clicking(seed: number, waitMs: Milliseconds, holdMs: Milliseconds): InputEvent[] {
  const random = seededRandom(seed)
  const events: InputEvent[] = [{ kind: 'move', at: 0, x: 4, y: 3 }]
  let at = 0
  for (let click = 0; click < 30; click++) {
    at += waitMs(random)
    const place = { button: 1, x: 4, y: 3 }
    events.push(
      { kind: 'button-down', at, ...place },
      { kind: 'button-up', at: at + holdMs(random), ...place },
    )
  }
  return events
}

/** Strokes of a hand that begin every three seconds, and then a key every seven. */
function beating(seed: number): InputEvent[] {
  const random = seededRandom(seed)
  const events: InputEvent[] = []
  for (let beat = 0; beat < 12; beat++)
    for (const { ms, x, y } of asHand(random, { x: 900, y: 500 }, { x: random.uniform(0, 1900), y: 300 }))
      events.push({ kind: 'move', at: 3000 * beat + ms, x: Math.round(x), y: Math.round(y) })
  const keys = typingInput(
    8,
    () => 7000,
    () => 60,
  )
  append(events, 60_000, keys)
  return events
}

/** Fast, as a finger scrolls, and then every two seconds. */
function scrolled(seed: number): InputEvent[] {
  const random = seededRandom(seed)
  const steps = Array.from({ length: 40 }, (_, step) => (step < 25 ? random.uniform(10, 80) : 2000))
  let at = 0
  return steps.map(ms => {
    at += ms
    return { kind: 'wheel', at, steps: 1, x: 5, y: 5 }
  })
}
