import type { InputEvent } from '../../native-host/input/input-event.ts'
import { type Random, seededRandom } from '../../test/support/seeded-random.ts'
import { append, typingInput } from '../../test/support/synthetic-input.ts'
import { imitations, type MadeUpTool, wanderers } from './made-up-pointers.ts'
import type { Session } from './recordings.ts'

/** Tools without a recording, to be judged. What a model is fitted to are other runs. */
export function madeUpTools(people: readonly Session[]): Session[] {
  return [
    ...pointersFrom({ ...imitations, ...wanderers }, judgedSeed),
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

/** Runs of the tools that imitate a hand, for the model to be fitted to. */
export function imitationsToFit(): Session[] {
  return pointersFrom(imitations, fittedSeed)
}

const runsEach = 12
const runMs = 300_000
const judgedSeed = 1000
const fittedSeed = 9000

function pointersFrom(tools: Record<string, MadeUpTool>, seed: number): Session[] {
  return Object.entries(tools).flatMap(([set, make]) => runs(set, random => make(random, runMs), seed))
}

function runs(set: string, make: (random: Random) => InputEvent[], seed = judgedSeed): Session[] {
  return Array.from({ length: runsEach }, (_, index) => run(set, index, make, seed))
}

function run(set: string, index: number, make: (random: Random) => InputEvent[], seed = judgedSeed): Session {
  const name = String(index)
  return { set, user: `${set}/${name}`, name, events: make(seededRandom(seed + index)) }
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
