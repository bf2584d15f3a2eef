import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inParallel } from './in-parallel.ts'

test('everything is done, in order, and never more at once than allowed', async () => {
  const begun: number[] = []
  let now = 0
  let most = 0
  await inParallel(3, [1, 2, 3, 4, 5, 6, 7], async item => {
    begun.push(item)
    now += 1
    most = Math.max(most, now)
    await sleep(item % 2)
    now -= 1
  })
  assert.deepEqual(begun, [1, 2, 3, 4, 5, 6, 7])
  assert.equal(most, 3)
})

test('nothing to do is done', async () => {
  await inParallel(3, [], () => Promise.reject(new Error('never called')))
})

test('after a failure nothing new is begun, and what is under way ends first', async () => {
  const ended: number[] = []
  const begun: number[] = []
  const failing = inParallel(2, [1, 2, 3, 4], async item => {
    begun.push(item)
    if (item === 1) throw new Error('first')
    await sleep(20)
    ended.push(item)
  })
  await assert.rejects(failing, { message: 'first' })
  assert.deepEqual([begun, ended], [[1, 2], [2]])
})
