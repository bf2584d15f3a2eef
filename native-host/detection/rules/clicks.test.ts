import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judged } from '../../../test/support/judged.ts'
import { ruleRun, verdictsOn } from '../../../test/support/rule-run.ts'
import { seededRandom } from '../../../test/support/seeded-random.ts'
import type { InputEvent } from '../../input/input-event.ts'
import { clicks as clicksRule } from './clicks.ts'

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
    /held for 80 ms on average and came every 500 ms with a variation of 0\.0 %/,
  ],
  [
    'at random, held for 20 to 60 ms',
    { count: 50, waitMs: between(200, 900), holdMs: between(20, 60) },
    /held for (3|4)\d ms on average and came every \d+ ms/,
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

/** Clicks in place with these waits from press to press, and these holds. */
function added(waits: readonly number[], holds: readonly number[], moves = 0) {
  const place = { x: 1, y: 1 }
  let at = 0
  const events = waits.flatMap((wait, index): InputEvent[] => {
    at += wait
    const move: InputEvent[] = Array.from({ length: moves }, () => ({ kind: 'move', at, ...place }))
    const hold = holds[index % holds.length] ?? 0
    return [
      ...move,
      { kind: 'button-down', at, button: 1, ...place },
      { kind: 'button-up', at: at + hold, button: 1, ...place },
    ]
  })
  const rule = clicksRule()
  return { amounts: ruleRun(rule, events), said: rule.evidence() }
}
const alternately = (count: number, ...values: number[]) =>
  Array.from({ length: count }, (_, index) => values[index % values.length] ?? 0)

const amounts: [what: string, waits: number[], holds: number[], amount: number][] = [
  ['a beat', [400], [60, 140], 1],
  ['held equally long without a beat', [300, 500], [90], 0.4],
  ['held for less than 62 ms without a beat', [300, 500], [30, 61], 0.4],
  ['the same twice as fast', [150, 250], [30, 61], 0.1],
  ['and three times as fast', [100, 160], [30, 61], 0.1 * 0.65 ** 2],
  ['held for 62 ms now and then', [300, 500], [30, 62], 0],
  ['held as a hand holds', [300, 500], [70, 110], -2],
  ['held as briefly as a hand holds', [300, 500], [60, 80], 0],
]
describe('of ten clicks in place', () => {
  for (const [what, waits, holds, amount] of amounts)
    test(`${what}: ${amount.toFixed(2)}`, () => {
      const { amounts, said } = added(alternately(13, ...waits), holds)
      const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
      const [[found = Number.NaN, since = Number.NaN, at = Number.NaN] = [], ...others] = amounts
      assert.deepEqual(others, [])
      assert.ok(Math.abs(found - amount) < 1e-9, `${found}`)
      assert.ok(Math.abs(at - since - 10 * mean) < 1e-6, `${at - since}`)
      assert.equal(said.value, mean)
    })
})

test('it tells how long they were held, how often they came and how much that varied', () =>
  assert.match(
    added(alternately(13, 300, 500), [70, 110]).said.text,
    /held for 90 ms on average and came every 400 ms with a variation of 25\.0 %/,
  ))

test('the first three are those of a double click, and the tenth after them is judged', () => {
  assert.equal(added(alternately(12, 400), [90]).amounts.length, 0)
  assert.equal(added(alternately(15, 400), [90]).amounts.length, 3)
})

test('a way to the click, or five seconds without one, begins anew', () => {
  assert.equal(added(alternately(30, 400), [90], 2).amounts.length, 0)
  assert.equal(added(alternately(15, 400), [90], 1).amounts.length, 3)
  assert.equal(added([...alternately(12, 400), 5000, ...alternately(11, 400)], [90]).amounts.length, 0)
  assert.equal(added([...alternately(12, 400), 4999], [90]).amounts.length, 1)
})

test('clicks that no mouse reports say nothing', () => {
  assert.equal(added(alternately(13, 0.9), [0.2]).amounts.length, 0)
  assert.equal(added(alternately(13, 1), [0.2]).amounts.length, 1)
})

test('what it makes of known input is that of this version of the rules', () => {
  assert.deepEqual(verdictsOn(clicksRule), {
    clicks: '18: 68.40 since 1254.39 at 2100.35, says 43 435 36.7',
    'even clicks': '18: 171.00 since 1732.10 at 2929.10, says 95 700 0.0',
    'clicks of a finger': '18: -342.00 since 443.43 at 735.52, says 88 183 21.2',
  })
})
