import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lowPoints, slope } from './slope.ts'

test('points that lie evenly around a line have the slope of the line', () => {
  assert.equal(
    slope([
      [0, 5],
      [1, 7],
      [2, 9],
    ]),
    2,
  )
  assert.equal(
    slope([
      [0, 4],
      [0, 6],
      [10, 4],
      [10, 6],
    ]),
    0,
  )
})

test('a single point has none', () => assert.ok(Number.isNaN(slope([[1, 1]]))))

test('what goes up and down grows only if its low points do', () => {
  const sawtooth = Array.from({ length: 61 }, (_, x) => [x, 80 + (x % 10)] as const)
  assert.equal(slope(lowPoints(sawtooth, 10)), 0)
  assert.ok(slope(sawtooth.slice(0, 58)) > 0, 'a line through all of it depends on where it ends')
  const growing = sawtooth.map(([x, y]) => [x, y + x / 10] as const)
  assert.ok(Math.abs(slope(lowPoints(growing, 10)) - 0.1) < 1e-9)
})

test('a span that is not over has no low point yet', () =>
  assert.deepEqual(
    lowPoints(
      [
        [0, 9],
        [5, 4],
        [10, 8],
        [12, 1],
      ],
      10,
    ),
    [[5, 4]],
  ))
