import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judged } from '../../../test/support/judged.ts'
import { ruleRun, verdictsOn } from '../../../test/support/rule-run.ts'
import { seededRandom } from '../../../test/support/seeded-random.ts'
import { typingInput } from '../../../test/support/synthetic-input.ts'
import type { InputEvent } from '../../input/input-event.ts'
import { typing } from './typing.ts'

const r = seededRandom(5)
const always = (ms: number) => () => ms
const handWait = () => Math.max(30, r.logNormal(170, 0.55))
const handHold = () => Math.max(40, r.normal(95, 22))

type Row = [what: string, strokes: number, waitMs: () => number, holdMs: () => number]

const tools: [...Row, sentence: RegExp][] = [
  ['every 100 ms', 80, always(100), always(30), /held for 30 ms .* every 100 ms with a variation of 0 %/],
  ['as a hand waits, but not held', 80, handWait, always(0), /held for 0 ms on average/],
  [
    'with a little spread, held ever equally long',
    80,
    () => r.normal(150, 15),
    () => r.normal(90, 3),
    /variation of \d+ %/,
  ],
  [
    'with the spread of a bell, held briefly',
    300,
    () => r.normal(120, 25),
    () => r.normal(40, 8),
    /variation of \d+ %/,
  ],
]
describe('typing that no hand does is found', () => {
  for (const [what, strokes, waitMs, holdMs, sentence] of tools)
    test(what, () =>
      assert.match(judged(typingInput(strokes, waitMs, holdMs)).said('typing_alike') ?? '', sentence),
    )
})

const people: Row[] = [
  ['somebody who writes for ten minutes', 3000, handWait, handHold],
  ['a fast typist', 1500, () => Math.max(20, r.logNormal(95, 0.45)), () => Math.max(35, r.normal(75, 15))],
  ['one finger that searches', 400, () => r.logNormal(600, 0.5), handHold],
  ['a few words of a script’s regularity', 25, always(100), always(30)],
  ['one key that is tapped in time for half a minute', 100, () => r.normal(300, 30), () => r.normal(95, 14)],
]
describe('typing of people is not', () => {
  for (const [what, strokes, waitMs, holdMs] of people)
    test(what, () => {
      const level = judged(typingInput(strokes, waitMs, holdMs)).level('typing_alike')
      assert.ok(level < 0.7, `${level.toFixed(2)} of the limit`)
    })
})

test('presses without releases, as a held key repeats them, are not typing', () => {
  const repeats = typingInput(300, always(33), always(20)).filter(({ kind }) => kind === 'key-down')
  assert.equal(judged(repeats).level('typing_alike'), 0)
})

test('a held key that repeats while a person writes is one press', () => {
  const events = typingInput(60, handWait, handHold)
  const began = (events.at(-1)?.at ?? 0) + 200
  const press = (at: number): InputEvent => ({ kind: 'key-down', at, slot: 0 })
  const repeats = Array.from({ length: 200 }, (_, time) => press(began + (time > 0 ? 500 : 0) + 33 * time))
  const level = judged([...events, ...repeats]).level('typing_alike')
  assert.ok(level < 0.3, `${level.toFixed(2)} of the limit`)
})

/** What it adds of presses with these waits before them, each held as long as the second list says. */
function added(waits: readonly number[], holds: readonly number[]) {
  const events: InputEvent[] = []
  let at = 0
  for (const [index, wait] of [0, ...waits].entries()) {
    at += wait
    events.push({ kind: 'key-down', at, slot: index % 8 })
    events.push({ kind: 'key-up', at: at + (holds[index % holds.length] ?? 0), slot: index % 8 })
  }
  const rule = typing()
  const amounts = ruleRun(
    rule,
    events.sort((a, b) => a.at - b.at),
  )
  return { amounts, said: rule.evidence() }
}

const alternately = (count: number, ...values: number[]) =>
  Array.from({ length: count }, (_, index) => values[index % values.length] ?? 0)
/** One of six waits is long: as a hand waits. */
const handWaits = (count: number) => alternately(count, 90, 130, 110, 150, 120, 400)

const amounts: [what: string, waits: number[], holds: number[], amount: number][] = [
  ['a hand', handWaits(30), [80, 100], -1.5],
  ['a hand that holds for less than 25 ms', handWaits(30), [24.9], 4],
  ['a hand that holds for 25 ms', handWaits(30), [25], -1.5],
  ['waits that are all alike, however the keys are held', alternately(30, 100), [40, 160], 4],
  ['waits that vary by a tenth, and holds that are alike', alternately(30, 90, 110), [90, 92], 4],
  ['waits that vary by a tenth, and holds that are not', alternately(30, 90, 110), [70, 110], 0.4],
  ['two bounds, and held briefly', alternately(30, 100, 200), [50], 1],
  ['two bounds, and held as a hand holds', alternately(30, 100, 200), [90], 0.5],
  ['a spread and a long wait, and held briefly', handWaits(30), [50], -1.5],
  ['a third of them long, and held briefly', alternately(30, 100, 100, 250), [50], 0.5],
  ['two bounds, a little nearer to the upper', [...alternately(29, 200, 100), 101], [90], 0.5],
  ['mostly slow and now and then fast', alternately(30, 200, 200, 200, 60), [90], 1],
]
describe('of thirty waits', () => {
  for (const [what, waits, holds, amount] of amounts)
    test(`${what}: ${amount}`, () => {
      const found = added(waits, holds).amounts
      const spanMs = waits.reduce((sum, wait) => sum + wait, 0)
      assert.deepEqual(
        found.map(([each]) => each),
        [amount],
      )
      const [, since = Number.NaN, at] = found[0] ?? []
      assert.equal(at, spanMs)
      assert.ok(Math.abs(since) < 1e-6, `${since}`)
    })
})

test('it tells the mean, how much the waits vary, and how long keys were held', () => {
  const { said } = added(alternately(30, 100, 200), [40, 60])
  assert.equal(said.value, 150)
  assert.match(said.text, /held for 50 ms .* every 150 ms with a variation of 33 %/)
  assert.equal(typing().evidence().value, 0)
})

test('of keys whose release was seen it tells how long they were held, if they are half of all', () => {
  const seen = (releases: number) => {
    const events = typingInput(31, always(100), always(90))
    let released = 0
    const rule = typing()
    const kept = events.filter(({ kind }) => kind === 'key-down' || released++ < releases)
    return { amounts: ruleRun(rule, kept), said: rule.evidence() }
  }
  assert.match(seen(15).said.text, /held for 90 ms/)
  assert.equal(seen(14).amounts.length, 0)
})

test('waits that no keyboard reports say nothing', () => {
  assert.equal(added(alternately(30, 0.4), [0.1]).amounts.length, 0)
  assert.equal(added(alternately(30, 0.5), [0.1]).amounts.length, 1)
})

test('it looks at thirty waits, and then every ten', () => {
  for (const [waits, looks] of [
    [29, 0],
    [30, 1],
    [39, 1],
    [40, 2],
  ] as const)
    assert.equal(added(alternately(waits, 100), [90]).amounts.length, looks, `${waits} waits`)
})

test('waits of a second and a half are none, and shorter ones are', () => {
  assert.equal(added([...alternately(29, 100), 1500, 100], [90]).amounts.length, 1)
  assert.equal(added([...alternately(29, 100), 1499], [90]).amounts.length, 1)
  assert.equal(added([...alternately(29, 100), 1500], [90]).amounts.length, 0)
})

test('what it makes of known input is that of this version of the rules', () => {
  assert.deepEqual(verdictsOn(typing), {
    'a script that types': '23: 1104.00 since 4857.43 at 5850.88, says 20 118 9 80 130 40 90',
    'a bell that types': '23: 218.00 since 6076.33 at 7310.26, says 49 149 24 80 130 40 90',
    'even keys': '23: 1104.00 since 4075.60 at 4903.60, says 92 100 0 80 130 40 90',
    'a hand that types': '23: -414.00 since 8302.82 at 9861.14, says 89 181 51 80 130 40 90',
  })
})
