import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growth, largestStep, type Point, uncertainty, withoutStep } from './slope.ts'

/** Minutes, of which the first ten are left out, as in soak.ts. */
const period = 10
const from = 10
const to = 60
const everyMinutes = 1 / 6

test('a level sawtooth does not grow, at any start of its teeth', () => {
  for (let phase = 0; phase < period; phase += 1.5)
    assert.ok(Math.abs(perHour(course({ phase }))) < 1e-9, `${phase}`)
})

test('a level sawtooth does not grow where its teeth are a little longer than a period, nor under noise', () => {
  for (const { seed, phase } of cases) {
    const found = perHour(course({ phase, tooth: 10.2, noise: noise(seed) }))
    assert.ok(Math.abs(found) < 0.8, `${seed}, ${phase}: ${found}`)
  }
})

test('a growth of 2 MB an hour is found under a sawtooth and noise', () => {
  for (const { seed, phase } of cases) {
    const found = perHour(course({ phase, noise: noise(seed), more: minute => minute / 30 }))
    assert.ok(found > 1.4 && found < 2.6, `${seed}, ${phase}: ${found}`)
  }
})

test('a growth that slows down is not level until it has', () => {
  const found = perHour(course({ more: minute => 6 * (1 - Math.exp(-minute / 20)) }))
  assert.ok(found > 1, `${found}`)
})

test('a growth that begins late is not level', () => {
  const found = perHour(course({ noise: noise(1), more: minute => Math.max(0, minute - 40) / 6 }))
  assert.ok(found > 1, `${found}`)
})

test('a step is found, with its height and its place, and counts as growth', () => {
  for (const at of [25, 38, 46]) {
    const points = course({ noise: noise(at), more: minute => (minute < at ? 0 : 3) })
    assert.ok(perHour(points) > 1)
    const step = largestStep(points, period)
    assert.ok(step && Math.abs(step[0] - at) < 1 && Math.abs(step[1] - 3) < 0.5, `${at}: ${step}`)
    assert.ok(Math.abs(perHour(withoutStep(points, step))) < 0.8)
  }
})

test('a steady growth still grows without its largest step', () => {
  const points = course({ noise: noise(1), more: minute => minute / 30 })
  assert.ok(perHour(withoutStep(points, largestStep(points, period) ?? [0, 0])) > 1)
})

test('one wild reading decides nothing', () => {
  const points = course({})
  const wild = points.map(([x, y], index): Point => [x, index === 295 ? y + 10 : y])
  assert.ok(Math.abs(perHour(wild)) < 0.5, `${perHour(wild)}`)
})

test('points along a line leave no doubt, at any slope', () => {
  for (const perMinute of [0, 1 / 30])
    assert.ok(uncertainty(course({ more: minute => minute * perMinute }), period) * 60 < 1e-6)
})

test('the true growth lies within the doubt, which a longer run makes smaller', () => {
  for (const { seed } of cases) {
    // Ups and downs that no period has, as of a heap that grows and is tidied up at odd times.
    const wander = (minute: number) => Math.sin(minute / (3 + seed / 10)) + Math.sin(minute / 7 + seed)
    const short = course({ more: minute => wander(minute) + minute / 30 })
    const long = course({ until: 190, more: minute => wander(minute) + minute / 30 })
    const [doubt, less] = [uncertainty(short, period) * 60, uncertainty(long, period) * 60]
    assert.ok(Math.abs(perHour(short) - 2) < 1.5 * doubt, `${seed}: ${perHour(short)} ± ${doubt}`)
    assert.ok(less < doubt / 2, `${less} of ${doubt}`)
  }
})

test('less than three periods tell no doubt', () =>
  assert.ok(Number.isNaN(uncertainty(course({ until: 39 }), period))))

test('less than two periods have no growth and no step', () => {
  const short = course({}).slice(0, Math.floor(1.9 * period * (1 / everyMinutes)))
  assert.ok(Number.isNaN(growth(short, period)))
  assert.equal(largestStep(short, period), undefined)
  assert.ok(Number.isNaN(growth([], period)))
})

const cases = [1, 2, 3, 4].map(seed => ({ seed, phase: (seed * 1.7) % period }))

function perHour(points: readonly Point[]): number {
  return growth(points, period) * 60
}

/** Memory that fills by three megabytes between two collections. */
function course({
  phase = 0,
  tooth = period,
  noise = () => 0,
  more = () => 0,
  until = to,
}: {
  phase?: number
  tooth?: number
  noise?: () => number
  more?: (minute: number) => number
  until?: number
}): Point[] {
  return Array.from({ length: Math.round((until - from) / everyMinutes) + 1 }, (_, index): Point => {
    const minute = from + index * everyMinutes
    // In steps of the reading: a tooth of floating numbers could end a step early.
    const within = (index + Math.round(phase / everyMinutes)) % Math.round(tooth / everyMinutes)
    return [minute, 85 + within * everyMinutes * 0.3 + noise() + more(minute)]
  })
}

/** Mostly small, and a third of the time a buffer of up to 1.5 MB more. */
function noise(seed: number): () => number {
  let state = seed
  const random = () => {
    state = (state * 1664525 + 1013904223) % 4294967296
    return state / 4294967296
  }
  for (let first = 0; first < 10; first++) random()
  return () => (random() + random() - 1) * 0.6 + (random() < 0.3 ? 1.5 * random() : 0)
}
