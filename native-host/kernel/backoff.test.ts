import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { backoffMs } from './backoff.ts'

const limits = { firstMs: 2000, longestMs: 300_000 }

const rows: [attempt: number, random: number, ms: number][] = [
  [0, 0, 1000],
  [0, 0.5, 2000],
  [1, 0.5, 3000],
  [2, 0.5, 5000],
  [7, 0.5, 129_000],
  [8, 0.5, 151_000],
  [100, 0.5, 151_000],
  [100, 0.9999999, 300_000],
]
for (const [attempt, random, ms] of rows)
  test(`attempt ${attempt} with a draw of ${random} waits ${ms} ms`, () => {
    assert.equal(backoffMs(attempt, random, limits), ms)
  })

const anyDraw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('never sooner than half of the first wait, never later than the longest, at any attempt', () => {
  fc.assert(
    fc.property(fc.nat(), anyDraw, (attempt, random) => {
      const ms = backoffMs(attempt, random, limits)
      assert.ok(Number.isInteger(ms) && ms >= limits.firstMs / 2 && ms <= limits.longestMs, String(ms))
    }),
  )
})

test('full jitter: the draw decides over the whole span', () => {
  const span = backoffMs(6, 0.999999, limits) - backoffMs(6, 0, limits)
  assert.equal(Math.round(span / 1000), 128)
})

test('the wait that the server asked for is a lower bound, even above the longest wait', () => {
  assert.equal(backoffMs(0, 0, { ...limits, retryAfterMs: 60_000 }), 60_000)
  assert.equal(backoffMs(0, 0, { ...limits, retryAfterMs: 600_000 }), 600_000)
  assert.equal(backoffMs(8, 0.5, { ...limits, retryAfterMs: 1 }), 151_000)
})
