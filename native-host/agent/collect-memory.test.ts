import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSignal } from '../kernel/signals.ts'
import { collectAfterWork } from './collect-memory.ts'

test('garbage is collected after ten minutes of work, and rest does not count', () => {
  const interval = createSignal<{ active_seconds: number } | undefined>(undefined)
  let collected = 0
  const ended = new AbortController()
  collectAfterWork(interval, () => collected++, ended.signal)
  const pass = (active_seconds: number, times: number) => {
    for (let time = 0; time < times; time++) interval.value = { active_seconds }
  }
  pass(0, 1000)
  pass(10, 59)
  assert.equal(collected, 0)
  pass(1, 1)
  assert.equal(collected, 1)
  pass(10, 60)
  assert.equal(collected, 2)
  ended.abort()
  pass(10, 60)
  assert.equal(collected, 2)
})
