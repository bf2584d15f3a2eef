import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Day, LaneSpan } from '../../protocol/day.ts'
import { axisOf, placeOf, shareToCome, spanAfterKey } from './lane-layout.ts'

const dayIn = (...zones: [zone: string, from: string, to: string][]): Day => ({
  date: '2026-11-19',
  zones: zones.map(([zone, from, to]) => ({ zone, from, to })),
  spans: [],
  seconds: { active: 0, there: 0, idle: 0, flagged: 0, paused: 0, gap: 0 },
  joined: 0,
})

const berlin = dayIn(['Europe/Berlin', '2026-11-18T23:00:00Z', '2026-11-19T23:00:00Z'])

const axes: [name: string, day: Day, hours: number[], changes: string[]][] = [
  ['an ordinary day', berlin, [0, 3, 6, 9, 12, 15, 18, 21, 0], []],
  [
    'summer time ends: 25 hours, and three of the clock are an hour later',
    dayIn(['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z']),
    [0, 3, 6, 9, 12, 15, 18, 21, 0],
    [],
  ],
  [
    'a zone of half hours after a flight: its own full hours from there on',
    dayIn(
      ['Europe/Berlin', '2026-11-18T23:00:00Z', '2026-11-19T10:40:00Z'],
      ['Asia/Kolkata', '2026-11-19T10:40:00Z', '2026-11-19T18:30:00Z'],
    ),
    [0, 3, 6, 9, 18, 21, 0],
    ['Asia/Kolkata'],
  ],
]

describe('the axis', () => {
  for (const [name, day, hours, changes] of axes)
    test(name, () => {
      const axis = axisOf(day)
      assert.deepEqual(
        axis?.ticks.map(({ hour }) => hour),
        hours,
      )
      assert.deepEqual(
        axis?.changes.map(({ zone }) => zone),
        changes,
      )
    })

  test('the repeated hour lies between two and three', () => {
    const axis = axisOf(dayIn(['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z']))
    assert.equal(axis?.ticks[1]?.at, 4 / 25)
  })

  test('of a date that was nowhere there is none', () => assert.equal(axisOf(dayIn()), undefined))
})

test('a span has its place by the time that really passed', () => {
  const axis = axisOf(berlin)
  assert.ok(axis)
  assert.deepEqual(placeOf({ from: '2026-11-19T05:00:00Z', to: '2026-11-19T11:00:00Z' }, axis), {
    at: 0.25,
    length: 0.25,
  })
})

const times: [now: string, share: number][] = [
  ['2026-11-18T20:00:00Z', 1],
  ['2026-11-19T17:00:00Z', 0.25],
  ['2026-11-20T08:00:00Z', 0],
]
for (const [now, share] of times)
  test(`at ${now} so much is to come: ${share}`, () => {
    const axis = axisOf(berlin)
    assert.equal(axis && shareToCome(axis, Date.parse(now)), share)
  })

const at = (from: string, to: string) => ({ from: `2026-11-19T${from}:00Z`, to: `2026-11-19T${to}:00Z` })
const spans: LaneSpan[] = [
  { lane: 'gap', cause: 'computer-off', ...at('00:00', '08:00') },
  { lane: 'active', ...at('08:00', '09:00') },
  { lane: 'idle', presence: 'idle', ...at('09:00', '10:00') },
  { lane: 'active', ...at('10:00', '12:00') },
  { lane: 'gap', cause: 'asleep', ...at('12:00', '13:00') },
]

const keys: [from: number, key: string, to: number | undefined][] = [
  [1, 'ArrowRight', 3],
  [3, 'ArrowRight', undefined],
  [3, 'ArrowLeft', 1],
  [1, 'ArrowLeft', undefined],
  [3, 'Home', 1],
  [0, 'End', 4],
  [1, 'ArrowDown', 2],
  [2, 'ArrowDown', 4],
  [4, 'ArrowDown', undefined],
  [0, 'ArrowUp', 2],
  [1, 'ArrowUp', undefined],
  [1, 'a', undefined],
  [9, 'ArrowRight', undefined],
]
describe('keys', () => {
  for (const [from, key, to] of keys)
    test(`${key} on span ${from} goes to ${to}`, () => assert.equal(spanAfterKey(spans, from, key), to))
})
