import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasChanged } from './picture-change.ts'

const squares = 120 * 68
const desk = Uint8Array.from({ length: squares }, (_, i) => i % 251)

function withSquares(count: number, by: number): Uint8Array {
  return desk.map((level, i) => (i < count ? (level + by) % 256 : level))
}

const rows: [what: string, now: Uint8Array, changed: boolean][] = [
  ['the same', desk, false],
  ['a blinking cursor', withSquares(2, 20), false],
  ['a clock that goes on', withSquares(10, 30), false],
  ['a line of text more', withSquares(40, 20), true],
  ['another window', withSquares(2000, 90), true],
  ['a shade that a person cannot see', withSquares(squares, 3), false],
  ['a display of another size', desk.subarray(120), true],
]
for (const [what, now, changed] of rows)
  test(`${what} is ${changed ? 'a' : 'no'} change`, () => assert.equal(hasChanged(desk, now), changed))
