import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { createSignal } from '../kernel/signals.ts'
import type { InputListener } from './input-event.ts'
import { recordInput } from './record-input.ts'

test('events are reported twice a second from the start on, without the key', async () => {
  const clock = manualClock('2026-11-22T12:00:00Z')
  const recordings = createSignal<ReadonlySet<InputListener>>(new Set())
  const told: string[] = []
  const ending = new AbortController()
  const startedAt = clock.monotonicMs()
  const recording = recordInput({ recordings, clock }, lines => told.push(lines), ending.signal)
  await settle()
  const [listen] = recordings.value
  assert.ok(listen, 'the recording is visible')
  listen([
    { kind: 'key-down', at: startedAt + 100, slot: 0 },
    { kind: 'key-up', at: startedAt + 180.26, slot: 0 },
  ])
  listen([{ kind: 'move', at: startedAt + 200, x: 3, y: 4 }])
  await clock.pass(500)
  assert.deepEqual(told, ['0,100,kd,0,0,0\n0,180.3,ku,0,0,0\n0,200,m,3,4,0\n'])
  await clock.pass(500)
  assert.equal(told.length, 1, 'nothing happened')

  listen([{ kind: 'wheel', at: startedAt + 1100, steps: -2, x: 3, y: 4 }])
  ending.abort()
  await clock.pass(0)
  await recording
  assert.equal(told[1], '0,1100,w,3,4,-2\n', 'the last events are reported before it ends')
  assert.equal(recordings.value.size, 0)
})
