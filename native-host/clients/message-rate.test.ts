import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMessageRate } from './message-rate.ts'

/** When each of `count` messages is read by a reader that waits for the returned time. */
function taken(count: number, gapMs = 0): number[] {
  const rate = createMessageRate(0)
  let nowMs = 0
  return Array.from({ length: count }, () => {
    nowMs += gapMs
    nowMs += rate(nowMs)
    return nowMs
  })
}

test('sixty at once do not wait; after them come twenty a second', () => {
  const times = taken(100)
  assert.equal(times[59], 0)
  assert.equal(times[60], 50)
  assert.equal(times[99], 2000)
})

test('messages at a person’s pace never wait', () => {
  assert.equal(taken(1000, 50).at(-1), 50_000)
})

test('after three quiet seconds a burst is possible again', () => {
  const rate = createMessageRate(0)
  for (let n = 0; n < 60; n++) rate(0)
  const waits = Array.from({ length: 60 }, () => rate(3000))
  assert.deepEqual(new Set(waits), new Set([0]))
  assert.ok(rate(3000) > 0)
})

test('property: for any arrival times, no second has more than the burst plus the rate', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 300 }), gaps => {
      const rate = createMessageRate(0)
      let nowMs = 0
      const times = gaps.map(gap => {
        nowMs += gap
        nowMs += rate(nowMs)
        return nowMs
      })
      for (const from of times)
        assert.ok(times.filter(time => time >= from && time < from + 1000).length <= 60 + 20 + 1)
    }),
  )
})
