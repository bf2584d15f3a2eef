import type { InputEvent } from '../../native-host/input/input-event.ts'
import type { Random } from './seeded-random.ts'

/** Made-up input, for tests and as tools that the detector has never seen. The same seed gives the same events. */

export type Place = { x: number; y: number }
/** Where the pointer is so many milliseconds after the stroke began, in order. */
export type Drawn = (Place & { ms: number })[]
export type Draw = (random: Random, from: Place, to: Place) => Drawn

type Habits = {
  draw: Draw
  pauseMs(random: Random): number
  /** The share of strokes that end in a click. */
  clicks: number
  holdMs(random: Random): number
}

/** Pointing at one place after the other on a screen of 1920 × 1080. */
export function pointing(random: Random, spanMs: number, habits: Habits): InputEvent[] {
  const events: InputEvent[] = []
  let at = 0
  let place = { x: 960, y: 540 }
  while (at < spanMs) {
    const target = { x: Math.round(random.uniform(20, 1900)), y: Math.round(random.uniform(20, 1060)) }
    const began = at
    for (const { ms, x, y } of habits.draw(random, place, target)) {
      at = began + ms
      events.push({ kind: 'move', at, x: Math.round(x), y: Math.round(y) })
    }
    const last = events.at(-1)
    place = last && 'x' in last ? { x: last.x, y: last.y } : target
    if (random.uniform(0, 1) < habits.clicks) {
      at += random.uniform(60, 240)
      events.push({ kind: 'button-down', at, button: 1, ...place })
      at += habits.holdMs(random)
      events.push({ kind: 'button-up', at, button: 1, ...place })
    }
    at += habits.pauseMs(random)
  }
  return events
}

/** As people move: a fast part that misses, one or two corrections, a tremor, and reports that are not quite even. */
export const asHand: Draw = (random, from, to) => {
  const parts = handParts(random, from, to)
  const end = Math.max(...parts.map(({ at, median }) => at + 3 * median))
  const drawn: Drawn = []
  for (let ms = 0; ms < end; ms += random.normal(8, 1.2)) {
    const moved = parts.map(part => ({ part, share: part.reached(ms) }))
    drawn.push({
      ms,
      x: from.x + random.normal(0, 0.3) + moved.reduce((sum, { part, share }) => sum + part.dx * share, 0),
      y: from.y + random.normal(0, 0.3) + moved.reduce((sum, { part, share }) => sum + part.dy * share, 0),
    })
  }
  return drawn
}

/**
 * As one and the same person moves from stroke to stroke, which imitations of a hand do not: mostly to something near,
 * slowly or fast, and sometimes by a detour.
 */
const asPerson: Draw = (random, from, to) => {
  const reach = Math.min(1, random.logNormal(0.2, 1))
  const near = { x: from.x + reach * (to.x - from.x), y: from.y + reach * (to.y - from.y) }
  const pace = random.logNormal(1, 0.45)
  const size = Math.hypot(near.x - from.x, near.y - from.y)
  const aside = () => random.normal(0, 0.45 * size)
  const stops = random.uniform(0, 1) < 0.4 ? [{ x: near.x + aside(), y: near.y + aside() }, near] : [near]
  const drawn: Drawn = []
  let place = from
  for (const stop of stops) {
    const began = drawn.at(-1)?.ms ?? 0
    for (const { ms, x, y } of asHand(random, place, stop)) drawn.push({ ms: began + 1 + pace * ms, x, y })
    place = stop
  }
  return drawn
}

/** Overlapping log-normal pulses (Plamondon 1995): where a good imitation of a hand comes from. */
function handParts(random: Random, from: Place, to: Place) {
  const shares = [random.uniform(0.8, 0.97), random.uniform(0.05, 0.15)]
  shares.push(1 - shares.reduce((sum, share) => sum + share, 0))
  return shares.map((share, index) => {
    const at = index * random.uniform(90, 170)
    const median = random.logNormal(110, 0.25)
    const spread = random.uniform(0.25, 0.45)
    const turn = random.normal(0, index === 0 ? 0.08 : 0.5)
    const dx = share * (to.x - from.x)
    const dy = share * (to.y - from.y)
    return {
      at,
      median,
      dx: dx * Math.cos(turn) - dy * Math.sin(turn),
      dy: dx * Math.sin(turn) + dy * Math.cos(turn),
      reached: (ms: number) => (ms <= at ? 0 : normalShare(Math.log((ms - at) / median) / spread)),
    }
  })
}

/** The share of a normal distribution below `z` (logistic approximation, within 0.01). */
function normalShare(z: number): number {
  return 1 / (1 + Math.exp(-1.702 * z))
}

/** A cubic Bézier curve with easing at both ends: what most "human-like" mouse libraries draw. */
export const asBezier: Draw = (random, from, to) => {
  const off = () => random.uniform(-0.25, 0.25) * Math.hypot(to.x - from.x, to.y - from.y)
  const [a, b] = [1 / 3, 2 / 3].map(u => ({
    x: from.x + u * (to.x - from.x) + off(),
    y: from.y + u * (to.y - from.y) + off(),
  }))
  const duration = random.uniform(350, 900)
  const drawn: Drawn = []
  for (let ms = 0; ms <= duration; ms += random.uniform(8, 16)) {
    const share = ms / duration
    const u = share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2
    const on = (axis: keyof Place) =>
      (1 - u) ** 3 * from[axis] +
      3 * (1 - u) ** 2 * u * (a?.[axis] ?? 0) +
      3 * (1 - u) * u ** 2 * (b?.[axis] ?? 0) +
      u ** 3 * to[axis]
    drawn.push({ ms, x: on('x'), y: on('y') })
  }
  return drawn
}

/** A straight line in equal steps, every `everyMs` one of `px`. */
export function asLine(everyMs: number, px: number): Draw {
  return (_, from, to) => {
    const steps = Math.max(1, Math.round(Math.hypot(to.x - from.x, to.y - from.y) / px))
    return Array.from({ length: steps }, (_, step) => {
      const u = (step + 1) / steps
      return { ms: step * everyMs, x: from.x + u * (to.x - from.x), y: from.y + u * (to.y - from.y) }
    })
  }
}

/** Put there in one step. */
export const asJump: Draw = (_, _from, to) => [{ ms: 0, ...to }]

/** Keys with these waits from press to press, and these holds. A key is down only once at a time. */
export function typingInput(strokes: number, waitMs: () => number, holdMs: () => number): InputEvent[] {
  const events: InputEvent[] = []
  let at = 0
  for (let stroke = 0; stroke < strokes; stroke++) {
    at += Math.max(1, waitMs())
    const slot = stroke % 8
    events.push({ kind: 'key-down', at, slot }, { kind: 'key-up', at: at + Math.max(0, holdMs()), slot })
  }
  return events.sort((a, b) => a.at - b.at)
}

export const handPauseMs = (random: Random) => 300 + random.logNormal(700, 0.9)
export const handHoldMs = (random: Random) => Math.max(45, random.normal(95, 18))

/** A person at work: pointing, clicking and a few words now and then. */
export function person(random: Random, spanMs: number): InputEvent[] {
  const events: InputEvent[] = []
  let at = 0
  while (at < spanMs) {
    const pointed = pointing(random, random.uniform(15_000, 40_000), {
      draw: asPerson,
      pauseMs: () => 60 + random.logNormal(350, 1),
      clicks: 0.5,
      holdMs: handHoldMs,
    })
    const typed = typingInput(
      Math.round(random.uniform(20, 120)),
      () => Math.max(30, random.logNormal(170, 0.55)),
      () => Math.max(40, random.normal(95, 22)),
    )
    at = append(events, at, pointed)
    at = append(events, at + 800, typed) + 800
  }
  return events
}

/** Puts `part` behind what is there already, beginning at `at`. @returns when it ends */
export function append(events: InputEvent[], at: number, part: readonly InputEvent[]): number {
  const first = part[0]?.at ?? 0
  for (const event of part) events.push({ ...event, at: event.at - first + at })
  return events.at(-1)?.at ?? at
}
