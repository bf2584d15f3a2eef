import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presenceOf } from './presence.ts'

const idleAfterMs = 180_000

const rows: [inputVisible: boolean, msSinceLastEvent: number, presence: string][] = [
  [true, 0, 'active'],
  [true, -5, 'active'],
  [true, idleAfterMs - 1, 'active'],
  [true, idleAfterMs, 'idle'],
  [true, Number.POSITIVE_INFINITY, 'idle'],
  [false, 0, 'unknown'],
  [false, Number.POSITIVE_INFINITY, 'unknown'],
]
for (const [inputVisible, msSinceLastEvent, presence] of rows)
  test(`input ${inputVisible ? 'seen' : 'unseen'}, last event ${msSinceLastEvent} ms ago: ${presence}`, () => {
    assert.equal(presenceOf({ inputVisible, msSinceLastEvent, idleAfterMs }), presence)
  })
