import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Day, LaneSpan } from '../../protocol/day.ts'
import { chainStart, type Entry, type JournalRecord } from '../../protocol/records.ts'
import { type Happening, simulateRun } from '../../test/support/simulated-run.ts'
import { offsetAt } from '../kernel/instants.ts'
import { createGapWalk } from './gaps.ts'
import { createTimeline } from './timeline.ts'
import { belongsToTimeline, joinRuns, type Run, type TimelineRecord } from './timeline-record.ts'

const nothing = { activeSeconds: 0, flagged: [] }

function timelineOf(records: readonly TimelineRecord[]) {
  const timeline = createTimeline()
  for (const record of records) timeline.note(record)
  return timeline
}

/** As the store keeps them. */
function thinned(records: readonly TimelineRecord[]): TimelineRecord[] {
  const kept: TimelineRecord[] = []
  for (const record of records) {
    if (!belongsToTimeline(record)) continue
    const last = kept.at(-1)
    const joined = record.kind === 'interval' && last?.kind === 'interval' && joinRuns(last, record)
    if (joined) kept[kept.length - 1] = joined
    else kept.push(record)
  }
  return kept
}

/** Records in their order; `at` is UTC on 22 November 2026 where it has no date. */
function written(zone: string, ...entries: [at: string, entry: Entry, zone?: string][]): JournalRecord[] {
  return entries.map(([at, entry, other], index) => {
    const instant = momentOf(at)
    const there = other ?? zone
    const place = { zone: there, offset: offsetAt(instant, there) }
    return { seq: index + 1, prev: chainStart, at: instant.toString(), ...place, ...entry }
  })
}

function momentOf(text: string): Temporal.Instant {
  return Temporal.Instant.from(text.includes('T') ? text : `2026-11-22T${text}Z`)
}

function interval(from: string, to: string, presence: Run['presence'] = 'active'): Entry {
  return {
    kind: 'interval',
    from: momentOf(from).toString(),
    length_ms: momentOf(from).until(momentOf(to)).total('milliseconds'),
    ...{ keys: 0, clicks: 0, wheel: 0, distance_px: 0, active_seconds: 0 },
    activity: '',
    presence,
    genuineness: { verdict: 'genuine', rules: 1, evidence: [] },
  }
}

const started: Entry = { kind: 'agent.started', version: '1', previous_end: 'clean' }

function said({ spans }: Pick<Day, 'spans'>): string[] {
  return spans.map(span => [timesOf(span), span.lane, ...whyOf(span)].join(' '))
}

function timesOf({ from, to }: LaneSpan): string {
  const time = (instant: string) => instant.slice(11, 19).replace(/:00$/, '')
  return `${time(from)}–${time(to)}`
}

function whyOf(span: LaneSpan): string[] {
  const { lane: _, from: __, to: ___, ...why } = span
  return Object.values(why).filter(word => word !== undefined)
}

const rows: [name: string, now: string, records: JournalRecord[], expected: string[]][] = [
  ['nothing was ever recorded', '12:00', [], []],
  [
    'work that goes on, the last interval still open',
    '09:30:08',
    written('UTC', ['09:00', started], ['09:30', interval('09:00', '09:30')]),
    ['09:00–09:30 active'],
  ],
  [
    'idle from the last input on, although it was found minutes later',
    '09:20',
    written(
      'UTC',
      ['09:13', interval('09:00', '09:13')],
      ['09:13', { kind: 'presence.changed', presence: 'idle', from: '2026-11-22T09:10:00Z', source: 'x' }],
      ['09:20', interval('09:13', '09:20', 'idle')],
    ),
    ['09:00–09:10 active', '09:10–09:20 idle idle'],
  ],
  [
    'a pause that lasts, by whom and until when',
    '09:20',
    written(
      'UTC',
      ['09:10', interval('09:00', '09:10')],
      ['09:10', { kind: 'paused', until: '2026-11-22T10:00:00Z', by: 'firefox' }],
    ),
    ['09:00–09:10 active', '09:10–09:20 paused paused firefox 2026-11-22T10:00:00Z'],
  ],
  [
    'suspended on a low battery',
    '09:30',
    written(
      'UTC',
      ['09:10', interval('09:00', '09:10')],
      ['09:10', { kind: 'suspended', reason: 'low-battery' }],
      ['09:20', { kind: 'unsuspended', reason: 'low-battery' }],
      ['09:30', interval('09:20', '09:30')],
    ),
    ['09:00–09:10 active', '09:10–09:20 paused low-battery', '09:20–09:30 active'],
  ],
  [
    'killed, and found so at the next start',
    '10:30',
    written(
      'UTC',
      ['09:10', interval('09:00', '09:10')],
      [
        '10:00',
        { kind: 'gap', cause: 'agent-killed', from: '2026-11-22T09:10:00Z', to: '2026-11-22T10:00:00Z' },
      ],
      ['10:00', { kind: 'agent.started', version: '1', previous_end: 'killed' }],
      ['10:30', interval('10:00', '10:30')],
    ),
    ['09:00–09:10 active', '09:10–10:00 gap agent-killed', '10:00–10:30 active'],
  ],
  [
    'the first that is known is a gap',
    '09:10',
    written(
      'UTC',
      [
        '09:00',
        { kind: 'gap', cause: 'computer-off', from: '2026-11-21T20:00:00Z', to: '2026-11-22T09:00:00Z' },
      ],
      ['09:10', interval('09:00', '09:10')],
    ),
    ['00:00–09:00 gap computer-off', '09:00–09:10 active'],
  ],
  [
    'ended with the last browser, and not back yet at the end of the day',
    '10:30',
    written(
      'UTC',
      ['09:10', interval('09:00', '09:10')],
      ['09:10', { kind: 'agent.ended', reason: 'last-browser-left' }],
    ),
    ['09:00–09:10 active', '09:10–10:30 gap not-running last-browser-left'],
  ],
  [
    'nothing is stored for a while, and the cause is not known yet',
    '09:15',
    written('UTC', ['09:10', interval('09:00', '09:10')]),
    ['09:00–09:10 active', '09:10–09:15 gap unexplained'],
  ],
  [
    'yesterday’s evening belongs to yesterday',
    '00:30',
    written('UTC', ['00:30', interval('2026-11-21T23:00:00Z', '00:30')]),
    ['00:00–00:30 active'],
  ],
  [
    'a clock that was set forward leaves an hour out',
    '11:30',
    written(
      'UTC',
      ['09:10', interval('09:00', '09:10')],
      ['10:10', { kind: 'clock.changed', by_ms: 3_600_000 }],
      ['10:20', interval('10:10', '10:20')],
    ),
    [
      '09:00–09:10 active',
      '09:10–10:10 gap clock-changed',
      '10:10–10:20 active',
      '10:20–11:30 gap unexplained',
    ],
  ],
]

describe('a day', () => {
  for (const [name, now, records, expected] of rows)
    test(name, () => {
      assert.deepEqual(said(timelineOf(records).dayOf('2026-11-22', 'UTC', momentOf(now), nothing)), expected)
      const again = timelineOf(thinned(records)).dayOf('2026-11-22', 'UTC', momentOf(now), nothing)
      assert.deepEqual(said(again), expected, 'and the same after a restart')
    })
})

test('flagged input, also in retrospect, is shown by the minute', () => {
  const minute = (time: string) => momentOf(time).epochMilliseconds
  const day = timelineOf(written('UTC', ['10:00', interval('09:00', '10:00')])).dayOf(
    '2026-11-22',
    'UTC',
    momentOf('10:00'),
    {
      activeSeconds: 1200,
      flagged: [
        { startMs: minute('09:31'), seconds: 40 },
        { startMs: minute('09:30'), seconds: 50 },
        { startMs: minute('09:50'), seconds: 1 },
      ],
    },
  )
  assert.deepEqual(said(day), ['09:00–10:00 active', '09:30–09:32 flagged', '09:50–09:51 flagged'])
  assert.deepEqual(day.seconds, { active: 1200, there: 3600, idle: 0, flagged: 91, paused: 0, gap: 0 })
})

describe('a date in its zones', () => {
  const flight = written(
    'Europe/Berlin',
    ['2026-11-19T10:40:00Z', interval('2026-11-19T08:00:00Z', '2026-11-19T10:40:00Z')],
    [
      '2026-11-19T10:40:00Z',
      {
        kind: 'zone.changed',
        from: { zone: 'Europe/Berlin', offset: '+01:00' },
        to: { zone: 'Asia/Kolkata', offset: '+05:30' },
      },
      'Asia/Kolkata',
    ],
    ['2026-11-19T20:00:00Z', interval('2026-11-19T10:40:00Z', '2026-11-19T20:00:00Z'), 'Asia/Kolkata'],
  )
  const dayOf = (date: string) =>
    timelineOf(flight).dayOf(date, 'Asia/Kolkata', momentOf('2026-11-19T20:00:00Z'), nothing)

  test('a flight to the east makes it shorter, and the evening belongs to its own zone', () => {
    assert.deepEqual(dayOf('2026-11-19').zones, [
      { zone: 'Europe/Berlin', from: '2026-11-18T23:00:00.000Z', to: '2026-11-19T10:40:00.000Z' },
      { zone: 'Asia/Kolkata', from: '2026-11-19T10:40:00.000Z', to: '2026-11-19T18:30:00.000Z' },
    ])
    assert.deepEqual(said(dayOf('2026-11-19')), ['08:00–10:40 active', '10:40–18:30 active'])
    assert.deepEqual(said(dayOf('2026-11-20')), ['18:30–20:00 active'])
  })

  test('tracked time counts in both zones', () => {
    const now = momentOf('2026-11-19T20:00:00Z')
    assert.equal(timelineOf(flight).trackedSeconds('2026-11-19', 'Asia/Kolkata', now), 10.5 * 3600)
  })

  for (const [date, hours] of [
    ['2026-10-25', 25],
    ['2026-03-29', 23],
  ] as const)
    test(`${date} has ${hours} hours in Berlin`, () => {
      const [only] = timelineOf([]).dayOf(date, 'Europe/Berlin', momentOf('12:00'), nothing).zones
      assert.ok(only)
      assert.equal(Temporal.Instant.from(only.from).until(only.to).total('hours'), hours)
    })
})

const seconds = fc.integer({ min: 0, max: 400 })
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    after: seconds,
    kind: fc.constant('pause' as const),
    forSeconds: fc.option(fc.integer({ min: 3, max: 400 }), { nil: undefined }),
  }),
  fc.record({
    after: seconds,
    kind: fc.constantFrom('resume', 'kill', 'end', 'shut-down', 'start', 'lose-input', 'find-input'),
  }),
  fc.record({
    after: seconds,
    kind: fc.constantFrom('suspend', 'unsuspend'),
    reason: fc.constantFrom('low-battery' as const, 'outbox-full' as const),
  }),
  fc.record({
    after: seconds,
    kind: fc.constant('sleep' as const),
    forSeconds: fc.integer({ min: 3, max: 400 }),
    told: fc.constantFrom('before', 'afterwards'),
  }),
)

/** A pause within the tolerance of an interval is none: the pause before it ends where the interval begins. */
const shortPauseBesideAnother: Happening[] = [
  { kind: 'pause', after: 0, forSeconds: 281 },
  { kind: 'pause', after: 282, forSeconds: undefined },
  { kind: 'resume', after: 1 },
]

describe('property: with any events', () => {
  test('the timeline and verify give the same cause of a gap', () =>
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 25 }), happenings => {
        const { records } = simulateRun(happenings)
        const last = records.at(-1)
        if (!last) return
        const walk = createGapWalk()
        const gaps = [...records.flatMap(record => walk.record(record)), ...walk.end()]
        const day = timelineOf(records).dayOf('2026-11-22', 'UTC', momentOf(last.at), nothing)
        assert.deepEqual(
          day.spans.flatMap(span => ('cause' in span ? [[span.cause, span.from, span.to]] : [])),
          gaps.map(({ cause, from, to }) => [cause, from, to]),
        )
      }),
      { numRuns: 300, examples: [[shortPauseBesideAnother]] },
    ))

  test('a restart changes nothing of it', () =>
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 25 }), happenings => {
        const { records } = simulateRun(happenings)
        const now = momentOf(records.at(-1)?.at ?? '12:00')
        const dayOf = (told: readonly TimelineRecord[]) =>
          timelineOf(told).dayOf('2026-11-22', 'UTC', now, nothing)
        assert.deepEqual(dayOf(thinned(records)), dayOf(records))
      }),
      { numRuns: 300 },
    ))
})

test('forgotten records do not appear, and later ones are unchanged', () => {
  const records = written(
    'UTC',
    ['2026-11-20T10:00:00Z', interval('2026-11-20T09:00:00Z', '2026-11-20T10:00:00Z')],
    ['2026-11-20T10:00:00Z', { kind: 'paused', until: null, by: 'chromium' }],
    ['09:00', { kind: 'resumed' }],
    ['10:00', interval('09:00', '10:00')],
  )
  const timeline = timelineOf(records)
  timeline.forget(momentOf('2026-11-21T00:00:00Z'))
  assert.deepEqual(said(timeline.dayOf('2026-11-20', 'UTC', momentOf('10:00'), nothing)), [])
  assert.deepEqual(said(timeline.dayOf('2026-11-22', 'UTC', momentOf('10:00'), nothing)), [
    '00:00–09:00 paused paused chromium',
    '09:00–10:00 active',
  ])
})
