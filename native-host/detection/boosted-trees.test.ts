import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { scoreOf } from './boosted-trees.ts'
import weights from './pointer-model.json' with { type: 'json' }
import { windowColumns } from './stroke-window.ts'

/** "Is column 0 at least 10? Then, is column 1 at least 5, or 7?" and a second tree of the same shape. */
const model = {
  depth: 2,
  columns: [0, 1, 1, 1, 0, 0],
  bounds: [10, 5, 7, 0, 1e300, 1e300],
  leaves: [1, 2, 3, 4, 10, 20, 30, 40],
}
const rows: [row: number[], score: number][] = [
  [[9, 4], 1 + 30],
  [[9, 5], 2 + 30],
  [[10, 6], 3 + 30],
  [[10, 7], 4 + 30],
  [[9, -1], 1 + 10],
]
describe('the score is the sum of the leaves that a row falls into', () => {
  for (const [row, score] of rows)
    test(`${row.join(', ')} → ${score}`, () => assert.equal(scoreOf(model, Float64Array.from(row)), score))
})

test('the model that is shipped fits the columns that are measured', () => {
  const trees = weights.leaves.length / 2 ** weights.depth
  assert.equal(weights.columns.length, trees * (2 ** weights.depth - 1))
  assert.equal(weights.bounds.length, weights.columns.length)
  assert.equal(weights.typical.length, windowColumns.length)
  assert.ok(weights.columns.every(column => column >= 0 && column < windowColumns.length))
  assert.ok([...weights.bounds, ...weights.leaves].every(Number.isFinite))
})

test('no leaf decides alone', () => {
  assert.ok(Math.max(...weights.leaves.map(Math.abs)) < 0.5)
})
