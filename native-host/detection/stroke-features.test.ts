import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
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

test('whatever is drawn, every feature is a number', () => {
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
