import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { judged, looped } from '../../test/support/judged.ts'
import { seededRandom } from '../../test/support/seeded-random.ts'
import {
  append,
  asHand,
  asJump,
  asLine,
  type Draw,
  handHoldMs,
  handPauseMs,
  person,
  pointing,
} from '../../test/support/synthetic-input.ts'
import type { InputEvent } from '../input/input-event.ts'
import { createDetector, detectorRules, type Stretch, type Strictness } from './detector.ts'

setFlagsFromString('--expose-gc')

const minute = 60_000
const work = (seed: number, spanMs: number) => person(seededRandom(seed), spanMs)

function tool(draw: Draw, spanMs: number): InputEvent[] {
  return pointing(seededRandom(2), spanMs, { draw, pauseMs: handPauseMs, clicks: 0, holdMs: handHoldMs })
}

/** Work, then a script, then work again. */
function between(script: readonly InputEvent[]) {
  const events: InputEvent[] = []
  const from = append(events, 0, work(1, 10 * minute)) + 500
  const to = append(events, from, script)
  append(events, to + 500, work(3, 10 * minute))
  return { events, from, to }
}

const scripts: [what: string, script: InputEvent[]][] = [
  ['lines of equal steps', tool(asLine(8, 6), 5 * minute)],
  ['jumps', tool(asJump, 5 * minute)],
  ['a loop of twenty seconds', looped(tool(asHand, 20_000), 15, 500)],
]
describe('a script among work is found from its beginning to its end', () => {
  for (const [what, script] of scripts)
    test(what, () => {
      const { events, from, to } = between(script)
      const { stretches } = judged(events)
      assert.equal(stretches.length, 1)
      const [{ from: began, to: ended, flaggedAt, verdict, confidence, evidence }] = stretches as [Stretch]
      assert.ok(Math.abs(began - from) < 45_000, `began ${(began - from) / 1000} s off`)
      assert.ok(Math.abs(ended - to) < 45_000, `ended ${(ended - to) / 1000} s off`)
      assert.ok(flaggedAt > from && flaggedAt < from + minute)
      assert.equal(verdict, 'scripted')
      assert.ok(confidence > 0.5 && confidence < 1)
      assert.ok(evidence.length >= 1 && evidence.length <= 3)
    })
})

describe('work alone is not flagged, at any strictness', () => {
  for (const strictness of ['low', 'normal', 'high'] satisfies Strictness[])
    test(strictness, () => assert.deepEqual(judged(work(1, 40 * minute), strictness).stretches, []))
})

test('a higher strictness says so earlier, a lower one later', () => {
  const script = tool(asLine(8, 6), 3 * minute)
  const flaggedAt = (strictness: Strictness) =>
    judged(script, strictness).stretches[0]?.flaggedAt ?? Number.NaN
  assert.ok(flaggedAt('high') < flaggedAt('normal'))
  assert.ok(flaggedAt('normal') < flaggedAt('low'))
})

test('strictness takes effect at once', () => {
  let strictness: Strictness = 'low'
  const detector = createDetector(() => ({ strictness, jumpPx: 500 }))
  for (const event of tool(asLine(8, 6), minute)) {
    detector.observeOne(event)
    const [even] = detector.highest()
    if (!even || even.level < 0.7 || even.level >= 1) continue
    assert.equal(detector.current(), undefined)
    strictness = 'high'
    detector.settle(event.at)
    assert.ok(detector.current())
    return
  }
  assert.fail('the evidence grew too fast for this test')
})

test('suspect is said before scripted, and is never taken back to it', () => {
  const detector = createDetector(() => ({ strictness: 'normal', jumpPx: 500 }))
  const nudges = Array.from({ length: 40 }, (_, beat): InputEvent => {
    return { kind: 'move', at: beat * 2000, x: 500 + (beat % 2) * 4, y: 500 }
  })
  const said = nudges.map(event => {
    detector.observeOne(event)
    return detector.current()?.verdict
  })
  const changes = said.filter((verdict, index) => index === 0 || verdict !== said[index - 1])
  assert.deepEqual(changes, [undefined, 'suspect', 'scripted'])
})

test('a stretch is over a minute after the person returned, or five minutes after the last of it', () => {
  const after = (more: readonly InputEvent[]) => {
    const detector = createDetector(() => ({ strictness: 'normal', jumpPx: 500 }))
    const events = tool(asLine(8, 6), minute)
    const end = append(events, (events.at(-1)?.at ?? 0) + 500, more)
    detector.observe(events)
    return { detector, end }
  }
  const left = after([])
  left.detector.settle(left.end + 290_000)
  assert.ok(left.detector.current())
  assert.equal(left.detector.hasEnded(), false)
  left.detector.settle(left.end + 302_000)
  assert.equal(left.detector.current(), undefined)
  assert.equal(left.detector.take().length, 1)
  assert.equal(left.detector.take('all').length, 0)

  const returned = after(work(1, 3 * minute))
  assert.equal(returned.detector.current(), undefined)
  assert.ok((returned.detector.take()[0]?.to ?? 0) < minute + 20_000)
})

describe('a batch of any size gives the same', () => {
  const { events } = between(tool(asLine(8, 6), 2 * minute))
  const few = events.slice(0, 60_000)
  const whole = createDetector(() => ({ strictness: 'normal', jumpPx: 500 }))
  whole.observe(few)
  const expected = whole.take('all')
  test('there is something to compare', () => assert.equal(expected.length, 1))
  test('in pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 12 }), sizes => {
        const detector = createDetector(() => ({ strictness: 'normal', jumpPx: 500 }))
        for (let from = 0, turn = 0; from < few.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          detector.observe(few.slice(from, from + size))
          from += size
        }
        assert.deepEqual(detector.take('all'), expected)
      }),
      { numRuns: 8 },
    )
  })
})

test('each rule names its evidence as the table does', () => {
  for (const { feature, create } of detectorRules) {
    const limits = () => ({ strictness: 'normal' as const, jumpPx: 500 })
    const weights = { depth: 1, columns: [0], bounds: [0], leaves: [0, 0], typical: [] }
    assert.equal(create(limits, weights).evidence().feature, feature)
  }
})

test('memory does not grow over a million events', () => {
  const detector = createDetector(() => ({ strictness: 'normal', jumpPx: 500 }))
  const part = work(1, 5 * minute)
  const used: number[] = []
  for (let seen = 0; seen < 1_000_000; seen += part.length) {
    for (const event of part) detector.observeOne({ ...event, at: event.at + seen * 100 })
    detector.take()
    used.push(usedBytes())
  }
  const grown = (used.at(-1) ?? 0) - (used[1] ?? 0)
  assert.ok(grown < 200_000, `${grown} bytes more`)
})

/** After a collection, so that only what is kept counts. */
function usedBytes(): number {
  const collect: () => void = runInNewContext('gc')
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
