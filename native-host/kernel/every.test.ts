import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { every, everyOrOnChange, whenever } from './every.ts'
import { createSignal } from './signals.ts'

test('works at once and after every pause, until its signal aborts', async () => {
  const clock = manualClock('2026-11-22T12:00:00Z')
  const ending = new AbortController()
  let times = 0
  const running = every(1000, () => times++, clock, ending.signal)
  assert.equal(times, 1)
  await clock.pass(2500)
  assert.equal(times, 3)
  ending.abort()
  await running
  await clock.pass(5000)
  assert.equal(times, 3)
  assert.equal(clock.sleepers, 0)
})

test('asks after each time how long the pause is', async () => {
  const clock = manualClock('2026-11-22T12:00:00Z')
  const ending = new AbortController()
  let times = 0
  const running = every(
    () => times * 1000,
    async () => void times++,
    clock,
    ending.signal,
  )
  await clock.pass(1000)
  assert.equal(times, 2)
  await clock.pass(1999)
  assert.equal(times, 2)
  await clock.pass(1)
  assert.equal(times, 3)
  ending.abort()
  await running
})

test('an error of the work ends it', async () => {
  const clock = manualClock('2026-11-22T12:00:00Z')
  const failing = () => Promise.reject(new Error('broken'))
  await assert.rejects(every(1000, failing, clock, new AbortController().signal), /broken/)
})

test('does nothing when its signal has aborted already', async () => {
  const clock = manualClock('2026-11-22T12:00:00Z')
  let times = 0
  await every(1000, () => times++, clock, AbortSignal.abort())
  await whenever(createSignal(true), async () => void times++, AbortSignal.abort())
  assert.equal(times, 0)
})

test('works at once when a value changes, also when it changes while it works', async () => {
  const clock = manualClock('2026-11-22T12:00:00Z')
  const ending = new AbortController()
  const value = createSignal(0)
  let times = 0
  const work = () => {
    times++
    if (times === 2) value.value++
  }
  const running = everyOrOnChange(1000, [value], work, clock, ending.signal)
  assert.equal(times, 1)
  value.value++
  await settle()
  assert.equal(times, 3)
  await clock.pass(1000)
  assert.equal(times, 4)
  ending.abort()
  await running
  assert.equal(clock.sleepers, 0)
})

test('runs once for every time that the gate opens, and ends when it closes', async () => {
  const gate = createSignal(false)
  const ending = new AbortController()
  const seen: string[] = []
  const running = whenever(
    gate,
    session => {
      seen.push('begins')
      return new Promise(resolve =>
        session.addEventListener('abort', () => {
          seen.push('ends')
          resolve()
        }),
      )
    },
    ending.signal,
  )
  assert.deepEqual(seen, [])
  gate.value = true
  await settle()
  assert.deepEqual(seen, ['begins'])
  gate.value = false
  await settle()
  assert.deepEqual(seen, ['begins', 'ends'])
  gate.value = true
  await settle()
  ending.abort()
  await running
  assert.deepEqual(seen, ['begins', 'ends', 'begins', 'ends'])
})
