import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judged } from '../../../test/support/judged.ts'
import { ruleRun, verdictsOn } from '../../../test/support/rule-run.ts'
import { seededRandom } from '../../../test/support/seeded-random.ts'
import { typingInput } from '../../../test/support/synthetic-input.ts'
import type { InputEvent } from '../../input/input-event.ts'
import { typingFlow } from './typing-flow.ts'

const r = seededRandom(6)
const handHold = () => Math.max(40, r.normal(95, 22))

type Row = [what: string, strokes: number, waitMs: () => number]

const tools: Row[] = [
  ['drawn between two bounds', 200, () => r.uniform(60, 300)],
  ['with the spread of a bell', 250, () => r.normal(180, 45)],
  ['with a little skew', 600, () => r.logNormal(165, 0.25)],
]
describe('waits without a tail are found, however the keys are held', () => {
  for (const [what, strokes, waitMs] of tools)
    test(what, () =>
      assert.match(
        judged(typingInput(strokes, waitMs, handHold)).said('typing_flow') ?? '',
        /^Of 100 pauses between keys, the median was 1\d\d ms and the longest [12]\.\d times that/,
      ),
    )
})

/** Nine keys flow and the tenth is the one of a new word. */
function words(waitMs: () => number): () => number {
  let key = 0
  return () => waitMs() * (key++ % 10 === 9 ? r.uniform(1.5, 4) : 1)
}

const people: Row[] = [
  ['somebody who writes for ten minutes', 3000, () => Math.max(30, r.logNormal(170, 0.55))],
  ['an even and fast typist who pauses for words', 3000, words(() => r.normal(95, 14))],
  ['one finger that searches', 400, () => r.logNormal(600, 0.5)],
  ['one key that is tapped in time', 2000, () => r.normal(200, 18)],
  ['a sentence without a hesitation', 100, () => r.normal(120, 28)],
]
describe('people hesitate, or keep a beat', () => {
  for (const [what, strokes, waitMs] of people)
    test(what, () => {
      const level = judged(typingInput(strokes, waitMs, handHold)).level('typing_flow')
      assert.ok(level < 0.7, `${level.toFixed(2)} of the limit`)
    })
})

test('a held key that repeats is no flow', () => {
  const repeats = Array.from({ length: 600 }, (_, time): InputEvent => {
    return { kind: 'key-down', at: 33 * time + r.uniform(-8, 8), slot: 0 }
  })
  assert.equal(judged(repeats).level('typing_flow'), 0)
})

function added(waits: readonly number[]) {
  const rule = typingFlow()
  let at = 0
  const events = [0, ...waits].flatMap((wait, index): InputEvent[] => {
    at += wait
    return [
      { kind: 'key-down', at, slot: index % 8 },
      { kind: 'key-up', at: at + Math.min(50, wait / 2), slot: index % 8 },
    ]
  })
  return {
    amounts: ruleRun(
      rule,
      events.toSorted((a, b) => a.at - b.at),
    ),
    said: rule.evidence(),
  }
}

const of = (...counts: [count: number, ms: number][]) =>
  counts.flatMap(([count, ms]) => Array.from({ length: count }, () => ms))

const flows: [what: string, waits: number[], amount: number, median: number, longest: string][] = [
  ['a beat', of([100, 100]), 0, 0, '0.0'],
  ['two bounds', of([50, 100], [50, 150]), 3, 150, '1.0'],
  ['two bounds, mostly the lower', of([60, 100], [40, 170]), 3, 100, '1.7'],
  ['a longest wait of twice the median', of([60, 100], [39, 170], [1, 200]), 1.5, 100, '2.0'],
  ['one of 2.4 times', of([60, 100], [39, 170], [1, 240]), 0.75, 100, '2.4'],
  ['one of 2.7 times', of([60, 100], [39, 170], [1, 270]), -3, 0, '0.0'],
  ['four of a hundred that are long', of([60, 100], [36, 150], [4, 205]), -3, 0, '0.0'],
  ['three of a hundred that are long', of([60, 100], [37, 150], [3, 205]), 0.75, 100, '2.0'],
  ['few that are long, and most alike', of([90, 100], [10, 190]), -3, 0, '0.0'],
]
describe('of a hundred waits', () => {
  for (const [what, waits, amount, median, longest] of flows)
    test(`${what}: ${amount}`, () => {
      const { amounts, said } = added(waits)
      const spanMs = waits.reduce((sum, wait) => sum + wait, 0)
      assert.deepEqual(
        amounts.map(([each, since, at]) => [each, Math.abs(Math.round(since)), at]),
        [[amount, 0, spanMs]],
      )
      assert.ok(said.text.startsWith(`Of 100 pauses between keys, the median was ${median} ms`), said.text)
      assert.ok(said.text.includes(` ${longest} times`), said.text)
      assert.equal(said.value.toFixed(1), longest)
    })
})

test('it looks at a hundred waits, and then every twenty', () => {
  for (const [waits, looks] of [
    [99, 0],
    [100, 1],
    [119, 1],
    [120, 2],
  ] as const)
    assert.equal(added(of([waits, 100])).amounts.length, looks, `${waits} waits`)
})

test('waits of a second and a half are none', () => {
  assert.equal(added(of([99, 100], [1, 1500])).amounts.length, 0)
  assert.equal(added(of([99, 100], [1, 1499])).amounts.length, 1)
})

test('waits that no keyboard reports say nothing', () => {
  assert.equal(added(of([100, 0.4])).amounts.length, 0)
  assert.equal(added(of([100, 0.5])).amounts.length, 1)
})

test('what it makes of known input is that of this version of the rules', () => {
  assert.deepEqual(verdictsOn(typingFlow), {
    'a script that types': '8: 0.00 since 402.38 at 835.42, says 100 0 0.0 3 9',
    'a bell that types': '8: 108.00 since 511.92 at 1041.06, says 100 150 1.6 3 9',
    'even keys': '8: 0.00 since 339.60 at 699.60, says 100 0 0.0 3 9',
    'a hand that types': '8: -108.00 since 713.60 at 1397.27, says 100 0 0.0 3 9',
  })
})
