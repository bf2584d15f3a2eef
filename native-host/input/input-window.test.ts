import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { InputEvent } from './input-event.ts'
import {
  activityLine,
  addCounts,
  addEvents,
  countsIn,
  countsOf,
  type InputWindow,
  markUsed,
  noCounts,
  openWindow,
} from './input-window.ts'

const key = (at: number): InputEvent => ({ kind: 'key-down', at, slot: 0 })
const move = (at: number, x: number, y: number): InputEvent => ({ kind: 'move', at, x, y })

function countsAfter(...events: InputEvent[]) {
  const window = openWindow(0)
  addEvents(window, events)
  return countsOf(window)
}

const rows: [name: string, events: InputEvent[], counts: object][] = [
  ['nothing', [], noCounts],
  ['a press is a key', [key(0)], { ...noCounts, keys: 1, active_seconds: 1 }],
  ['its release is not', [{ kind: 'key-up', at: 0, slot: 0 }], { ...noCounts, active_seconds: 1 }],
  [
    'a button press is a click, wherever it is released',
    [
      { kind: 'button-down', at: 0, button: 1, x: 5, y: 5 },
      { kind: 'button-up', at: 100, button: 1, x: 900, y: 900 },
    ],
    { ...noCounts, clicks: 1, active_seconds: 1 },
  ],
  [
    'the wheel counts steps both ways',
    [
      { kind: 'wheel', at: 0, steps: 3, x: 0, y: 0 },
      { kind: 'wheel', at: 1, steps: -2, x: 0, y: 0 },
    ],
    { ...noCounts, wheel: 5, active_seconds: 1 },
  ],
  [
    'the first movement only says where the pointer is',
    [move(0, 500, 500)],
    { ...noCounts, active_seconds: 1 },
  ],
  [
    'distance is the sum of straight steps, not the way from start to end',
    [move(0, 0, 0), move(1, 3, 4), move(2, 0, 0)],
    { ...noCounts, distance_px: 10, active_seconds: 1 },
  ],
  [
    'whole pixels are counted at the end, not at each step',
    [move(0, 0, 0), move(1, 1, 1), move(2, 2, 2), move(3, 3, 3)],
    { ...noCounts, distance_px: 4, active_seconds: 1 },
  ],
  [
    'a second is active once, however much happens in it',
    [key(0), key(999), key(1000), key(5500)],
    { ...noCounts, keys: 4, active_seconds: 3 },
  ],
]
for (const [name, events, counts] of rows)
  test(`counts: ${name}`, () => {
    assert.deepEqual(countsAfter(...events), counts)
  })

test('a window never changes the counts that another starts with', () => {
  countsAfter(key(0))
  assert.deepEqual(countsOf(openWindow(0)), noCounts)
})

test('the distance to the first movement of the next window counts there', () => {
  const first = openWindow(0)
  addEvents(first, [move(0, 0, 0), move(1, 0, 10)])
  const second = openWindow(10_000, first.pointer)
  addEvents(second, [move(10_001, 0, 40)])
  assert.equal(countsOf(first).distance_px, 10)
  assert.equal(countsOf(second).distance_px, 30)
})

test('an event that arrives just after its window closed counts in the first second of the next', () => {
  const window = openWindow(10_000)
  addEvents(window, [key(9_980)])
  assert.equal(countsOf(window).keys, 1)
  assert.equal(activityLine(window, 3000), '100')
})

const lines: [lengthMs: number, at: number[], line: string][] = [
  [10_000, [], '0000000000'],
  [10_000, [0, 2500, 9999], '1010000001'],
  [2500, [2400], '001'],
  [0, [], ''],
  [1000, [1000.4], '01'],
]
for (const [lengthMs, at, line] of lines)
  test(`${lengthMs} ms with events at ${at.join(', ') || 'no time'} is ${line || 'no line'}`, () => {
    const window = openWindow(0)
    addEvents(window, at.map(key))
    assert.equal(activityLine(window, lengthMs), line)
  })

const eventsOfTenSeconds = fc
  .array(
    fc.record({
      kind: fc.constantFrom('key-down', 'key-up', 'button-down', 'button-up', 'move', 'wheel'),
      after: fc.integer({ min: 0, max: 400 }),
      x: fc.integer({ min: -2000, max: 4000 }),
      y: fc.integer({ min: -2000, max: 4000 }),
    }),
    { maxLength: 60 },
  )
  .map(list => {
    let at = 0
    return list.map(({ kind, after, x, y }): InputEvent => {
      at += after
      switch (kind) {
        case 'key-down':
        case 'key-up':
          return { kind, at, slot: 0 }
        case 'wheel':
          return { kind, at, steps: x % 4, x, y }
        case 'move':
          return { kind, at, x, y }
        default:
          return { kind: kind === 'button-down' ? kind : 'button-up', at, button: 1, x, y }
      }
    })
  })
const instants = fc.array(fc.integer({ min: 0, max: 24_000 }), { maxLength: 8 })

/** The same events through windows that close at these instants. */
function windowsOf(events: readonly InputEvent[], cuts: readonly number[]): InputWindow[] {
  let window = openWindow(0)
  const windows = [window]
  let left = events
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    addEvents(
      window,
      left.filter(event => event.at < cut),
    )
    left = left.filter(event => event.at >= cut)
    window = openWindow(cut, window.pointer)
    windows.push(window)
  }
  addEvents(window, left)
  return windows
}

test('however a stream is cut into windows, nothing is lost and nothing counts twice', () => {
  fc.assert(
    fc.property(eventsOfTenSeconds, instants, (events, cuts) => {
      const whole = windowsOf(events, []).map(countsOf).reduce(addCounts, noCounts)
      const windows = windowsOf(events, cuts)
      const sum = windows.map(countsOf).reduce(addCounts, noCounts)
      // Pixels are rounded once for each window; which seconds were active depends on where they begin.
      const loose = { distance_px: 0, active_seconds: 0 }
      assert.deepEqual({ ...sum, ...loose }, { ...whole, ...loose })
      assert.ok(Math.abs(sum.distance_px - whole.distance_px) <= (windows.length + 1) / 2)
    }),
    { numRuns: 1000 },
  )
})

test('windows that begin on a full second have together exactly the active seconds of the whole', () => {
  fc.assert(
    fc.property(eventsOfTenSeconds, instants, (events, cuts) => {
      const seconds = (windows: InputWindow[]) =>
        windows.reduce((sum, window) => sum + countsOf(window).active_seconds, 0)
      const fullSeconds = cuts.map(cut => Math.floor(cut / 1000) * 1000)
      assert.equal(seconds(windowsOf(events, fullSeconds)), seconds(windowsOf(events, [])))
    }),
  )
})

test('the activity line has a one for each active second, and is not shorter than its window', () => {
  fc.assert(
    fc.property(eventsOfTenSeconds, fc.integer({ min: 0, max: 30_000 }), (events, lengthMs) => {
      const window = openWindow(0)
      addEvents(window, events)
      const line = activityLine(window, lengthMs)
      assert.match(line, /^[01]*$/)
      assert.equal(line.replaceAll('0', '').length, countsOf(window).active_seconds)
      assert.ok(line.length >= lengthMs / 1000)
    }),
  )
})

const spans: [what: string, fromMs: number, toMs: number, line: string][] = [
  ['within one second', 200, 900, '1000'],
  ['over three seconds', 1500, 3200, '0111'],
  ['a moment', 2000, 2000, '0010'],
  ['since before the window', -60_000, 1000, '1100'],
  ['before the window', -60_000, -1, '0000'],
]
for (const [what, fromMs, toMs, line] of spans)
  test(`devices were used ${what}: ${line}`, () => {
    const window = openWindow(5000)
    markUsed(window, 5000 + fromMs, 5000 + toMs)
    assert.equal(activityLine(window, 4000), line)
    assert.equal(countsOf(window).keys, 0)
  })

test('each count is added to the count of the same name', () => {
  const a = { keys: 1, clicks: 20, wheel: 300, distance_px: 4000, active_seconds: 50_000 }
  const b = { keys: 2, clicks: 40, wheel: 600, distance_px: 8000, active_seconds: 10_000 }
  const sum = { keys: 3, clicks: 60, wheel: 900, distance_px: 12_000, active_seconds: 60_000 }
  assert.deepEqual(addCounts(a, b), sum)
})

test('only the counts of an object are kept', () => {
  assert.deepEqual(countsIn({ ...noCounts, keys: 2, ...{ minute: 5 } }), { ...noCounts, keys: 2 })
})
