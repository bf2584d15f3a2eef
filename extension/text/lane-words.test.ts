import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Day, LaneSpan } from '../../protocol/day.ts'
import { createTimeWords } from './instants.ts'
import { describeSpan, isAmiss, summaryOf, timesOf, zonesLine } from './lane-words.ts'

const words = createTimeWords({ locale: 'en-GB', hourCycle: 'h23', zone: 'America/Lima' })
const seconds = { active: 18_720, there: 24_000, idle: 3840, flagged: 0, paused: 0, gap: 0 }

const dayIn = (...zones: [zone: string, from: string, to: string][]): Day => ({
  date: '2026-11-19',
  zones: zones.map(([zone, from, to]) => ({ zone, from, to })),
  spans: [],
  seconds,
  joined: 0,
})
const day = dayIn(['UTC', '2026-11-19T00:00:00Z', '2026-11-20T00:00:00Z'])
const flight = dayIn(
  ['Europe/Berlin', '2026-11-18T23:00:00Z', '2026-11-19T10:40:00Z'],
  ['Asia/Kolkata', '2026-11-19T10:40:00Z', '2026-11-19T18:30:00Z'],
)
const ends = { from: '2026-11-19T10:12:00Z', to: '2026-11-19T10:20:00Z' }

const spans: [span: LaneSpan, said: string, amiss: boolean][] = [
  [{ lane: 'active', ...ends }, 'Active, 10:12–10:20, 8 min: At the computer', false],
  [{ lane: 'idle', presence: 'locked', ...ends }, 'Idle, 10:12–10:20, 8 min: The screen was locked', false],
  [{ lane: 'paused', cause: 'paused', ...ends }, 'Paused, 10:12–10:20, 8 min: Paused', false],
  [
    { lane: 'paused', cause: 'paused', by: 'chromium', until: '2026-11-19T10:30:00Z', ...ends },
    'Paused, 10:12–10:20, 8 min: Paused by chromium, until 10:30',
    false,
  ],
  [
    { lane: 'paused', cause: 'low-battery', ...ends },
    'Paused, 10:12–10:20, 8 min: Suspended: low battery',
    false,
  ],
  [
    { lane: 'gap', cause: 'agent-killed', ...ends },
    'Gap, 10:12–10:20, 8 min: The tracker was forced to stop',
    true,
  ],
  [
    { lane: 'gap', cause: 'not-running', detail: 'last-browser-left', ...ends },
    'Gap, 10:12–10:20, 8 min: The tracker was not running (the last browser was closed)',
    false,
  ],
  [{ lane: 'gap', cause: 'unexplained', ...ends }, 'Gap, 10:12–10:20, 8 min: Reason unknown', true],
]
describe('a span', () => {
  for (const [span, said, amiss] of spans)
    test(said, () => {
      assert.equal(describeSpan(span, day, words), said)
      assert.equal(isAmiss(span), amiss)
    })
})

const times: [name: string, in_: Day, from: string, to: string, said: string][] = [
  ['in the zone of the day, not of the page', flight, '08:00', '09:30', '09:00–10:30'],
  ['to the end of a zone by its own clock', flight, '09:40', '10:40', '10:40–11:40'],
  ['one, where it is over within the minute', flight, '08:00', '08:00', '09:00'],
  ['after a flight by the new clock', flight, '11:00', '12:00', '16:30–17:30'],
]
describe('times are', () => {
  for (const [name, in_, from, to, said] of times)
    test(name, () => {
      const span = { from: `2026-11-19T${from}:00Z`, to: `2026-11-19T${to}:00Z` }
      assert.equal(timesOf(span, in_, words), said)
    })

  test('differ when an hour comes twice', () => {
    const autumn = dayIn(['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'])
    assert.equal(
      timesOf({ from: '2026-10-25T00:30:00Z', to: '2026-10-25T01:30:00Z' }, autumn, words),
      '02:30 +02:00–02:30 +01:00',
    )
  })
})

test('the figures of a day', () => {
  assert.equal(
    summaryOf({ seconds: { ...seconds, flagged: 240 } }),
    '5 h 12 min active of 6 h 40 min at the computer · 1 h 4 min idle · 4 min flagged',
  )
  assert.equal(summaryOf({ seconds: { ...seconds, active: 0, there: 0 } }), '0 s active · 1 h 4 min idle')
})

test('the zones of a day', () => {
  assert.equal(zonesLine(day, words), 'UTC')
  assert.equal(zonesLine(flight, words), 'Europe/Berlin until 11:40, then Asia/Kolkata')
})
