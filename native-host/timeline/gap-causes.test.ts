import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chainStart, type Entry, type JournalRecord } from '../../protocol/records.ts'
import { createGapCauses } from './gap-causes.ts'

/** Seconds after the first record, in a world in which no clock is ever set. */
const start = Date.parse('2026-11-22T10:00:00.000Z')
const iso = (second: number) => new Date(start + 1000 * second).toISOString()
const secondOf = (instant: string) => (Date.parse(instant) - start) / 1000
const read = { past: secondOf, ahead: secondOf }

type Row = [second: number, entry: Entry]
function claimsAfter(rows: readonly Row[]) {
  const claims = createGapCauses()
  for (const [index, [second, entry]] of rows.entries()) {
    const place = { seq: index + 1, prev: chainStart, at: iso(second), zone: 'UTC', offset: '+00:00' }
    const record: JournalRecord = { ...place, ...entry }
    claims.note(record, second, read)
  }
  return claims
}

/** In seconds: the table below counts in them, and the causes use the unit of their input. */
const said = (rows: readonly Row[]) =>
  claimsAfter(rows)
    .until(Number.POSITIVE_INFINITY)
    .map(({ cause, from, to, detail }) => [cause, from, to, ...(detail === undefined ? [] : [detail])])

const consent: Row = [0, { kind: 'consent.given', text_version: 1 }]
const paused = (second: number, until: number | null, by = 'cli'): Row => [
  second,
  { kind: 'paused', until: until === null ? null : iso(until), by },
]
const resumed = (second: number): Row => [second, { kind: 'resumed', by: 'cli' }]
const started = (second: number, previous: 'killed' | 'clean'): Row => [
  second,
  { kind: 'agent.started', version: '1', previous_end: previous },
]
const ended = (second: number): Row => [second, { kind: 'agent.ended', reason: 'asked' }]
const presence = (second: number, from: number, what: 'asleep' | 'locked' | 'active', to?: number): Row => [
  second,
  {
    kind: 'presence.changed',
    source: 'x',
    presence: what,
    from: iso(from),
    ...(to !== undefined && { to: iso(to) }),
  },
]
const starting = (second: number) => ['starting', second, second + 60_000]
const forEver = Number.POSITIVE_INFINITY

const cases: [what: string, rows: Row[], claims: unknown[][]][] = [
  [
    'before the consent there is nothing to count',
    [[-9, { kind: 'input.restored' }], consent],
    [['consent-needed', -9, 0]],
  ],
  ['the first record claims nothing of what was before', [consent], []],
  ['a pause without an end lasts', [consent, paused(5, null)], [['paused', 5, forEver, 'cli']]],
  ['a pause lasts until it ends', [consent, paused(5, 60)], [['paused', 5, 60, 'cli']]],
  [
    'a pause that is ended earlier is over then',
    [consent, paused(5, 60), resumed(20)],
    [['paused', 5, 20, 'cli']],
  ],
  [
    'a pause that is ended late is over a minute after its end at the latest',
    [consent, paused(5, 60), resumed(70)],
    [
      ['paused', 5, 60, 'cli'],
      ['paused', 60, 70, 'cli'],
    ],
  ],
  [
    'and not later',
    [consent, paused(5, 60), resumed(99_000)],
    [
      ['paused', 5, 60, 'cli'],
      ['paused', 60, 60_060, 'cli'],
    ],
  ],
  [
    'a second pause takes the place of the first',
    [consent, paused(5, null), paused(9, null, 'chromium')],
    [
      ['paused', 5, 9, 'cli'],
      ['paused', 9, forEver, 'chromium'],
    ],
  ],
  ['a pause is ended once', [consent, paused(5, null), resumed(9), resumed(12)], [['paused', 5, 9, 'cli']]],
  [
    'a tracker that ended was not running until it started',
    [consent, ended(5), started(9, 'clean')],
    [['not-running', 5, 9, 'asked'], starting(9)],
  ],
  [
    'a tracker that records is running, against any earlier record',
    [consent, ended(5), interval(20, 10, 10)],
    [['not-running', 5, 10, 'asked']],
  ],
  [
    'a killed one was killed after its last interval, or at its last record at the latest',
    [consent, interval(20, 10, 10), [25, { kind: 'input.restored' }], started(40, 'killed')],
    [starting(40), ['agent-killed', 25, 40], ['agent-killed', 20, 40]],
  ],
  [
    'a tracker without an end and without a kill record was not running',
    [consent, started(40, 'clean')],
    [starting(40), ['not-running', 0, 40]],
  ],
  [
    'an end that was followed by records is over for good',
    [consent, ended(5), interval(20, 10, 10), started(40, 'killed')],
    [['not-running', 5, 10, 'asked'], starting(40), ['agent-killed', 20, 40], ['agent-killed', 20, 40]],
  ],
  [
    'and so is one that was followed by a start',
    [consent, ended(5), started(9, 'clean'), started(40, 'clean')],
    [['not-running', 5, 9, 'asked'], starting(9), starting(40), ['not-running', 9, 40]],
  ],
  [
    'a low battery is over when a record says so',
    [
      consent,
      [5, { kind: 'suspended', reason: 'low-battery' }],
      [9, { kind: 'unsuspended', reason: 'low-battery' }],
    ],
    [['low-battery', 5, 9]],
  ],
  [
    'and when the tracker starts anew',
    [consent, [5, { kind: 'suspended', reason: 'low-battery' }], ended(7), started(9, 'clean')],
    [['low-battery', 5, 9], ['not-running', 7, 9, 'asked'], starting(9)],
  ],
  [
    'a sleep ends with the next presence report, and its interval a little later',
    [consent, presence(50, 5, 'asleep'), presence(60, 60, 'active')],
    [
      ['asleep', 5, 60],
      ['asleep', 60, 15_060],
    ],
  ],
  [
    'a sleep that is recorded afterwards has its end',
    [consent, presence(50, 5, 'asleep', 40), presence(60, 60, 'active')],
    [
      ['asleep', 5, 40],
      ['asleep', 40, 15_040],
    ],
  ],
  ['a lock lasts', [consent, presence(50, 50, 'locked')], [['locked', 50, forEver]]],
  [
    'a lock ends with the next presence report',
    [consent, presence(50, 50, 'locked'), presence(60, 60, 'active')],
    [['locked', 50, 60]],
  ],
  [
    'and with a start',
    [consent, presence(50, 50, 'locked'), ended(55), started(60, 'clean')],
    [['not-running', 55, 60, 'asked'], ['locked', 50, 60], starting(60)],
  ],
  [
    'and a sleep does, too',
    [consent, presence(50, 50, 'asleep'), ended(55), started(60, 'clean')],
    [['asleep', 50, 60], ['not-running', 55, 60, 'asked'], starting(60)],
  ],
  [
    'a gap record states its cause',
    [consent, [30, { kind: 'gap', cause: 'disk-full', from: iso(10), to: iso(20) }]],
    [['disk-full', 10, 20]],
  ],
  [
    'where a clock was set, times are unreliable from the last interval on',
    [consent, interval(30_000, 10, 10), [30_005, { kind: 'clock.changed', by_ms: 5000 }]],
    [['clock-changed', 20, 50_005]],
  ],
  [
    'and at least twenty seconds back',
    [consent, interval(30_000, 29_000, 1000), [30_005, { kind: 'clock.changed', by_ms: 5000 }]],
    [['clock-changed', 10_005, 50_005]],
  ],
]
describe('gap causes in the records, the strongest first', () => {
  for (const [what, rows, claims] of cases) test(what, () => assert.deepEqual(said(rows), claims))
})

/** The table counts in seconds, so that a length in milliseconds counts as so many of them. */
function interval(second: number, from: number, length_ms: number): Row {
  const counts = { keys: 0, clicks: 0, wheel: 0, distance_px: 0, active_seconds: 0 }
  return [
    second,
    {
      ...{ kind: 'interval', from: iso(from), length_ms, presence: 'active', activity: '', ...counts },
      genuineness: { verdict: 'genuine', rules: 1, evidence: [] },
    },
  ]
}

describe('intervals without input or presence', () => {
  const lost: Row = [1, { kind: 'input.lost', code: 'INPUT_NO_DISPLAY' }]
  const blind = (rows: readonly Row[], ...spans: [from: number, to: number][]) => {
    const claims = claimsAfter(rows)
    for (const [from, to] of spans) claims.blind({ from, to })
    return claims
      .until(Number.POSITIVE_INFINITY)
      .map(({ cause, from, to, detail }) => [cause, from, to, detail])
  }

  test('are those of a start, unless the input was lost', () => {
    assert.deepEqual(blind([consent], [10, 20]), [['starting', 10, 20, undefined]])
    assert.deepEqual(blind([consent, lost], [10, 20]), [['input-lost', 10, 20, 'INPUT_NO_DISPLAY']])
  })
  test('are one gap while they follow each other', () => {
    assert.deepEqual(blind([lost], [0, 9], [1508, 2000]), [['input-lost', 0, 2000, 'INPUT_NO_DISPLAY']])
    assert.equal(blind([lost], [0, 9], [1509, 2000]).length, 2)
    assert.deepEqual(blind([lost], [0, 900], [100, 200]), [['input-lost', 0, 900, 'INPUT_NO_DISPLAY']])
  })
  test('are two where another reason came between', () => {
    const claims = claimsAfter([consent, lost])
    claims.blind({ from: 0, to: 9 })
    const place = { seq: 3, prev: chainStart, at: iso(10), zone: 'UTC', offset: '+00:00' }
    claims.note({ ...place, kind: 'input.lost', code: 'INPUT_FAILED' }, 10, read)
    claims.blind({ from: 10, to: 20 })
    assert.equal(claims.until(forEver).length, 2)
  })
  test('input is lost until it is back, or until the tracker starts anew', () => {
    assert.equal(claimsAfter([consent]).inputIsLost(), false)
    assert.equal(claimsAfter([consent, lost]).inputIsLost(), true)
    assert.equal(claimsAfter([consent, lost, [2, { kind: 'input.restored' }]]).inputIsLost(), false)
    assert.equal(claimsAfter([consent, lost, started(2, 'clean')]).inputIsLost(), false)
  })
})

test('of causes that began by then, those that ended before are forgotten', () => {
  const claims = claimsAfter([consent, paused(5, 10), paused(20, null)])
  assert.deepEqual(
    claims.until(10).map(({ from }) => from),
    [5],
  )
  claims.forget(9)
  assert.equal(claims.until(forEver).length, 3)
  claims.forget(10)
  assert.deepEqual(
    claims.until(forEver).map(({ from }) => from),
    [20, 10],
  )
})
