import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOld, isOnItsWay } from './on-its-way.ts'

const minute = 60_000
const day = 24 * 60 * minute

test('an object due less than a quarter of an hour ago, or later, may be on its way', () => {
  assert.deepEqual(
    [-minute, 0, 15 * minute - 1, 15 * minute].map(ago => isOnItsWay(day, day + ago)),
    [true, true, true, false],
  )
})

test('a device that was silent for more than a week is old', () => {
  assert.deepEqual(
    [0, 7 * day, 7 * day + 1].map(ago => isOld(day, day + ago)),
    [false, false, true],
  )
})
