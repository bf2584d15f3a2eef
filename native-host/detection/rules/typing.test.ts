import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judged } from '../../../test/support/judged.ts'
import { seededRandom } from '../../../test/support/seeded-random.ts'
import { typingInput } from '../../../test/support/synthetic-input.ts'
import type { InputEvent } from '../../input/input-event.ts'

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

test('a held key that repeats while somebody writes is one press', () => {
  const events = typingInput(60, handWait, handHold)
  const began = (events.at(-1)?.at ?? 0) + 200
  const press = (at: number): InputEvent => ({ kind: 'key-down', at, slot: 0 })
  const repeats = Array.from({ length: 200 }, (_, time) => press(began + (time > 0 ? 500 : 0) + 33 * time))
  const level = judged([...events, ...repeats]).level('typing_alike')
  assert.ok(level < 0.3, `${level.toFixed(2)} of the limit`)
})
