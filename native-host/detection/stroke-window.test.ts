import assert from 'node:assert/strict'
import { test } from 'node:test'
import { strokeOf } from '../../test/support/rule-run.ts'
import { strokeFeatureCount } from './stroke-features.ts'
import { createStrokeWindow, windowColumns } from './stroke-window.ts'

/** A straight stroke of so many pixels in one step, begun at so many milliseconds. */
const stroke = (px: number, from: number) => strokeOf([[px, 0, 8]], { from })
const column = (name: string) => windowColumns.findIndex(found => found.name === name)

test('nine strokes have an average and a spread of each feature', () => {
  const window = createStrokeWindow()
  const lengths = [1, 2, 4, 8, 16, 32, 64, 128, 256]
  const summaries = lengths.map((px, index) => window.add(stroke(px, 100 * index)))
  assert.ok(summaries.slice(0, 8).every(summary => summary === undefined))
  const summary = summaries[8]
  assert.ok(summary)
  assert.equal(summary.length, windowColumns.length)
  assert.ok(Math.abs((summary[column('path')] ?? 0) - 4 * Math.LN2) < 1e-9)
  assert.ok(Math.abs((summary[column('path_spread')] ?? 0) - Math.sqrt(60 / 9) * Math.LN2) < 1e-9)
  assert.equal(summary[column('straightness')], 1)
  assert.equal(summary[column('straightness_spread')], 0)
  assert.equal(window.from(), 0)
})

test('the tenth takes the place of the first', () => {
  const window = createStrokeWindow()
  for (let index = 0; index < 9; index++) window.add(stroke(index === 0 ? 1000 : 10, 100 * index))
  const summary = window.add(stroke(10, 900))
  assert.ok(Math.abs((summary?.[column('path')] ?? 0) - Math.log(10)) < 1e-9)
  assert.ok((summary?.[column('path_spread')] ?? 1) < 1e-6)
  assert.equal(window.from(), 100)
})

test('each feature has two columns, the average before the spread', () => {
  assert.equal(windowColumns.length, 2 * strokeFeatureCount)
  assert.equal(column('path') + 1, column('path_spread'))
})
