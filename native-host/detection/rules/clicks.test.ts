import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judged } from '../../../test/support/judged.ts'
import { seededRandom } from '../../../test/support/seeded-random.ts'
import type { InputEvent } from '../../input/input-event.ts'

type Clicking = { count: number; waitMs(): number; holdMs(): number }

function clicks({ count, waitMs, holdMs }: Clicking): InputEvent[] {
  const place = { x: 400, y: 300 }
  const events: InputEvent[] = [{ kind: 'move', at: 0, ...place }]
  let at = 0
  for (let click = 0; click < count; click++) {
    at += waitMs()
    const released = at + holdMs()
    events.push({ kind: 'button-down', at, button: 1, ...place })
    events.push({ kind: 'button-up', at: released, button: 1, ...place })
  }
  return events
}

const r = seededRandom(3)
const always = (value: number) => () => value
const between = (low: number, high: number) => () => r.uniform(low, high)

const tools: [what: string, clicking: Clicking, sentence: RegExp][] = [
  [
    'every half second',
    { count: 30, waitMs: always(500), holdMs: always(80) },
    /held for 80 ms on average, every 500 ms with a variation of 0\.0 %/,
  ],
  [
    'at random, held for 20 to 60 ms',
    { count: 50, waitMs: between(200, 900), holdMs: between(20, 60) },
    /held for (3|4)\d ms on average, every \d+ ms/,
  ],
  [
    'at random and not held at all',
    { count: 50, waitMs: between(200, 900), holdMs: always(0) },
    /held for 0 ms on average/,
  ],
  [
    'on the beat, however long they are held',
    { count: 40, waitMs: always(700), holdMs: between(60, 130) },
    /every 700 ms with a variation of 0\.0 %/,
  ],
]
describe('an auto-clicker is found', () => {
  for (const [what, clicking, sentence] of tools)
    test(what, () => assert.match(judged(clicks(clicking)).said('clicks_alike') ?? '', sentence))
})

const hand = () => Math.max(62, r.normal(92, 15))
const people: [what: string, clicking: Clicking][] = [
  ['a double click', { count: 2, waitMs: always(150), holdMs: always(50) }],
  [
    'a game that is played with one button',
    { count: 200, waitMs: () => r.logNormal(180, 0.2), holdMs: hand },
  ],
  ['a page that is turned again and again', { count: 60, waitMs: () => r.logNormal(900, 0.4), holdMs: hand }],
  [
    'a game that is played as fast as a finger can',
    { count: 250, waitMs: () => Math.max(70, r.normal(105, 14)), holdMs: between(30, 58) },
  ],
  [
    'pictures that are turned by tapping',
    { count: 25, waitMs: () => r.logNormal(900, 0.4), holdMs: always(0) },
  ],
  [
    'ten quick clicks of a light finger',
    { count: 10, waitMs: () => r.logNormal(160, 0.15), holdMs: between(40, 60) },
  ],
]
describe('a finger is not', () => {
  for (const [what, clicking] of people)
    test(what, () => {
      const level = judged(clicks(clicking)).level('clicks_alike')
      assert.ok(level < 0.7, `${level.toFixed(2)} of the limit`)
    })
})

test('a press whose release is missing is no click', () => {
  const presses = clicks({ count: 40, waitMs: always(500), holdMs: always(80) })
  assert.equal(judged(presses.filter(({ kind }) => kind !== 'button-up')).level('clicks_alike'), 0)
})
