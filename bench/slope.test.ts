import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slope } from './slope.ts'

test('the slope of a line is its slope, whatever lies evenly around it', () => {
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
