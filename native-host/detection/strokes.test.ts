import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { InputEvent } from '../input/input-event.ts'
import { createStrokes } from './strokes.ts'

type Move = [at: number, x: number, y?: number]

function moves(...places: Move[]): InputEvent[] {
  return places.map(([at, x, y = 0]) => ({ kind: 'move', at, x, y }))
}

function strokesOf(events: readonly InputEvent[]) {
  const strokes = createStrokes()
  const found: object[] = []
  const note = (stroke: ReturnType<typeof strokes.settle>) => {
    if (!stroke) return
    const { from, to, pauseMs, steps, path, netX, netY, interval } = stroke
    found.push({ from, to, pauseMs, steps, path, netX, netY, intervals: [...interval.subarray(0, steps)] })
  }
  for (const event of events) {
    note(strokes.endedBy(event))
    if (event.kind === 'move') strokes.add(event)
  }
  note(strokes.settle((events.at(-1)?.at ?? 0) + 1000))
  return found
}

test('a stroke goes from a rest to a rest', () => {
  const events = moves([0, 0], [10, 3], [20, 9], [300, 9, 4], [310, 9, 0])
  assert.deepEqual(strokesOf(events), [
    { from: 10, to: 20, pauseMs: 10, steps: 2, path: 9, netX: 9, netY: 0, intervals: [10, 10] },
    { from: 300, to: 310, pauseMs: 280, steps: 2, path: 8, netX: 0, netY: 0, intervals: [Number.NaN, 10] },
  ])
})

const counts: [what: string, events: InputEvent[], strokes: number][] = [
  ['the first place of all is no step', moves([0, 500]), 0],
  ['reports that go nowhere are no steps', moves([0, 5], [10, 5], [20, 5]), 0],
  ['a rest of 250 ms ends nothing', moves([0, 0], [10, 1], [260, 2]), 1],
  ['one of 251 ms does', moves([0, 0], [10, 1], [261, 2]), 2],
  [
    'a click ends a stroke',
    [...moves([0, 0], [10, 1]), { kind: 'button-down', at: 12, button: 1, x: 1, y: 0 }, ...moves([20, 2])],
    2,
  ],
  [
    'what does not end is cut after two seconds',
    moves(...Array.from({ length: 500 }, (_, i): Move => [i * 10, i])),
    3,
  ],
  ['places far outside of any screen are steps as well', moves([0, 0], [10, -65_535]), 1],
]
describe('strokes', () => {
  for (const [what, events, count] of counts) test(what, () => assert.equal(strokesOf(events).length, count))
})

test('a fast mouse takes a thousand steps and more in one stroke', () => {
  const [stroke, ...others] = strokesOf(moves(...Array.from({ length: 1500 }, (_, i): Move => [i, 2 * i])))
  assert.partialDeepStrictEqual(stroke, {
    steps: 1499,
    path: 2998,
    netX: 2998,
    intervals: Array(1499).fill(1),
  })
  assert.equal(others.length, 0)
})

test('no step is lost or counted twice, however they are spread', () => {
  const place = fc.tuple(fc.nat(600), fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }))
  fc.assert(
    fc.property(fc.array(place, { maxLength: 300 }), steps => {
      let at = 0
      const events = steps.map(([wait, x, y]): InputEvent => {
        at += wait
        return { kind: 'move', at, x, y }
      })
      const there = events.filter((event, index) => {
        const before = events[index - 1]
        return before && 'x' in event && 'x' in before && (event.x !== before.x || event.y !== before.y)
      })
      const counted = strokesOf(events).reduce(
        (sum, stroke) => sum + ('steps' in stroke ? Number(stroke.steps) : 0),
        0,
      )
      assert.equal(counted, there.length)
    }),
  )
})

describe('a stroke that goes on', () => {
  const every = (ms: number, last: number) =>
    moves(...Array.from({ length: Math.floor(last / ms) + 1 }, (_, step): Move => [ms * step, step]))
  const spans = (events: readonly InputEvent[]) =>
    strokesOf(events).map(stroke => ('from' in stroke && 'to' in stroke ? [stroke.from, stroke.to] : []))
  test('is cut after more than two seconds', () => {
    assert.deepEqual(spans(every(100, 2100)), [[100, 2100]])
    assert.deepEqual(spans(every(100, 2200)), [
      [100, 2100],
      [2200, 2200],
    ])
  })
  test('is cut after 4096 steps', () => {
    const counted = strokesOf(every(0.25, 1025)).map(stroke => ('steps' in stroke ? stroke.steps : 0))
    assert.deepEqual(counted, [4096, 4])
  })
  test('ends when nothing was added for more than 250 ms', () => {
    const strokes = createStrokes()
    for (const event of every(10, 20)) if (event.kind === 'move') strokes.add(event)
    assert.equal(strokes.settle(270), undefined)
    assert.equal(strokes.settle(271)?.steps, 2)
    assert.equal(strokes.settle(999), undefined)
  })
})

test('each step is told with its two ways and its length', () => {
  const strokes = createStrokes()
  for (const event of moves([0, 1, 2], [10, 4, 6], [20, 4, 5])) if (event.kind === 'move') strokes.add(event)
  const stroke = strokes.settle(1000)
  assert.ok(stroke)
  const { steps, dx, dy, length, netX, netY } = stroke
  assert.deepEqual(
    [dx, dy, length].map(column => [...column.subarray(0, steps)]),
    [
      [3, 0],
      [4, -1],
      [5, 1],
    ],
  )
  assert.deepEqual([netX, netY], [3, 3])
})

test('what a trusted device did is in no stroke, and the next one begins where it left the pointer', () => {
  const strokes = createStrokes()
  const [start, step, far, next] = moves([0, 0], [10, 5], [20, 900], [30, 903])
  assert.ok(start?.kind === 'move' && step?.kind === 'move' && far?.kind === 'move' && next?.kind === 'move')
  strokes.add(start)
  strokes.add(step)
  strokes.follow(far)
  strokes.add(next)
  const stroke = strokes.settle(1000)
  assert.deepEqual([stroke?.steps, stroke?.path, stroke?.from, stroke?.pauseMs], [1, 3, 30, 10])
})

test('an event that is no movement ends only what was begun', () => {
  const strokes = createStrokes()
  const key: InputEvent = { kind: 'key-down', at: 5, slot: 0 }
  assert.equal(strokes.endedBy(key), undefined)
  for (const event of moves([0, 0], [10, 5])) if (event.kind === 'move') strokes.add(event)
  assert.equal(strokes.endedBy(key)?.path, 5)
  assert.equal(strokes.endedBy(key), undefined)
})
