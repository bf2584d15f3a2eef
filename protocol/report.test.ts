import assert from 'node:assert/strict'
import test from 'node:test'
import { activityPercent, addTotals, noTotals, type ReportTotals } from './report.ts'

const totals: ReportTotals = {
  active: 1,
  there: 2,
  idle: 3,
  flagged: 4,
  paused: 5,
  gap: 6,
  keys: 7,
  clicks: 8,
  wheel: 9,
  distance_px: 10,
}

test('totals add up one by one', () => {
  assert.deepEqual(addTotals(totals, noTotals), totals)
  assert.deepEqual(
    Object.entries(addTotals(totals, totals)),
    Object.entries(totals).map(([name, value]) => [name, 2 * value]),
  )
})

test('activity is the share of the time at the computer that had input', () => {
  assert.equal(activityPercent({ active: 30, there: 40, idle: 20 }), 50)
})

test('without time at the computer there is no activity', () => {
  assert.equal(activityPercent({ active: 0, there: 0, idle: 0 }), 0)
})

test('lengths are rounded to seconds one by one, so activity is bounded', () => {
  assert.equal(activityPercent({ active: 11, there: 10, idle: 0 }), 100)
})
