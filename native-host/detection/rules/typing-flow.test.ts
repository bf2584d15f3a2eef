import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judged } from '../../../test/support/judged.ts'
import { seededRandom } from '../../../test/support/seeded-random.ts'
import { typingInput } from '../../../test/support/synthetic-input.ts'
import type { InputEvent } from '../../input/input-event.ts'

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
        /^Of 100 waits between keys, 1\d\d ms in the middle, none was longer than [12]\.\d times that/,
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
