import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { endsInterval, intervalMs, msToIntervalEnd } from './interval-grid.ts'

const noon = Date.parse('2026-11-22T12:00:00Z')

const rows: [nowMs: number, restMs: number][] = [
  [noon, 10_000],
  [noon + 1, 9_999],
  [noon + 9_999, 1],
  [noon + 10_000, 10_000],
  [-1, 1],
  [-10_000, 10_000],
]
for (const [nowMs, restMs] of rows)
  test(`at ${new Date(nowMs).toISOString()} the interval ends in ${restMs} ms`, () => {
    assert.equal(msToIntervalEnd(nowMs), restMs)
  })

test('every interval ends on a full ten seconds, within ten seconds, and so lies in one minute', () => {
  fc.assert(
    fc.property(fc.integer(), nowMs => {
      const restMs = msToIntervalEnd(nowMs)
      assert.ok(restMs > 0 && restMs <= intervalMs)
      assert.equal(Math.abs((nowMs + restMs) % intervalMs), 0)
      assert.equal(Math.floor(nowMs / 60_000), Math.floor((nowMs + restMs - 1) / 60_000))
    }),
  )
})

const ends: [name: string, openedMs: number, nowMs: number, over: boolean][] = [
  ['just opened', noon, noon, false],
  ['a timer that rang a millisecond early', noon, noon + 9_999, false],
  ['on time', noon, noon + 10_000, true],
  ['late', noon, noon + 10_700, true],
  ['opened in the middle', noon + 9_000, noon + 10_000, true],
  ['the clock was set back by an hour', noon, noon - 3_600_000, true],
  ['the clock was set back by a little', noon + 5_000, noon + 2_000, false],
]
for (const [name, openedMs, nowMs, over] of ends)
  test(`${name}: the interval is ${over ? '' : 'not '}over`, () => {
    assert.equal(endsInterval(openedMs, nowMs), over)
  })
