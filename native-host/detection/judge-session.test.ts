import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InputEvent } from '../input/input-event.ts'
import { createSessionJudge } from './judge-session.ts'

const move = (at: number): InputEvent => ({ kind: 'move', at, x: (at / 10) % 97, y: 0 })

function summaryOf(...times: number[]) {
  const judge = createSessionJudge({ strictness: 'normal', jumpPx: 500 })
  for (const at of times) judge.add(move(at))
  return judge.end().summary
}
const nothing = { activeMs: 0, flaggedMs: 0, firstFlagMs: undefined, disordered: 0, restarts: 0 }

const rows: [what: string, times: number[], summary: object][] = [
  ['nothing at all', [], nothing],
  ['one event', [700], nothing],
  ['two', [0, 1000], { ...nothing, activeMs: 1000 }],
  ['a lull of five seconds', [0, 5000], { ...nothing, activeMs: 5000 }],
  ['a longer one', [0, 9000, 9500], { ...nothing, activeMs: 5500 }],
  ['an event 100 ms before the last', [0, 1000, 900, 1200], { ...nothing, activeMs: 1200, disordered: 1 }],
  ['one more than that before it', [0, 1000, 899, 1399], { ...nothing, activeMs: 1500, restarts: 1 }],
  ['a clock that was set back twice', [0, 9000, 0, 9000, 0], { ...nothing, activeMs: 10_000, restarts: 2 }],
]
describe('of a sitting is told', () => {
  for (const [what, times, summary] of rows)
    test(`${what}: ${JSON.stringify(summary)}`, () => assert.deepEqual(summaryOf(...times), summary))
})

/** A nudge of the pointer every so many milliseconds. */
function nudged(everyMs: number, times: number, from = 0) {
  const judge = createSessionJudge({ strictness: 'normal', jumpPx: 500 })
  for (let time = 0; time < times; time++)
    judge.add({ kind: 'move', at: from + everyMs * time, x: 500 + 4 * (time % 2), y: 500 })
  return judge
}

describe('a stretch that is flagged', () => {
  test('counts as far as somebody was active in it', () => {
    const { stretches, summary } = nudged(20_000, 40).end()
    const [{ from, to, flaggedAt } = { from: 0, to: 0, flaggedAt: 0 }, ...others] = stretches
    assert.equal(others.length, 0)
    assert.equal(summary.firstFlagMs, flaggedAt)
    assert.equal(summary.flaggedMs, (to - from) / 4)
    assert.equal(summary.activeMs, 39 * 5000)
  })
  test('goes on while nothing ends it, up to the last movement that is over', () => {
    const judge = nudged(2000, 40)
    assert.equal(judge.current()?.to, 76_000)
    assert.equal(judge.hasEnded(), false)
    assert.deepEqual(judge.take(), [])
  })
  test('is over after minutes without an event, as soon as one comes', () => {
    const judge = nudged(2000, 40)
    judge.add(move(78_000 + 320_000))
    assert.equal(judge.hasEnded(), true)
    assert.equal(judge.take().length, 1)
    assert.equal(judge.hasEnded(), false)
    assert.deepEqual(judge.end().stretches, [])
  })
  test('ends where time goes back, and is told with what comes later', () => {
    const judge = nudged(2000, 40)
    judge.add(move(0))
    assert.equal(judge.hasEnded(), true)
    assert.equal(judge.current(), undefined)
    const { stretches, summary } = judge.end()
    assert.equal(stretches.length, 1)
    assert.equal(summary.firstFlagMs, stretches[0]?.flaggedAt)
  })
  test('does not begin with the first event, whenever that was', () => {
    const late = nudged(2000, 40, 1e9).end()
    const early = nudged(2000, 40).end()
    assert.deepEqual(
      late.stretches.map(({ from, to, flaggedAt }) => [from - 1e9, to - 1e9, flaggedAt - 1e9]),
      early.stretches.map(({ from, to, flaggedAt }) => [from, to, flaggedAt]),
    )
  })
})
