import type { InputEvent } from '../../native-host/core/input-event.ts'
import { type Random, seededRandom } from '../../test/support/seeded-random.ts'
import {
  append,
  asBezier,
  asHand,
  type Draw,
  pointing,
  typingInput,
} from '../../test/support/synthetic-input.ts'
import type { Session } from './recordings.ts'

/** Tools that nobody recorded. No model is ever fitted to them. */
export function madeUpTools(people: readonly Session[]): Session[] {
  return [
    ...runs('bezier', random => pointingTool(random, asBezier)),
    ...runs('sigma_lognormal', random => pointingTool(random, asHand)),
    ...runs('typer_gaussian', random =>
      typed(
        () => random.normal(180, 45),
        () => random.normal(80, 15),
      ),
    ),
    ...runs('typer_lognormal', random =>
      typed(
        () => random.logNormal(165, 0.4),
        () => random.logNormal(75, 0.25),
      ),
    ),
    ...runs('typer_uniform_made_up', random =>
      typed(
        () => random.uniform(60, 300),
        () => random.uniform(40, 110),
      ),
    ),
    ...minutesOf(people).map((minute, index) =>
      run('replay_jittered', index, random => jitteredReplay(random, minute)),
    ),
  ]
}

const runsEach = 12
const runMs = 300_000

function runs(set: string, make: (random: Random) => InputEvent[]): Session[] {
  return Array.from({ length: runsEach }, (_, index) => run(set, index, make))
}

function run(set: string, index: number, make: (random: Random) => InputEvent[]): Session {
  const name = String(index)
  return { set, user: `${set}/${name}`, name, events: make(seededRandom(1000 + index)) }
}

function pointingTool(random: Random, draw: Draw): InputEvent[] {
  return pointing(random, runMs, {
    draw,
    pauseMs: () => random.uniform(400, 2500),
    clicks: 0.5,
    holdMs: () => random.uniform(50, 130),
  })
}

function typed(waitMs: () => number, holdMs: () => number): InputEvent[] {
  return typingInput(
    Math.round(runMs / 180),
    () => Math.max(15, waitMs()),
    () => Math.max(5, holdMs()),
  )
}

/** The fullest minute of each of some people's sittings. */
function minutesOf(people: readonly Session[]): InputEvent[][] {
  return people.slice(0, 3 * runsEach).flatMap(({ events }) => {
    const began = events[0]?.at ?? 0
    const byMinute = Map.groupBy(events, ({ at }) => Math.floor((at - began) / 60_000))
    const fullest = [...byMinute.values()].sort((a, b) => b.length - a.length)[0] ?? []
    return fullest.length > 300 ? [fullest] : []
  })
}

/** The same minute again and again, every place off by up to 2 px and every wait by up to 5 %. */
function jitteredReplay(random: Random, minute: readonly InputEvent[]): InputEvent[] {
  const events: InputEvent[] = []
  let at = 0
  while (at < runMs) {
    let now = 0
    let before = minute[0]?.at ?? 0
    const played = minute.map((event): InputEvent => {
      now += (event.at - before) * random.uniform(0.95, 1.05)
      before = event.at
      if (event.kind !== 'move') return { ...event, at: now }
      const off = () => Math.round(random.uniform(-2, 2))
      return { ...event, at: now, x: event.x + off(), y: event.y + off() }
    })
    at = append(events, at, played) + 200
  }
  return events
}
