import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { problemSchema, type TrackingState, trackingStateSchema } from './status.ts'

const since = '2026-11-22T15:40:00.000Z'

const states: TrackingState[] = [
  { kind: 'consent-needed' },
  { kind: 'starting' },
  { kind: 'tracking', since },
  { kind: 'paused', since, until: null },
  { kind: 'paused', since, until: since },
  { kind: 'suspended', since, reason: 'low-battery', detail: '9 % left' },
  { kind: 'blocked', since, problem: { code: 'DISK_FULL', detail: '/data' } },
]
for (const state of states)
  test(`${state.kind} is a state`, () => {
    assert.deepEqual(v.parse(trackingStateSchema, state), state)
  })

const halves: object[] = [
  { kind: 'tracking' },
  { kind: 'paused', since },
  { kind: 'suspended', since },
  { kind: 'blocked', since },
  { kind: 'recording', since },
]
for (const state of halves)
  test(`${JSON.stringify(state)} is none`, () => {
    assert.equal(v.safeParse(trackingStateSchema, state).success, false)
  })

test('a code that only a newer agent knows is shown as INTERNAL rather than not at all', () => {
  assert.deepEqual(v.parse(problemSchema, { code: 'SUN_BURNT_OUT' }), { code: 'INTERNAL' })
})
