import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextRandomScreenshotAt, nextScreenshotAt } from './screenshot-schedule.ts'

const minute = 60_000
const now = Date.parse('2026-11-22T12:00:00Z')

const rows: [
  name: string,
  lastAgo: number | undefined,
  sinceAgo: number,
  intervalMs: number,
  inMs: number,
][] = [
  ['the very first', undefined, 0, 5 * minute, 5 * minute],
  ['one interval after the last', 2 * minute, 60 * minute, 5 * minute, 3 * minute],
  ['due exactly now', 5 * minute, 60 * minute, 5 * minute, 0],
  ['a shorter interval counts from the last one', 2 * minute, 60 * minute, minute, 0],
  ['a longer one too', 2 * minute, 60 * minute, 10 * minute, 8 * minute],
  ['missed for hours: one now, not many', 180 * minute, 180 * minute, 5 * minute, 0],
  ['overdue when tracking starts: after ten seconds', 60 * minute, 0, 5 * minute, 10_000],
  ['overdue and tracking for six seconds', 60 * minute, 6_000, 5 * minute, 4_000],
  ['the interval is shorter than the ten seconds', 60 * minute, 0, 5_000, 5_000],
  ['a browser that reopens does not put it off', 4 * minute, 0, 5 * minute, minute],
  ['the clock was set back behind the last one', -60 * minute, -60 * minute, 5 * minute, 5 * minute],
]
for (const [name, lastAgo, sinceAgo, intervalMs, inMs] of rows)
  test(`${name}: in ${inMs} ms`, () => {
    const lastMs = lastAgo === undefined ? undefined : now - lastAgo
    assert.equal(nextScreenshotAt({ nowMs: now, lastMs, sinceMs: now - sinceAgo, intervalMs }) - now, inMs)
  })

test('never in the past, and never later than one interval or the time to settle', () => {
  const instant = fc.integer({ min: 0, max: 10 ** 10 })
  fc.assert(
    fc.property(
      instant,
      fc.option(instant, { nil: undefined }),
      instant,
      fc.integer({ min: 5_000, max: 3_600_000 }),
      (nowMs, lastMs, sinceMs, intervalMs) => {
        const waitMs = nextScreenshotAt({ nowMs, lastMs, sinceMs, intervalMs }) - nowMs
        assert.ok(waitMs >= 0 && waitMs <= intervalMs, String(waitMs))
      },
    ),
  )
})

test('property: at random moments, each interval has one screenshot, and none is within ten seconds of the start', () => {
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 ** 12 }),
      fc.integer({ min: 60_000, max: 3_600_000 }),
      fc.array(share, { minLength: 3, maxLength: 30 }),
      (sinceMs, intervalMs, shares) => {
        let nowMs = sinceMs
        let lastMs: number | undefined
        const taken: number[] = []
        for (const share of shares) {
          const dueMs = nextRandomScreenshotAt({ nowMs, lastMs, sinceMs, intervalMs, share })
          assert.ok(dueMs >= sinceMs + 10_000 && dueMs >= nowMs)
          taken.push(dueMs)
          lastMs = dueMs
          nowMs = dueMs
        }
        const intervals = taken.map(ms => Math.floor(ms / intervalMs))
        for (const [i, interval] of intervals.slice(1).entries())
          assert.equal(interval, (intervals[i] ?? 0) + 1)
      },
    ),
  )
})

test('at random moments, one that was missed is made up for in what is left of the interval', () => {
  const [intervalMs, sinceMs] = [60_000, 0]
  const at = (nowMs: number, share: number) =>
    nextRandomScreenshotAt({ nowMs, lastMs: 30_000, sinceMs, intervalMs, share })
  assert.equal(at(40_000, 0.5), 90_000)
  assert.equal(at(100_000, 0.5), 100_000)
  assert.equal(at(3_600_000 + 20_000, 0.5), 3_600_000 + 40_000)
})
