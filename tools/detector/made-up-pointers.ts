import type { InputEvent } from '../../native-host/input/input-event.ts'
import type { Random } from '../../test/support/seeded-random.ts'
import {
  asBezier,
  asHand,
  type Draw,
  type Drawn,
  type Place,
  pointing,
} from '../../test/support/synthetic-input.ts'

/** Draws one run of a tool; its parameters are drawn first, so that no two runs are of the same tool. */
export type MadeUpTool = (random: Random, spanMs: number) => InputEvent[]

/**
 * How the pointer gets from one place to another, in tools that imitate a hand. The model is fitted to runs of these: there
 * are more of them than a person can record.
 */
const styles: Record<string, (random: Random) => Draw> = {
  bezier: () => asBezier,
  bezier_on_a_timer: random => onBezier(timerOf(random), oneOf(random, easings)),
  bezier_distorted: random => distorted(random, onBezier(timerOf(random), oneOf(random, easings))),
  bezier_overshooting: random => overshooting(onBezier(timerOf(random), oneOf(random, easings))),
  sigma_lognormal: () => asHand,
  sigma_lognormal_smooth: smoothLogNormal,
  minimum_jerk: minimumJerk,
  spring: springs,
  eased_line: random => easedLine(timerOf(random), oneOf(random, easings)),
}

/** Tools that go nowhere in particular. No model is fitted to them: a person may draw circles. */
export const wanderers: Record<string, MadeUpTool> = {
  wander_smoothly: (random, spanMs) => bouts(random, spanMs, smoothNoise(random)),
  circles: (random, spanMs) => bouts(random, spanMs, figures(random)),
  random_walk: (random, spanMs) => bouts(random, spanMs, walk(random)),
  turntable: (random, spanMs) => bouts(random, spanMs, turntable(random)),
}

export const imitations: Record<string, MadeUpTool> = Object.fromEntries(
  Object.entries(styles).map(([name, style]): [string, MadeUpTool] => [
    name,
    (random, spanMs) => pointing(random, spanMs, { draw: style(random), ...habitsOf(random) }),
  ]),
)

function habitsOf(random: Random) {
  const [shortest, longest] = oneOf(random, [
    [400, 2500],
    [1000, 1000],
    [300, 900],
    [1500, 5000],
  ])
  return {
    pauseMs: () => random.uniform(shortest, longest),
    clicks: oneOf(random, [0, 0.5, 1]),
    holdMs: () => random.uniform(50, 130),
  }
}

type Timer = (random: Random) => number
type Easing = (share: number) => number

function timerOf(random: Random): Timer {
  const every = oneOf(random, [5, 8, 10, 12, 16.7])
  const jitter = oneOf(random, [0, 0, 0.1, 0.3])
  return of => every * of.uniform(1 - jitter, 1 + jitter)
}

const easings: Easing[] = [
  share => share,
  share => 1 - (1 - share) ** 2,
  share => 1 - (1 - share) ** 3,
  share => (1 - Math.cos(Math.PI * share)) / 2,
  share => (share < 0.5 ? 2 * share ** 2 : 1 - 2 * (1 - share) ** 2),
  share => (share < 0.5 ? 4 * share ** 3 : 1 - 4 * (1 - share) ** 3),
  share => share ** 3 * (10 - 15 * share + 6 * share ** 2),
]

function onBezier(timer: Timer, easing: Easing): Draw {
  return (random, from, to) => {
    const size = distance(from, to)
    const knots = [1 / 3, 2 / 3].map(share => {
      const off = () => random.uniform(-0.3, 0.3) * size
      return { x: from.x + share * (to.x - from.x) + off(), y: from.y + share * (to.y - from.y) + off() }
    })
    const [a = from, b = to] = knots
    return along(random, timer, easing, 150 + 120 * Math.log2(1 + size / 40), u => ({
      x: (1 - u) ** 3 * from.x + 3 * (1 - u) ** 2 * u * a.x + 3 * (1 - u) * u ** 2 * b.x + u ** 3 * to.x,
      y: (1 - u) ** 3 * from.y + 3 * (1 - u) ** 2 * u * a.y + 3 * (1 - u) * u ** 2 * b.y + u ** 3 * to.y,
    }))
  }
}

function easedLine(timer: Timer, easing: Easing): Draw {
  return (random, from, to) =>
    along(random, timer, easing, 150 + 120 * Math.log2(1 + distance(from, to) / 40), u => ({
      x: from.x + u * (to.x - from.x),
      y: from.y + u * (to.y - from.y),
    }))
}

/** Half of the places are a pixel or so off. */
function distorted(random: Random, draw: Draw): Draw {
  const [mean, deviation] = [random.uniform(0, 1), random.uniform(0.3, 1.5)]
  return (of, from, to) =>
    draw(of, from, to).map(({ ms, x, y }) => ({
      ms,
      x,
      y: of.uniform(0, 1) < 0.5 ? y + of.normal(mean, deviation) : y,
    }))
}

/** Past the target, and back to it. */
function overshooting(draw: Draw): Draw {
  return (random, from, to) => {
    const size = distance(from, to)
    if (size < 200 || random.uniform(0, 1) < 0.3) return draw(random, from, to)
    const over = () => random.uniform(-0.08, 0.08) * size
    const past = { x: to.x + over(), y: to.y + over() }
    const first = draw(random, from, past)
    const restMs = (first.at(-1)?.ms ?? 0) + random.uniform(20, 120)
    return [...first, ...draw(random, past, to).map(place => ({ ...place, ms: place.ms + restMs }))]
  }
}

/** Log-normal pulses (Plamondon 1995), without tremor and on a timer. */
function smoothLogNormal(random: Random): Draw {
  const timer = timerOf(random)
  const pulses = oneOf(random, [1, 2, 4])
  const spread = random.uniform(0.2, 0.5)
  return (of, from, to) => {
    const parts = Array.from({ length: pulses }, (_, index) => ({
      at: index * of.uniform(60, 200),
      median: of.logNormal(130, 0.3),
      turn: of.normal(0, 0.15),
    }))
    const end = Math.max(...parts.map(({ at, median }) => at + median * Math.exp(2.5 * spread)))
    return along(
      of,
      timer,
      share => share,
      end,
      share => {
        let [x, y] = [from.x, from.y]
        for (const { at, median, turn } of parts) {
          const since = share * end - at
          const done = since <= 0 ? 0 : 1 / (1 + Math.exp((-1.702 * Math.log(since / median)) / spread))
          const [dx, dy] = [(to.x - from.x) / pulses, (to.y - from.y) / pulses]
          x += done * (dx * Math.cos(turn) - dy * Math.sin(turn))
          y += done * (dx * Math.sin(turn) + dy * Math.cos(turn))
        }
        return { x, y }
      },
    )
  }
}

/** Flash and Hogan 1985, on a bow, with noise. */
function minimumJerk(random: Random): Draw {
  const timer = timerOf(random)
  const noise = oneOf(random, [0, 0.5, 1.5])
  const bow = random.uniform(0, 0.12)
  return (of, from, to) => {
    const side = of.normal(0, bow)
    return along(
      of,
      timer,
      easings.at(-1) ?? (u => u),
      of.uniform(0.8, 1.2) * (200 + 110 * Math.log2(1 + distance(from, to) / 30)),
      u => {
        const off = side * Math.sin(Math.PI * u)
        return {
          x: from.x + u * (to.x - from.x) - off * (to.y - from.y) + of.normal(0, noise),
          y: from.y + u * (to.y - from.y) + off * (to.x - from.x) + of.normal(0, noise),
        }
      },
    )
  }
}

/** A mass that is drawn to the target and blown about. */
function springs(random: Random): Draw {
  const timer = timerOf(random)
  const [pull, drag, wind] = [random.uniform(15, 60), random.uniform(6, 14), random.uniform(0, 2500)]
  return (of, from, to) => {
    const drawn: Drawn = []
    const [place, speed] = [{ ...from }, { x: 0, y: 0 }]
    for (let ms = 0; ms < 3000 && distance(place, to) > 3; ) {
      const step = timer(of)
      for (const axis of ['x', 'y'] as const) {
        const force = pull * (to[axis] - place[axis]) - drag * speed[axis] + of.normal(0, wind)
        speed[axis] += (force * step) / 1000
        place[axis] += (speed[axis] * step) / 1000
      }
      ms += step
      drawn.push({ ms, ...place })
    }
    return drawn
  }
}

function along(
  random: Random,
  timer: Timer,
  easing: Easing,
  spanMs: number,
  at: (u: number) => Place,
): Drawn {
  const drawn: Drawn = []
  for (let ms = 0; ms <= spanMs; ms += timer(random)) drawn.push({ ms, ...at(easing(ms / spanMs)) })
  return drawn
}

/** Moves for some seconds, rests, and moves on; some never rest. */
function bouts(random: Random, spanMs: number, placeAt: (ms: number) => Place): InputEvent[] {
  const timer = timerOf(random)
  const [shortest, longest] = oneOf(random, [
    [spanMs, spanMs],
    [1000, 4000],
    [200, 1500],
  ])
  const restMs = random.uniform(500, 6000)
  const events: InputEvent[] = []
  let moved = 0
  for (let at = 0; at < spanMs; at += restMs * random.uniform(0.5, 1.5)) {
    for (const end = at + random.uniform(shortest, longest); at < end && at < spanMs; ) {
      const step = timer(random)
      at += step
      moved += step
      const { x, y } = placeAt(moved)
      events.push({ kind: 'move', at, x: Math.round(x), y: Math.round(y) })
    }
  }
  return events
}

/** Noise of a few octaves, as 1/f. */
function smoothNoise(random: Random): (ms: number) => Place {
  const octave = (periodMs: number, size: number) => {
    const knots = Array.from({ length: 4096 }, () => random.uniform(-size, size))
    return (ms: number) => {
      const knot = Math.floor(ms / periodMs)
      const share = ms / periodMs - knot
      const u = share * share * (3 - 2 * share)
      return (knots[knot % 4096] ?? 0) * (1 - u) + (knots[(knot + 1) % 4096] ?? 0) * u
    }
  }
  const [period, size] = [random.uniform(300, 2500), random.uniform(60, 700)]
  const axis = () => [1, 2, 4].map(part => octave(period / part, size / part))
  const [x, y] = [axis(), axis()]
  const sum = (of: typeof x, ms: number) => of.reduce((total, wave) => total + wave(ms), 0)
  return ms => ({ x: 960 + sum(x, ms), y: 540 + sum(y, ms) })
}

/** Circles, ellipses and Lissajous figures. */
function figures(random: Random): (ms: number) => Place {
  const periodMs = random.uniform(800, 6000)
  const [width, height] = [random.uniform(10, 400), random.uniform(10, 400)]
  const ratio = oneOf(random, [1, 1, 2, 1.5])
  return ms => ({
    x: 960 + width * Math.cos((2 * Math.PI * ms) / periodMs),
    y: 540 + height * Math.sin((2 * Math.PI * ratio * ms) / periodMs),
  })
}

function walk(random: Random): (ms: number) => Place {
  const deviation = random.uniform(1, 12)
  const place = { x: 960, y: 540 }
  return () => {
    place.x = Math.min(1900, Math.max(0, place.x + random.normal(0, deviation)))
    place.y = Math.min(1060, Math.max(0, place.y + random.normal(0, deviation)))
    return place
  }
}

/** A mouse that lies on something that turns: small steps whose direction hardly changes. */
function turntable(random: Random): (ms: number) => Place {
  const pxPerMs = random.uniform(0.03, 0.6)
  const turnMs = random.uniform(600, 20_000)
  const slip = random.uniform(0, 0.4)
  const place = { x: 960, y: 540 }
  let last = 0
  return ms => {
    const way = pxPerMs * (ms - last) * (1 + random.normal(0, slip))
    last = ms
    place.x += way * Math.cos((2 * Math.PI * ms) / turnMs)
    place.y += way * Math.sin((2 * Math.PI * ms) / turnMs)
    return place
  }
}

function distance(a: Place, b: Place): number {
  return Math.hypot(b.x - a.x, b.y - a.y)
}

function oneOf<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random.uniform(0, choices.length))]
  if (choice === undefined) throw new Error('There is nothing to choose from')
  return choice
}
