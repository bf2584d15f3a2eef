import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unlockedMs } from '../../protocol/confirmation.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { createPictureLock } from './unlock-pictures.ts'

test('locked at first; unlocked for ten minutes from the last time it was allowed', async () => {
  const clock = manualClock()
  const ending = new AbortController()
  const lock = createPictureLock(clock, ending.signal)
  assert.deepEqual([lock.isUnlocked(), lock.unlockedUntil.value], [false, undefined])
  lock.unlock()
  await clock.pass(unlockedMs - 1)
  assert.ok(lock.isUnlocked() && lock.unlockedUntil.value)
  lock.unlock()
  await clock.pass(unlockedMs - 1)
  assert.ok(lock.isUnlocked())
  await clock.pass(1)
  assert.deepEqual([lock.isUnlocked(), lock.unlockedUntil.value], [false, undefined])
  ending.abort()
})

test('the time goes on while the computer sleeps', async () => {
  const clock = manualClock()
  const ending = new AbortController()
  const lock = createPictureLock(clock, ending.signal)
  lock.unlock()
  clock.sleepThrough(unlockedMs)
  assert.equal(lock.isUnlocked(), false)
  await clock.pass(30_000)
  assert.equal(lock.unlockedUntil.value, undefined)
  ending.abort()
})
