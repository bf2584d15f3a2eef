import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { chainStart, type Entry, type JournalRecord } from '../../protocol/records.ts'
import { type Happening, simulateRun } from '../../test/support/simulated-run.ts'
import { createGapWalk, type Gap } from './gaps.ts'

function gapsOf(records: readonly JournalRecord[]): Gap[] {
  const walk = createGapWalk()
  return [...records.flatMap(record => walk.record(record)), ...walk.end()]
}

const said = (gaps: readonly Gap[]) =>
  gaps.map(({ from, to, cause, detail }) =>
    [cause, detail, `${from.slice(11, 19)}–${to.slice(11, 19)}`].filter(Boolean).join(' '),
  )

const seconds = fc.integer({ min: 0, max: 400 })
const length = fc.integer({ min: 3, max: 400 })
const reason = fc.constantFrom('low-battery' as const, 'outbox-full' as const)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    after: seconds,
    kind: fc.constant('pause' as const),
    forSeconds: fc.option(length, { nil: undefined }),
  }),
  fc.record({
    after: seconds,
    kind: fc.constantFrom('resume', 'kill', 'end', 'shut-down', 'start', 'lose-input', 'find-input'),
  }),
  fc.record({ after: seconds, kind: fc.constantFrom('suspend', 'unsuspend'), reason }),
  fc.record({
    after: seconds,
    kind: fc.constant('sleep' as const),
    forSeconds: length,
    told: fc.constantFrom('before', 'afterwards'),
  }),
  fc.record({ after: seconds, kind: fc.constant('fill-disk' as const), forSeconds: length }),
)
const setClock = fc.record({
  after: seconds,
  kind: fc.constant('set-clock' as const),
  bySeconds: fc
    .oneof(fc.integer({ min: -90_000, max: 90_000 }), fc.constantFrom(-3600, 3600, 86_400))
    .filter(by => Math.abs(by) > 1),
})

describe('property: no run of the tracker leaves a gap without its cause', () => {
  test('with any events, in any order', () =>
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 25 }), happenings => {
        const { records } = simulateRun(happenings)
        const unexplained = gapsOf(records).filter(gap => gap.cause === 'unexplained')
        assert.deepEqual(unexplained, [])
      }),
      { numRuns: 400 },
    ))

  test('nor when the clock is set meanwhile', () =>
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 3, arbitrary: happening }, setClock), { maxLength: 20 }),
        happenings => {
          const { records } = simulateRun(happenings)
          const unexplained = gapsOf(records).filter(gap => gap.cause === 'unexplained')
          assert.deepEqual(unexplained, [])
        },
      ),
      { numRuns: 400 },
    ))
})

/** What a gap may be called while this was true. Nothing tells when exactly a killed tracker died. */
const allowed: Record<string, readonly string[]> = {
  // The agent only notices the end of a pause once the computer has woken up.
  paused: ['paused', 'asleep', 'low-battery', 'outbox-full'],
  asleep: [
    'asleep',
    'paused',
    'agent-killed',
    'not-running',
    'low-battery',
    'outbox-full',
    'computer-off',
    'input-lost',
    'disk-full',
  ],
  'low-battery': ['low-battery', 'outbox-full', 'asleep', 'agent-killed'],
  'outbox-full': ['outbox-full', 'low-battery', 'asleep', 'agent-killed'],
  'input-lost': ['input-lost', 'agent-killed', 'starting', 'asleep', 'disk-full'],
  down: ['agent-killed', 'not-running', 'computer-off', 'low-battery', 'outbox-full', 'asleep', 'starting'],
  // The last counts of a killed tracker, and the interval in which the computer woke up.
  covered: ['agent-killed', 'asleep', 'starting', 'disk-full', 'input-lost'],
}

test('property: every second without an interval is in a gap, and its cause was true', () =>
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 20 }), happenings => {
      const { records, truth } = simulateRun(happenings)
      const base = Date.parse(records[0]?.at ?? '')
      const said = new Array<string | undefined>(truth.length)
      // An interval that saw nothing is one too: the next may be open when the last record is written.
      const recorded = new Array<boolean>(truth.length).fill(false)
      const mark = (from: number, to: number, as: string) =>
        said.fill(as, Math.round((from - base) / 1000), Math.round((to - base) / 1000))
      for (const { from, to, cause } of gapsOf(records)) mark(Date.parse(from), Date.parse(to), cause)
      for (const record of records) {
        if (record.kind !== 'interval') continue
        const began = Math.round((Date.parse(record.from) - base) / 1000)
        recorded.fill(true, began, began + Math.round(record.length_ms / 1000))
        if (record.presence === 'unknown') continue
        mark(Date.parse(record.from), Date.parse(record.from) + record.length_ms, 'interval')
      }
      // Events after the last record are unknown.
      const known = truth.slice(0, Math.floor((Date.parse(records.at(-1)?.at ?? '') - base) / 1000))
      for (const { second, cause } of known) {
        const claimed = said[second]
        const sinceInterval = second - recorded.lastIndexOf(true)
        if (claimed === undefined && sinceInterval > 0 && sinceInterval <= 20) continue
        if (claimed === undefined)
          assert.ok(said[second - 1] ?? said[second + 1], `nothing is said of ${second} s`)
        else if (claimed !== 'interval')
          assert.ok(allowed[cause]?.includes(claimed), `${claimed} while ${cause} at ${second} s`)
      }
    }),
    { numRuns: 300 },
  ))

test('killed in its first interval, after a record of another kind: the kill explains all of it', () => {
  const at = (time: string) => `2026-11-22T${time}.000Z`
  const entries: [time: string, entry: Entry][] = [
    ['10:00:00', { kind: 'consent.given', text_version: 3 }],
    ['10:00:04', { kind: 'screenshot.failed', code: 'CAPTURE_FAILED' }],
    ['10:00:12', { kind: 'gap', cause: 'agent-killed', from: at('10:00:04'), to: at('10:00:12') }],
    ['10:00:12', { kind: 'agent.started', version: '1', previous_end: 'killed' }],
  ]
  const records = entries.map(([time, entry], index): JournalRecord => {
    const place = { seq: index + 1, prev: chainStart, at: at(time), zone: 'UTC', offset: '+00:00' }
    return { ...place, ...entry }
  })
  assert.deepEqual(said(gapsOf(records)), ['agent-killed 10:00:00–10:00:12'])
})

describe('gaps in words', () => {
  const cases: [name: string, happenings: Happening[], gaps: string[]][] = [
    ['nothing happens', [{ after: 60, kind: 'resume' }], []],
    [
      'a pause that the person ends',
      [
        { after: 60, kind: 'pause', forSeconds: undefined },
        { after: 120, kind: 'resume' },
      ],
      ['paused chromium 10:01:00–10:03:00'],
    ],
    [
      'a pause that ran out while the tracker was dead',
      [
        { after: 60, kind: 'pause', forSeconds: 60 },
        { after: 10, kind: 'kill' },
        { after: 170, kind: 'start' },
      ],
      ['paused chromium 10:01:00–10:02:00', 'agent-killed 10:02:00–10:04:00'],
    ],
    [
      'killed in the middle of an interval',
      [
        { after: 65, kind: 'kill' },
        { after: 55, kind: 'start' },
      ],
      ['agent-killed 10:01:00–10:02:00'],
    ],
    [
      'ended when it was asked to',
      [
        { after: 65, kind: 'end' },
        { after: 55, kind: 'start' },
      ],
      ['not-running asked 10:01:05–10:02:00'],
    ],
    [
      'the computer was shut down',
      [
        { after: 65, kind: 'shut-down' },
        { after: 55, kind: 'start' },
      ],
      ['computer-off 10:01:05–10:02:00'],
    ],
    [
      'asleep, as only the clocks show',
      [{ after: 60, kind: 'sleep', forSeconds: 600, told: 'afterwards' }],
      ['asleep 10:01:10–10:11:10'],
    ],
    [
      'a low battery',
      [
        { after: 60, kind: 'suspend', reason: 'low-battery' },
        { after: 60, kind: 'unsuspend', reason: 'low-battery' },
      ],
      ['low-battery 10:01:00–10:02:00'],
    ],
    [
      'a pause that runs out a second before a sleep ends, while the battery is low',
      [
        { after: 0, kind: 'suspend', reason: 'low-battery' },
        { after: 0, kind: 'pause', forSeconds: 176 },
        { after: 43, kind: 'sleep', forSeconds: 134, told: 'before' },
      ],
      ['paused chromium 10:00:00–10:02:56', 'asleep 10:02:56–10:02:57', 'low-battery 10:02:57–10:02:58'],
    ],
    [
      'no display to count input on',
      [
        { after: 60, kind: 'lose-input' },
        { after: 60, kind: 'find-input' },
      ],
      ['input-lost INPUT_NO_DISPLAY 10:01:00–10:02:00'],
    ],
    ['a disk that was full, and nothing lost by it', [{ after: 60, kind: 'fill-disk', forSeconds: 60 }], []],
    [
      'a clock that was set forward by an hour',
      [{ after: 60, kind: 'set-clock', bySeconds: 3600 }],
      ['clock-changed 10:01:00–11:01:00'],
    ],
    [
      'times after a clock was set back are those that it showed',
      [
        { after: 60, kind: 'set-clock', bySeconds: -1800 },
        { after: 120, kind: 'pause', forSeconds: undefined },
        { after: 60, kind: 'resume' },
      ],
      ['paused chromium 09:33:00–09:34:00'],
    ],
  ]
  for (const [name, happenings, expected] of cases)
    test(name, () => assert.deepEqual(said(gapsOf(simulateRun(happenings).records)), expected))
})

test('a gap that no record explains is called unexplained', () => {
  const { records } = simulateRun([
    { after: 60, kind: 'pause', forSeconds: undefined },
    { after: 120, kind: 'resume' },
  ])
  const without = records.filter(({ kind }) => kind !== 'paused')
  assert.deepEqual(said(gapsOf(without)), ['unexplained 10:01:00–10:03:00'])
})

test('a journal of weeks needs no more memory than one of a day', () => {
  const day: Happening[] = Array.from({ length: 24 }, () => [
    { after: 3000, kind: 'pause', forSeconds: undefined } as const,
    { after: 600, kind: 'resume' } as const,
  ]).flat()
  const { records } = simulateRun(Array.from({ length: 7 }, () => day).flat())
  const walk = createGapWalk()
  const early = records.slice(0, 20_000).flatMap(record => walk.record(record))
  assert.ok(early.length > 30, 'gaps are returned during the walk')
  const all = gapsOf(records)
  assert.equal(all.length, 7 * 24)
  assert.ok(all.every(({ cause }) => cause === 'paused'))
})
