import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outboxIsFull } from './outbox-quota.ts'

const gb = 1_000_000_000
const rows: [bytes: number, limitGb: number, full: boolean, verdict: boolean][] = [
  [0, 10, false, false],
  [10 * gb - 1, 10, false, false],
  [10 * gb, 10, false, true],
  [12 * gb, 10, false, true],
  // Full already: one delivered item is not room.
  [10 * gb - 1, 10, true, true],
  [9 * gb, 10, true, true],
  [9 * gb - 1, 10, true, false],
  // The person allows more, or less.
  [10 * gb, 20, true, false],
  [5 * gb, 1, false, true],
]
for (const [bytes, limit, full, verdict] of rows)
  test(`${bytes} bytes of ${limit} GB, ${full ? 'full' : 'not full'} until now: ${verdict ? 'stop' : 'go on'}`, () =>
    assert.equal(outboxIsFull(bytes, limit, full), verdict))
