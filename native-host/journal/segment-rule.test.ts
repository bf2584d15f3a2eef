import assert from 'node:assert/strict'
import { test } from 'node:test'
import { msToSeal, recordsPerSegment, sealAfterMsOnBattery } from './segment-rule.ts'

const now = 1_000_000

const rows: [name: string, open: { count: number; oldestMs: number } | undefined, ms: number | undefined][] =
  [
    ['nothing to seal', undefined, undefined],
    ['a fresh record', { count: 1, oldestMs: now }, 60_000],
    ['a record of half a minute', { count: 3, oldestMs: now - 30_000 }, 30_000],
    ['a record of a minute', { count: 6, oldestMs: now - 60_000 }, 0],
    ['a record of yesterday', { count: 6, oldestMs: now - 86_400_000 }, 0],
    ['a full segment, however fresh', { count: recordsPerSegment, oldestMs: now }, 0],
    ['a record from the future: the clock was set back', { count: 1, oldestMs: now + 1 }, 0],
  ]
for (const [name, open, ms] of rows)
  test(`${name}: ${ms === undefined ? 'never' : `in ${ms} ms`}`, () => {
    assert.equal(msToSeal(open, now), ms)
  })

test('while power is saved a record may wait five times as long, and a full segment may not', () => {
  const open = { count: 3, oldestMs: now - 60_000 }
  assert.equal(msToSeal(open, now, sealAfterMsOnBattery), 240_000)
  assert.equal(msToSeal({ ...open, count: recordsPerSegment }, now, sealAfterMsOnBattery), 0)
})
