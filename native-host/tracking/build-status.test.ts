import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { statusSchema } from '../../protocol/status.ts'
import { noCounts } from '../input/input-window.ts'
import { addUpDay, buildStatus, type StatusParts } from './build-status.ts'

const minute = (start: string, counts: object = {}, zone = 'UTC') => ({
  start: Temporal.Instant.from(start),
  zone,
  ...noCounts,
  flagged_seconds: 0,
  ...counts,
})
const filled = (slots: Record<number, number>, length = 144) =>
  Array.from({ length }, (_, slot) => slots[slot] ?? 0)
const today = { date: '2026-11-22', zone: 'UTC' }

test('a day without minutes is a day of zeros', () => {
  assert.deepEqual(addUpDay(today, []), {
    ...today,
    ...noCounts,
    flagged_seconds: 0,
    slots: filled({}),
    flagged_slots: filled({}),
    elsewhere: [],
  })
})

test('minutes are added up, ten of them to a slot', () => {
  const day = addUpDay(today, [
    minute('2026-11-22T00:00Z', { keys: 1, active_seconds: 10 }),
    minute('2026-11-22T00:09Z', { keys: 2, clicks: 3, active_seconds: 20, flagged_seconds: 5 }),
    minute('2026-11-22T00:10Z', { wheel: 4, active_seconds: 30 }),
    minute('2026-11-22T23:59Z', { distance_px: 500, active_seconds: 40, flagged_seconds: 40 }),
  ])
  assert.deepEqual(day, {
    ...today,
    keys: 3,
    clicks: 3,
    wheel: 4,
    distance_px: 500,
    active_seconds: 100,
    flagged_seconds: 45,
    slots: filled({ 0: 30, 1: 30, 143: 40 }),
    flagged_slots: filled({ 0: 5, 143: 40 }),
    elsewhere: [],
  })
})

test('the hour that summer time repeats has slots of its own', () => {
  const berlin = 'Europe/Berlin'
  const day = addUpDay({ date: '2026-10-25', zone: berlin }, [
    minute('2026-10-25T00:30Z', { active_seconds: 1 }, berlin),
    minute('2026-10-25T01:30Z', { active_seconds: 2 }, berlin),
  ])
  assert.deepEqual(day.slots, filled({ 15: 1, 21: 2 }, 150))
})

test('a day with two zones counts both, and shows each in its own hours', () => {
  const day = addUpDay({ date: '2026-11-22', zone: 'America/New_York' }, [
    minute('2026-11-22T08:00Z', { keys: 3, active_seconds: 5 }, 'Europe/Berlin'),
    minute('2026-11-22T14:00Z', { keys: 4, active_seconds: 7, flagged_seconds: 7 }, 'America/New_York'),
  ])
  assert.deepEqual([day.keys, day.active_seconds, day.flagged_seconds], [7, 12, 7])
  // Nine in the morning, both times.
  assert.deepEqual(day.slots, filled({ 54: 7 }))
  assert.deepEqual(day.elsewhere, [
    {
      zone: 'Europe/Berlin',
      active_seconds: 5,
      flagged_seconds: 0,
      slots: filled({ 54: 5 }),
      flagged_slots: filled({}),
    },
  ])
})

const parts: StatusParts = {
  now: Temporal.Instant.from('2026-11-22T15:40:05Z'),
  zone: 'Asia/Kathmandu',
  timeChange: null,
  consent: { text_version: 1, at: '2026-11-02T08:00:00.000Z' },
  conditions: {
    consentGiven: true,
    startedAt: '2026-11-22T15:00:00.000Z',
    pause: undefined,
    suspension: undefined,
    store: undefined,
    input: undefined,
    trackingSince: '2026-11-22T15:00:00.000Z',
    lastSaved: '2026-11-22T15:40:00.000Z',
  },
  stored: addUpDay({ date: '2026-11-22', zone: 'Asia/Kathmandu' }, [
    minute('2026-11-22T15:40Z', { keys: 100, active_seconds: 50, flagged_seconds: 2 }, 'Asia/Kathmandu'),
  ]),
  trackedSeconds: 80,
  days: [{ date: '2026-11-22', zone: 'Asia/Kathmandu', active_seconds: 50, flagged_seconds: 2 }],
  unsaved: { keys: 7, clicks: 1, wheel: 0, distance_px: 30, active_seconds: 4 },
  flagged: null,
  flagged_before: [],
  input: { kind: 'counting' },
  screenshots: {
    state: 'waiting',
    displays: 1,
    last: null,
    next: null,
    problem: null,
    blurred: [],
    held: [],
    unlocked_until: null,
  },
  queue: {
    items: 0,
    bytes: 0,
    oldest: null,
    last_delivered: null,
    delivered: 0,
    quarantined: 0,
    next_try: null,
    waiting: null,
    problem: null,
  },
  destination: { kind: 'folder', where: '/home/a/delivered' },
  presence: { kind: 'active', since: '2026-11-22T12:00:00.000Z', source: 'input' },
  power: null,
  keys: { recipients: ['age1sample'], identity_here: true, recovery_file: null },
  opened_until: null,
  confirmation: null,
  notices: [],
  agent: {
    version: '0.1.0',
    pid: 1,
    started: '2026-11-22T15:00:00.000Z',
    device: 'd',
    home: '/home/a',
    clients: 1,
  },
}

test('counts are live: stored ones and those not stored yet', () => {
  const { today } = buildStatus(parts)
  assert.deepEqual(
    [today.keys, today.clicks, today.distance_px, today.active_seconds, today.flagged_seconds],
    [107, 1, 30, 54, 2],
  )
})

test('counts that are not stored yet stand in their ten minutes of the local clock', () => {
  // 15:40:05 UTC is 21:25:05 in Kathmandu.
  const { slots, flagged_slots } = buildStatus(parts).today
  assert.deepEqual(slots, filled({ [21 * 6 + 2]: 54 }))
  assert.deepEqual(flagged_slots, filled({ [21 * 6 + 2]: 2 }))
})

test('the state and the time of its last save come from the last durable write, not from new counts', () => {
  const silent = { ...parts.conditions, lastSaved: '2026-11-22T15:39:00.000Z' }
  const status = buildStatus({ ...parts, conditions: silent })
  assert.equal(status.last_saved, '2026-11-22T15:39:00.000Z')
  assert.deepEqual(status.state, {
    kind: 'blocked',
    since: '2026-11-22T15:39:00.000Z',
    problem: { code: 'NOT_SAVING' },
  })
})

test('absent things are null, as JSON can say it', () => {
  const nothingSaved = { ...parts.conditions, lastSaved: undefined }
  const status = buildStatus({ ...parts, conditions: nothingSaved })
  assert.equal(status.last_saved, null)
  assert.equal(status.input.problem, null)
})

test('every status is one that clients understand', () => {
  const problem = { code: 'INPUT_NO_DISPLAY', detail: 'DISPLAY is not set' } as const
  for (const variant of [parts, { ...parts, input: { kind: 'unavailable', problem } as const }]) {
    const status = JSON.parse(JSON.stringify(buildStatus(variant)))
    assert.deepEqual(v.parse(statusSchema, status), status)
  }
})
