import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createTimeline } from './timeline.ts'

test('stamps of the same clock are taken as they are, however late they arrive', () => {
  const timeline = createTimeline()
  timeline.place(1000, 1000)
  assert.equal(timeline.place(1010, 1065), 1010)
  assert.equal(timeline.place(1012, 1065), 1012)
})

test('when the clock of the stamps was read before, the first is placed by it and not by its arrival', () => {
  const timeline = createTimeline()
  timeline.anchor(500, 90_000)
  assert.equal(timeline.place(700, 91_000), 90_200)
  assert.equal(timeline.place(750, 91_000), 90_250)
})

test('the spacing is that of the stamps when their origin is another', () => {
  const timeline = createTimeline()
  const start = timeline.place(500, 90_000)
  assert.equal(start, 90_000)
  assert.equal(timeline.place(520, 90_070), 90_020)
})

test('goes on when the stamps start again from 0 after 49.7 days', () => {
  const timeline = createTimeline()
  const wrap = 2 ** 32
  timeline.place(wrap - 5, wrap - 5)
  assert.equal(timeline.place(5, wrap + 5), wrap + 5)
})

test('falls back to the time of arrival when the stamps run too fast', () => {
  const timeline = createTimeline()
  for (let now = 1000; now < 2000; now += 100) assert.equal(timeline.place(now * 41.7, now), now)
})

test('never goes backwards and never ahead of the clock, for any stamps', () => {
  const steps = fc.array(fc.record({ stamp: fc.nat(2 ** 32 - 1), later: fc.nat(1000) }))
  fc.assert(
    fc.property(steps, list => {
      const timeline = createTimeline()
      let now = 0
      let before = Number.NEGATIVE_INFINITY
      for (const { stamp, later } of list) {
        now += later
        const at = timeline.place(stamp, now)
        assert.ok(at >= before, `${at} after ${before}`)
        assert.ok(at <= now + 1e-3, `${at} at ${now}`)
        before = at
      }
    }),
  )
})
