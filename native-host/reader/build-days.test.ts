import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Counts, chainStart, type Entry, type JournalRecord } from '../../protocol/records.ts'
import { addTotals, noTotals } from '../../protocol/report.ts'
import { type Happening, simulateRun } from '../../test/support/simulated-run.ts'
import { isoOfMs, offsetAt } from '../kernel/instants.ts'
import { createGapWalk } from '../timeline/gaps.ts'
import { createTimeline } from '../timeline/timeline.ts'
import { createDayBuilder, type Dates } from './build-days.ts'

const nothing: Counts = { keys: 0, clicks: 0, wheel: 0, distance_px: 0, active_seconds: 0 }
const evidence = [{ feature: 'rhythm', value: 1, text: 'evenly, every 100 ms' }]

function daysOf(records: readonly JournalRecord[], wanted?: Dates) {
  const builder = createDayBuilder(wanted)
  for (const record of records) builder.note(record)
  return builder.days(() => 'delivered')
}

function written(...entries: [at: string, zone: string, entry: Entry][]): JournalRecord[] {
  return entries.map(([at, zone, entry], index) => {
    const instant = Temporal.Instant.from(at)
    return {
      seq: index + 1,
      prev: chainStart,
      at: isoOfMs(instant.epochMilliseconds),
      zone,
      offset: offsetAt(instant, zone),
      ...entry,
    }
  })
}

/** Ten seconds from then on, recorded at their end. */
function interval(
  from: string,
  zone: string,
  counts: Partial<Counts> = {},
  more: Partial<Extract<Entry, { kind: 'interval' }>> = {},
): [string, string, Entry] {
  const lengthMs = more.length_ms ?? 10_000
  return [
    isoOfMs(Date.parse(from) + lengthMs),
    zone,
    {
      kind: 'interval',
      ...{ from, length_ms: lengthMs, ...nothing, ...counts, activity: '', presence: 'active' },
      genuineness: { verdict: 'genuine', rules: 1, evidence: [] },
      ...more,
    },
  ]
}

const scripted = { genuineness: { verdict: 'scripted', rules: 1, evidence } } as const

describe('days', () => {
  test('there are none of no records', () => assert.deepEqual(daysOf([]), []))

  test('an hour in Berlin', () => {
    const [day, ...more] = daysOf(
      written(
        [
          '2026-11-22T09:00:00Z',
          'Europe/Berlin',
          { kind: 'agent.started', version: '1', previous_end: null },
        ],
        interval('2026-11-22T09:00:00Z', 'Europe/Berlin', { keys: 40, active_seconds: 9 }),
        interval(
          '2026-11-22T09:00:10Z',
          'Europe/Berlin',
          { clicks: 2, active_seconds: 5 },
          { length_ms: 3_590_000 },
        ),
      ),
    )
    assert.deepEqual(more, [])
    assert.equal(day?.date, '2026-11-22')
    assert.deepEqual(day?.totals, {
      ...noTotals,
      ...{ active: 14, there: 3600, keys: 40, clicks: 2 },
    })
    assert.deepEqual(day?.slots, [{ slot: 60, active: 14, flagged: 0 }])
    assert.deepEqual(day?.zones, [
      { zone: 'Europe/Berlin', from: '2026-11-21T23:00:00.000Z', to: '2026-11-22T23:00:00.000Z' },
    ])
  })

  test('a day of summer time’s end has 25 hours, and each of the two hours its own slots', () => {
    const [day] = daysOf(
      written(
        interval('2026-10-25T00:30:00Z', 'Europe/Berlin', { active_seconds: 1 }),
        interval('2026-10-25T01:30:00Z', 'Europe/Berlin', { active_seconds: 2 }),
        interval('2026-10-25T22:55:00Z', 'Europe/Berlin', { active_seconds: 3 }),
      ),
    )
    assert.deepEqual(day?.slots, [
      { slot: 15, active: 1, flagged: 0 },
      { slot: 21, active: 2, flagged: 0 },
      { slot: 149, active: 3, flagged: 0 },
    ])
  })

  test('a flight to the west: the date has both zones, and what was spent in each', () => {
    const days = daysOf(
      written(
        interval('2026-11-19T08:00:00Z', 'Europe/Berlin', { active_seconds: 4 }),
        [
          '2026-11-19T20:00:00Z',
          'America/New_York',
          {
            kind: 'zone.changed',
            from: { zone: 'Europe/Berlin', offset: '+01:00' },
            to: { zone: 'America/New_York', offset: '-05:00' },
          },
        ],
        interval('2026-11-20T04:00:00Z', 'America/New_York', { active_seconds: 5 }),
      ),
    )
    assert.deepEqual(
      days.map(({ date, totals }) => [date, totals.active]),
      [['2026-11-19', 9]],
    )
    assert.deepEqual(
      days[0]?.zones.map(({ zone }) => zone),
      ['Europe/Berlin', 'America/New_York'],
    )
  })

  test('only the dates that are wanted, and what is late still counts', () => {
    const records = written(
      interval('2026-11-19T08:00:00Z', 'UTC', { active_seconds: 4 }),
      interval('2026-11-20T08:00:00Z', 'UTC', { active_seconds: 5 }, scripted),
      interval('2026-11-21T08:00:00Z', 'UTC', { active_seconds: 6 }),
      [
        '2026-11-21T09:00:00Z',
        'UTC',
        { kind: 'verdict.withdrawn', from: '2026-11-20T08:00:00Z', to: '2026-11-20T08:00:10Z' },
      ],
    )
    const all = daysOf(records)
    const one = daysOf(records, { from: '2026-11-20', to: '2026-11-20' })
    assert.deepEqual(one, all.slice(1, 2))
    assert.equal(one[0]?.totals.flagged, 0)
  })
})

describe('flags', () => {
  const at = (minute: number) => `2026-11-22T09:0${minute}:00.000Z`
  const records = written(
    interval(at(0), 'UTC', { active_seconds: 9 }),
    interval(at(1), 'UTC', { active_seconds: 8 }, scripted),
    interval(at(2), 'UTC', {}, { ...scripted, discarded: { ...nothing, active_seconds: 7 } }),
    [
      '2026-11-22T09:03:00Z',
      'UTC',
      {
        kind: 'verdict.extended',
        ...{ from: at(0), to: '2026-11-22T09:00:10.000Z', scripted_input: 'discard' },
        genuineness: scripted.genuineness as never,
        minutes: [{ start: at(0), zone: 'UTC', ...nothing, active_seconds: 9 }],
      },
    ],
  )

  test('each has its seconds and its evidence, and what was discarded is not in the totals', () => {
    const [day] = daysOf(records)
    const common = { verdict: 'scripted', withdrawn: false, evidence } as const
    assert.deepEqual(day?.flags, [
      { from: at(0), to: '2026-11-22T09:00:10.000Z', seconds: 9, discarded: true, ...common },
      { from: at(1), to: '2026-11-22T09:01:10.000Z', seconds: 8, discarded: false, ...common },
      { from: at(2), to: '2026-11-22T09:02:10.000Z', seconds: 7, discarded: true, ...common },
    ])
    assert.equal(day?.totals.active, 8)
    assert.equal(day?.totals.flagged, 24)
  })

  test('what was withdrawn is marked, and counts', () => {
    const withdrawn: Entry = { kind: 'verdict.withdrawn', from: at(0), to: at(1) }
    const [day] = daysOf([...records, ...written(['2026-11-22T09:05:00Z', 'UTC', withdrawn])])
    assert.deepEqual(
      day?.flags.map(flag => [flag.seconds, flag.withdrawn]),
      [
        [9, true],
        [8, true],
        [7, false],
      ],
    )
    assert.equal(day?.totals.active, 17)
    assert.equal(day?.totals.flagged, 7)
  })
})

test('screenshots say what became of them', () => {
  const shot = (object: string): Entry => ({
    kind: 'screenshot',
    display: 1,
    of: 1,
    width: 960,
    height: 540,
    blurred: false,
    object,
  })
  const days = daysOf(
    written(
      ['2026-11-22T09:00:00Z', 'UTC', shot('d/a')],
      ['2026-11-22T09:10:00Z', 'UTC', shot('d/b')],
      ['2026-11-22T09:20:00Z', 'UTC', shot('d/c')],
      ['2026-11-22T09:30:00Z', 'UTC', { kind: 'screenshot.failed', code: 'SCREEN_LOCKED' }],
      ['2026-11-22T09:40:00Z', 'UTC', { kind: 'screenshot.skipped', reason: 'away' }],
      [
        '2026-11-23T09:00:00Z',
        'UTC',
        {
          kind: 'screenshot.blurred',
          object: 'd/b',
          by: 'd/x',
          taken: '2026-11-22T09:10:00Z',
          reason: 'user',
        },
      ],
      [
        '2026-11-23T09:00:00Z',
        'UTC',
        {
          kind: 'screenshot.deleted',
          object: 'd/c',
          taken: '2026-11-22T09:20:00Z',
          display: 1,
          of: 1,
          reason: 'user',
        },
      ],
      [
        '2026-11-23T09:01:00Z',
        'UTC',
        {
          kind: 'screenshot.deleted',
          object: 'd/lost',
          taken: '2026-11-22T09:50:00Z',
          display: 1,
          of: 1,
          reason: 'user',
        },
      ],
    ),
  )
  assert.deepEqual(
    days[0]?.screenshots.map(({ at, state, object, blurred }) => [at.slice(11, 16), state, object, blurred]),
    [
      ['09:00', 'delivered', 'd/a', false],
      ['09:10', 'delivered', 'd/x', true],
      ['09:20', 'deleted', 'd/c', false],
      ['09:30', 'failed', undefined, undefined],
      ['09:40', 'skipped', undefined, undefined],
      ['09:50', 'deleted', 'd/lost', undefined],
    ],
  )
})

/** In tens: a second of presence between two gaps is within the tolerance, and may count for either. */
const tens = (most: number) => fc.integer({ min: 1, max: most / 10 }).map(ten => ten * 10)
const seconds = tens(20_000)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    after: seconds,
    kind: fc.constant('pause' as const),
    forSeconds: fc.option(tens(90_000), { nil: undefined }),
  }),
  fc.record({
    after: seconds,
    kind: fc.constantFrom('resume', 'kill', 'end', 'shut-down', 'start', 'lose-input', 'find-input'),
  }),
  fc.record({
    after: seconds,
    kind: fc.constant('sleep' as const),
    forSeconds: tens(90_000),
    told: fc.constantFrom('before', 'afterwards'),
  }),
)

/** The history is cut behind the presence before a pause, and the end that was set for the pause belongs to it. */
const pausedBeforeSleep = [
  { kind: 'pause', after: 10, forSeconds: 10 },
  { kind: 'pause', after: 20, forSeconds: 10 },
  { kind: 'sleep', after: 10, forSeconds: 86_370, told: 'before' },
] as const satisfies Happening[]

describe('property: over many days, with any events', () => {
  test('each day is as the agent shows it', () =>
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 12 }), happenings => {
        const { records } = simulateRun(happenings)
        const last = records.at(-1)
        if (!last) return
        const timeline = createTimeline()
        for (const record of records) timeline.note(record)
        for (const day of daysOf(records)) {
          const shown = timeline.dayOf(day.date, 'UTC', Temporal.Instant.from(last.at), {
            activeSeconds: 0,
            flagged: [],
          })
          assert.deepEqual(day.spans, shown.spans)
          const { there, idle, paused, gap } = day.totals
          assert.deepEqual({ there, idle, paused, gap, active: 0, flagged: 0 }, shown.seconds)
        }
      }),
      { numRuns: 8, interruptAfterTimeLimit: 3000, examples: [[pausedBeforeSleep]] },
    ))

  test('the gaps and pauses of all days are those that verify finds', () =>
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 12 }), happenings => {
        const { records } = simulateRun(happenings)
        const walk = createGapWalk()
        const gaps = [...records.flatMap(record => walk.record(record)), ...walk.end()]
        const days = daysOf(records)
        const dates = new Set(days.map(({ date }) => date))
        const total = days.reduce((sum, { totals }) => addTotals(sum, totals), noTotals)
        const lasting = gaps
          .flatMap(({ from, to }) => secondsByDate(from, to))
          .filter(([date]) => dates.has(date))
        const sum = lasting.reduce((all, [, length]) => all + length, 0)
        assert.ok(
          Math.abs(total.gap + total.paused - sum) <= days.length,
          `${total.gap + total.paused}, ${sum}`,
        )
      }),
      { numRuns: 8, interruptAfterTimeLimit: 3000 },
    ))
})

function secondsByDate(from: string, to: string): [date: string, seconds: number][] {
  const parts: [string, number][] = []
  for (let at = Date.parse(from); at < Date.parse(to); ) {
    const next = Math.min(Date.parse(to), (Math.floor(at / 86_400_000) + 1) * 86_400_000)
    parts.push([isoOfMs(at).slice(0, 10), (next - at) / 1000])
    at = next
  }
  return parts
}
