import { setTimeout as sleep } from 'node:timers/promises'
import { someKeycode } from '../test/support/hardware-input.ts'
import { type Stage, startScenario } from '../test/support/scenario.ts'
import type { Benchmark, Figure } from './figure.ts'
import { ownMb, residentMb } from './process-cost.ts'
import { growth, largestStep, type Point, uncertainty, withoutStep } from './slope.ts'
import { startTracking } from './tracking-agent.ts'

/** Until then caches fill and V8 compiles what it sees used. */
const settlingMinutes = 10
/** Agent and hook collect their garbage every ten minutes of work. */
const periodMinutes = 10
/** Two periods have one slope, which says little. */
const fewestMinutes = settlingMinutes + 3 * periodMinutes
const limitMbPerHour = 1
const strokeEveryMs = 300
const sampleEveryMs = 10_000
const minuteMs = 60_000

/**
 * Steady work: nothing that runs all day may grow all day.
 *
 * Measured over 45 minutes beside a load of twenty (2026-11-30): the agent's own memory was 42.7 MB in the ten minutes after the
 * first ten and 42.4 MB in the last ten. The hook's rose from 16.2 MB to 16.9 MB until minute 30, and by 0.05 MB after it.
 * So the agent keeps to the limit (-1.5 MB an hour). The hook misses it (2.1 MB an hour), as its rise after the first collection
 * counts in so short a run.
 */
const soak: Benchmark = {
  long: true,
  what: 'three keys, a click and a jump every 0.3 s, a screenshot every 10 s; --minutes 60',

  lacks: ({ minutes }) =>
    minutes >= fewestMinutes
      ? undefined
      : `--minutes has to be ${fewestMinutes} or more: the first ${settlingMinutes} do not count, and the growth is judged by three periods of ${periodMinutes}.`,

  async measure({ minutes }) {
    await using stage = await startScenario()
    for (const [name, value] of [
      ['screenshot_interval', '10'],
      ['skip_unchanged', 'off'],
    ] as const)
      await set(stage, name, value)
    const { named } = await startTracking(stage)
    const working = work(stage, performance.now() + minutes * minuteMs)
    const [course] = await Promise.all([watch(named, minutes), working])
    return figuresOf(course)
  },
}
export default soak

type Sample = { minute: number; mb: number; own: number }
/** By the name of the process. */
type Course = Map<string, Sample[]>

async function set(stage: Stage, name: string, value: string): Promise<void> {
  const { exit, stderr } = await stage.cli('settings', 'set', name, value)
  if (exit !== 0) throw new Error(`${name}: ${stderr}`)
}

async function work({ input }: Stage, endsAt: number): Promise<void> {
  for (let stroke = 0; performance.now() < endsAt; stroke++) {
    for (let key = 0; key < 3; key++) input.pressKey(someKeycode + key)
    input.click()
    input.jumpTo(100 + ((stroke * 331) % 1700), 100 + ((stroke * 173) % 800))
    await input.flush()
    await sleep(strokeEveryMs)
  }
}

async function watch(pids: Readonly<Record<string, number>>, minutes: number): Promise<Course> {
  const course: Course = new Map()
  const beganAt = performance.now()
  for (;;) {
    const minute = (performance.now() - beganAt) / minuteMs
    if (minute >= minutes) return course
    for (const [name, pid] of Object.entries(pids)) {
      const samples = course.get(name) ?? []
      samples.push({ minute, mb: await residentMb(pid), own: await ownMb(pid) })
      course.set(name, samples)
    }
    if (course.size > 0) tell(course)
    await sleep(sampleEveryMs)
  }
}

/** One line every ten minutes, so that a long run can be followed. */
function tell(course: Course): void {
  const line = [...course].map(([name, samples]) => {
    const last = samples.at(-1)
    const before = samples.at(-2)
    const isNew = last && Math.floor(last.minute / 10) !== Math.floor((before?.minute ?? -10) / 10)
    return isNew
      ? `minute ${last.minute.toFixed(0)}: ${name} ${last.mb.toFixed(1)} MB, ${last.own.toFixed(1)} of its own`
      : ''
  })
  if (line.some(Boolean)) console.error(`  ${line.join(', ')}`)
}

function figuresOf(course: Course): Figure[] {
  return [...course].flatMap(([name, samples]) => {
    const settled = samples
      .filter(({ minute }) => minute >= settlingMinutes)
      .map(({ minute, own }): Point => [minute, own])
    const value = growthPerHour(settled)
    const doubt = uncertainty(settled, periodMinutes) * 60
    const because = value > limitMbPerHour ? (doubtOf(value, doubt) ?? stepIn(settled)) : undefined
    return [
      { name: `${name}: memory at the end`, value: samples.at(-1)?.mb ?? Number.NaN, unit: 'MB' },
      { name: `${name}: of its own`, value: samples.at(-1)?.own ?? Number.NaN, unit: 'MB' },
      {
        name: `${name}: growth of its own memory after ${settlingMinutes} minutes`,
        value,
        unit: 'MB/hour',
        limit: limitMbPerHour,
        ...(because && { because }),
      },
      { name: `${name}: by which that may be wrong`, value: doubt, unit: 'MB/hour' },
    ]
  })
}

function growthPerHour(points: readonly Point[]): number {
  return growth(points, periodMinutes) * 60
}

/** A run that is too short to tell shows no level memory either. */
function doubtOf(value: number, doubt: number): string | undefined {
  if (!(value - doubt <= limitMbPerHour)) return undefined
  return `this run is too short to tell: it may be wrong by ${doubt.toFixed(1)} MB/hour`
}

/** A step may be a cache that a rare event filled, or the first of many: a longer run tells. */
function stepIn(points: readonly Point[]): string | undefined {
  const step = largestStep(points, periodMinutes)
  if (!step) return undefined
  const rest = growthPerHour(withoutStep(points, step))
  if (rest > limitMbPerHour) return undefined
  return `one step of ${step[1].toFixed(1)} MB at minute ${step[0].toFixed(0)}; without it ${rest.toFixed(1)} MB/hour`
}
