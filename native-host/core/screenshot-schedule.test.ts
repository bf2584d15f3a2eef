import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextScreenshotAt } from './screenshot-schedule.ts'

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
