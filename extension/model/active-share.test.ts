import assert from 'node:assert/strict'
import { test } from 'node:test'
import { activeShare } from './active-share.ts'

const rows: [active: number, tracked: number, share: number | undefined][] = [
  [0, 0, undefined],
  [20, 59, undefined],
  [30, 60, 50],
  [18_720, 29_700, 63],
  [65, 60, 100],
  [0, 3600, 0],
]
for (const [active_seconds, tracked_seconds, share] of rows)
  test(`${active_seconds} s active of ${tracked_seconds} s: ${share}`, () =>
    assert.equal(activeShare({ active_seconds, tracked_seconds }), share))
