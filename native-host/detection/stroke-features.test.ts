import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { strokeOf } from '../../test/support/rule-run.ts'
import { seededRandom } from '../../test/support/seeded-random.ts'
import { asHand, asLine, type Drawn } from '../../test/support/synthetic-input.ts'
import {
  measureStroke,
  type StrokeFeatureName,
  strokeFeatureCount,
  strokeFeatures,
} from './stroke-features.ts'
import { createStrokes } from './strokes.ts'

function measured(drawn: Drawn) {
  const strokes = createStrokes()
  for (const { ms, x, y } of drawn) strokes.add({ kind: 'move', at: ms, x: Math.round(x), y: Math.round(y) })
  const stroke = strokes.settle(Number.POSITIVE_INFINITY)
  const row = new Float64Array(strokeFeatureCount)
  if (stroke) measureStroke(stroke, row)
  return {
    row,
    value: (name: StrokeFeatureName) => row[strokeFeatures.findIndex(row => row.name === name)] ?? Number.NaN,
  }
}

const random = () => seededRandom(1)
const from = { x: 0, y: 0 }
const to = { x: 800, y: 0 }
const line = measured([{ ms: -10, x: 0, y: 0 }, ...asLine(10, 8)(random(), from, to)])
const hand = measured(asHand(random(), from, to))

const exact: [name: StrokeFeatureName, value: number][] = [
  ['steps', Math.log(100)],
  ['duration', Math.log(1 + 1000)],
  ['path', Math.log(800)],
  ['straightness', 1],
  ['largest_share', 0.01],
  ['unit_steps', 0],
  ['interval', Math.log(1 + 10)],
  ['interval_variation', 0],
  ['step_variation', 0],
  ['collinear', 1],
  ['turning', 0],
  ['roughness', 0],
  ['largest_step', Math.log(8)],
]
describe('a line of 100 equal steps of 8 px, every 10 ms', () => {
  for (const [name, value] of exact)
    test(`${name} is ${value.toFixed(2)}`, () =>
      assert.ok(Math.abs(line.value(name) - value) < 1e-9, String(line.value(name))))
})

const differs: [name: StrokeFeatureName, how: 'more' | 'less'][] = [
  ['speed_variation', 'more'],
  ['step_variation', 'more'],
  ['turning', 'more'],
  ['roughness', 'more'],
  ['collinear', 'less'],
  ['speed_first', 'less'],
  ['speed_last', 'less'],
]
describe('against that, a hand has', () => {
  for (const [name, how] of differs)
    test(`${how} ${name}`, () => assert.ok(hand.value(name) > line.value(name) === (how === 'more')))
})

test('property: every feature is a number', () => {
  const place = fc.record({
    ms: fc.nat(300),
    x: fc.integer({ min: -1e6, max: 1e6 }),
    y: fc.integer({ min: -1e6, max: 1e6 }),
  })
  fc.assert(
    fc.property(fc.array(place, { minLength: 2, maxLength: 60 }), places => {
      let at = 0
      const drawn = places.map(({ ms, x, y }) => {
        at += ms
        return { ms: at, x, y }
      })
      assert.ok(measured(drawn).row.every(Number.isFinite))
    }),
  )
})

/** By hand: five steps of 3, 4, 5, 1 and 3 px, with a turn to the left and one back, a second after the last. */
const stroke = strokeOf(
  [
    [3, 0, Number.NaN],
    [0, 4, 10],
    [3, 4, 20],
    [0, -1, 40],
    [0, -3, 10],
  ],
  { pauseMs: 999 },
)
const lengths = [3, 4, 5, 1, 3]
const times = [10, 20, 40, 10]
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const spread = (values: readonly number[]) =>
  Math.sqrt(mean(values.map(value => (value - mean(values)) ** 2))) / mean(values)
/** Of 80 ms in eighths: each step lies where the middle of its time is. */
const eighths = [3 + 4, 0, 5, 0, 0, 1, 0, 3]
const byHand: [name: StrokeFeatureName, value: number][] = [
  ['steps', Math.log(5)],
  ['duration', Math.log(81)],
  ['path', Math.log(16)],
  ['straightness', Math.hypot(6, 4) / 16],
  ['largest_share', 5 / 16],
  ['unit_steps', 1 / 5],
  ['interval', Math.log(1 + mean(times))],
  ['interval_variation', spread(times)],
  ['step_variation', spread(lengths)],
  ['speed_variation', spread(eighths)],
  ['speed_first', 7 / 2],
  ['speed_last', 3 / 2],
  ['collinear', 1 / 4],
  ['turning', (Math.PI / 2 + (Math.PI / 2 - Math.atan2(4, 3)) + (Math.PI / 2 + Math.atan2(4, 3))) / 4],
  ['roughness', (1 + 1 + 4 + 2) / 4 / mean(lengths)],
  ['pause', Math.log(1000)],
  ['largest_step', Math.log(5)],
]
describe('a stroke of five steps', () => {
  const row = new Float64Array(strokeFeatureCount)
  measureStroke(stroke, row)
  for (const [name, value] of byHand)
    test(`${name} is ${value.toFixed(3)}`, () => {
      const measured = row[strokeFeatures.findIndex(feature => feature.name === name)] ?? Number.NaN
      assert.ok(Math.abs(measured - value) < 1e-9, `${measured}`)
    })
  test('a pause of more than a minute counts as a minute, and back is a turn', () => {
    const back = strokeOf([
      [2, 0, 5],
      [-2, 0, 5],
    ])
    measureStroke(back, row)
    assert.deepEqual([row[15], row[13], row[12]], [Math.log(60_001), Math.PI, 1])
  })
  test('a single step has no time and no turn', () => {
    measureStroke(strokeOf([[7, 0, Number.NaN]]), row)
    assert.deepEqual([...row.subarray(6, 8), ...row.subarray(12, 15)], [0, 0, 0, 0, 0])
    assert.deepEqual([row[1], row[9], row[10], row[11]], [0, Math.sqrt(7), 8, 0])
  })
})
