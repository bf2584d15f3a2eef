import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { seededRandom } from '../../test/support/seeded-random.ts'
import {
  append,
  asLine,
  handHoldMs,
  handPauseMs,
  person,
  pointing,
} from '../../test/support/synthetic-input.ts'
import type { InputEvent } from '../input/input-event.ts'
import { formatRecordingLine, recordingHeader } from '../input/recording.ts'
import { createRecordingJudge, type Finding, mostSideBySide } from './detect-recording.ts'

const limits = { strictness: 'normal', jumpPx: 500 } as const

function judge(lines: readonly string[]): Finding[] {
  const running = createRecordingJudge('file.csv', limits)
  return [...[recordingHeader, ...lines].flatMap(line => running.line(line)), ...running.end()]
}

function linesOf(events: readonly InputEvent[], session = 's'): string[] {
  return events.map(event => formatRecordingLine(session, event.at, event))
}

const stretchesOf = (findings: readonly Finding[]) =>
  findings.flatMap(finding => (finding.kind === 'stretch' ? [finding.stretch] : []))
const sessionsOf = (findings: readonly Finding[]) =>
  findings.flatMap(finding => (finding.kind === 'session' ? [finding] : []))

const script = pointing(seededRandom(2), 120_000, {
  draw: asLine(8, 6),
  pauseMs: handPauseMs,
  clicks: 0.5,
  holdMs: handHoldMs,
})
const work = person(seededRandom(1), 300_000)
const mixed: InputEvent[] = []
const scriptBegan = append(mixed, 0, work) + 500
append(mixed, append(mixed, scriptBegan, script) + 500, person(seededRandom(4), 300_000))

test('a session ends with what was active, what was flagged and when first', () => {
  const findings = judge(linesOf(mixed))
  const [stretch] = stretchesOf(findings)
  const [session] = sessionsOf(findings)
  assert.ok(stretch && session)
  const { activeMs, flaggedMs, firstFlagMs } = session.summary
  assert.equal(firstFlagMs, stretch.flaggedAt)
  assert.ok(flaggedMs > 0.8 * (stretch.to - stretch.from) && flaggedMs <= stretch.to - stretch.from)
  const end = mixed.at(-1)?.at ?? 0
  assert.ok(activeMs > 0.9 * end && activeMs <= end)
})

test('of a flagged stretch counts what was active, as of everything', () => {
  const nudges = Array.from({ length: 60 }, (_, time) => `s,${time * 20_000},m,${500 + 4 * (time % 2)},500,0`)
  const findings = judge(nudges)
  const [stretch] = stretchesOf(findings)
  const { activeMs, flaggedMs } = sessionsOf(findings)[0]?.summary ?? { activeMs: 0, flaggedMs: 0 }
  assert.ok(stretch && flaggedMs > 0)
  assert.equal(activeMs, 59 * 5000)
  assert.equal(flaggedMs, (stretch.to - stretch.from) / 4)
})

test('a lull counts as five seconds', () => {
  const findings = judge(['s,0,m,1,1,0', 's,1000,m,2,1,0', 's,3601000,m,3,1,0'])
  assert.equal(sessionsOf(findings)[0]?.summary.activeMs, 6000)
})

test('sessions are judged apart, and what ended is told in their order', () => {
  const findings = judge([...linesOf(script, 'a'), 'b,0,m,1,1,0', ...linesOf(script, 'c')])
  assert.deepEqual(
    findings.map(({ kind, session }) => [kind, session]),
    [
      ['stretch', 'a'],
      ['session', 'a'],
      ['session', 'b'],
      ['stretch', 'c'],
      ['session', 'c'],
    ],
  )
})

describe('sessions side by side', () => {
  const alone = [judge(linesOf(script, 'a')), judge(linesOf(work, 'b'))].flat()
  test('are judged as if each stood alone', () => {
    const [a, b] = [linesOf(script, 'a'), linesOf(work, 'b')]
    const mingled = b.flatMap((line, index) => [line, ...a.slice(index, index + 1)])
    const bySession = (findings: readonly Finding[]) => Map.groupBy(findings, ({ session }) => session)
    assert.deepEqual(bySession(judge([...mingled, ...a.slice(b.length)])), bySession(alone))
  })
  test('are told as soon as too many others came after them', () => {
    const running = createRecordingJudge('file.csv', limits)
    running.line(recordingHeader)
    const told = Array.from({ length: mostSideBySide + 2 }, (_, other) => running.line(`${other},0,m,1,1,0`))
    const sessions = told.map(findings => findings.map(({ session }) => session))
    assert.deepEqual(sessions.slice(-3), [[], ['0'], ['1']])
    assert.equal(running.end().length, mostSideBySide)
  })
})

describe('nothing is known before it happened', () => {
  const lines = linesOf(mixed)
  const [whole] = stretchesOf(judge(lines))
  test('there is a stretch', () => assert.ok(whole))
  for (const seconds of [5, 20, 60])
    test(`a recording that stops ${seconds} s after it was flagged was flagged at the same time`, () => {
      const until = (whole?.flaggedAt ?? 0) + seconds * 1000
      const prefix = judge(
        lines.slice(
          0,
          mixed.findIndex(({ at }) => at > until),
        ),
      )
      const [same] = stretchesOf(prefix)
      assert.equal(same?.flaggedAt, whole?.flaggedAt)
    })
  test('a recording that stops ten seconds before is not flagged', () => {
    const until = (whole?.flaggedAt ?? 0) - 10_000
    assert.deepEqual(
      stretchesOf(
        judge(
          lines.slice(
            0,
            mixed.findIndex(({ at }) => at > until),
          ),
        ),
      ),
      [],
    )
  })
})

describe('what is no recording is refused', () => {
  const rows: [what: string, lines: string[], detail: string | RegExp][] = [
    ['an empty file', [], /empty/],
    ['other columns', ['time,x,y', '0,1,2'], /file\.csv:1/],
    ['no first line', ['s,0,m,1,1,0'], /file\.csv:1/],
    ['a place that is no number', [recordingHeader, 's,0,m,1,1,0', 's,1,m,NaN,1,0'], /file\.csv:3/],
  ]
  for (const [what, lines, detail] of rows)
    test(what, () => {
      const running = createRecordingJudge('file.csv', limits)
      assert.throws(
        () => {
          for (const line of lines) running.line(line)
          running.end()
        },
        (error: { code?: string; detail?: string }) => {
          assert.equal(error.code, 'RECORDING_INVALID')
          assert.match(error.detail ?? '', typeof detail === 'string' ? new RegExp(detail) : detail)
          return true
        },
      )
    })
  test('a first line alone is a recording of nothing', () => assert.deepEqual(judge([]), []))
  test('empty lines and lines of another system are read', () =>
    assert.equal(sessionsOf(judge(['', 's,0,m,1,1,0\r', '\r', 's,9,m,2,1,0\r'])).length, 1))
})

/** Ways in which a recording of a person is spoilt. None of them makes a script of it. */
const spoilt: [what: string, spoil: (events: InputEvent[]) => InputEvent[]][] = [
  ['every event twice', events => events.flatMap(event => [event, event])],
  ['releases are missing', events => events.filter(({ kind }) => kind !== 'button-up' && kind !== 'key-up')],
  [
    'one in three releases is missing',
    events => events.filter(({ kind }, i) => i % 3 !== 0 || (kind !== 'button-up' && kind !== 'key-up')),
  ],
  [
    'presses are missing',
    events => events.filter(({ kind }) => kind !== 'button-down' && kind !== 'key-down'),
  ],
  [
    'instants are rounded to 16 ms',
    events => events.map(event => ({ ...event, at: Math.floor(event.at / 16) * 16 })),
  ],
  [
    'neighbours changed places',
    events => events.map((event, i) => ({ ...event, at: events[i % 20 === 3 ? i + 1 : i]?.at ?? event.at })),
  ],
  [
    'the clock is set back by an hour now and then',
    events => events.map((event, i) => ({ ...event, at: event.at - 3_600_000 * Math.floor(i / 5000) })),
  ],
  [
    'the clock leaps forward',
    events => events.map((event, i) => ({ ...event, at: event.at + 1e7 * Math.floor(i / 5000) })),
  ],
  ['all in one instant', events => events.map(event => ({ ...event, at: 0 }))],
  ['a million events a second', events => events.map((event, i) => ({ ...event, at: i / 1000 }))],
  ['backwards', events => events.toReversed()],
  [
    'in any order',
    events => {
      const random = seededRandom(9)
      return events.map(event => ({ ...event, at: random.uniform(0, 300_000) }))
    },
  ],
]
describe('a spoilt recording of a person is no script', () => {
  for (const [what, spoil] of spoilt)
    test(what, () => {
      const found = stretchesOf(judge(linesOf(spoil(work))))
      assert.deepEqual(
        found.map(({ evidence }) => evidence[0]?.text),
        [],
      )
    })
})

test('a clock that is set back is said, and what follows is judged on its own', () => {
  const back = [...work, ...script.map(event => ({ ...event, at: event.at + 1000 }))]
  const findings = judge(linesOf(back))
  assert.equal(sessionsOf(findings)[0]?.summary.restarts, 1)
  assert.equal(stretchesOf(findings).length, 1)
})

test('events a few milliseconds out of order are simultaneous, and counted', () => {
  const findings = judge(['s,10,m,1,1,0', 's,8,m,2,1,0', 's,12,m,3,1,0'])
  const { disordered, restarts } = sessionsOf(findings)[0]?.summary ?? {}
  assert.deepEqual([disordered, restarts], [1, 0])
})

test('whatever is read, times are in order and figures are numbers', () => {
  const event = fc.tuple(
    fc.constantFrom('m', 'd', 'u', 'w', 'kd', 'ku'),
    fc.nat(3000),
    fc.nat(40),
    fc.nat(40),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 400 }), events => {
      const findings = judge(events.map(([kind, t, x, y]) => `s,${t},${kind},${x},${y},1`))
      for (const { from, to, flaggedAt, confidence, evidence } of stretchesOf(findings)) {
        assert.ok(from <= to && to <= flaggedAt)
        assert.ok(confidence >= 0 && confidence < 1)
        for (const { value, text } of evidence)
          assert.ok(Number.isFinite(value) && !/NaN|Infinity/.test(text))
      }
    }),
  )
})
