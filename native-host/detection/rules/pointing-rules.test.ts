import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judged, looped } from '../../../test/support/judged.ts'
import { seededRandom } from '../../../test/support/seeded-random.ts'
import {
  asBezier,
  asHand,
  asJump,
  asLine,
  type Draw,
  handHoldMs,
  handPauseMs,
  person,
  pointing,
} from '../../../test/support/synthetic-input.ts'
import type { InputEvent } from '../../input/input-event.ts'

const random = () => seededRandom(7)

function drawn(draw: Draw, spanMs = 60_000): InputEvent[] {
  return pointing(random(), spanMs, { draw, pauseMs: handPauseMs, clicks: 0, holdMs: handHoldMs })
}

function clicking(draw: Draw, holdMs: () => number): InputEvent[] {
  return pointing(random(), 60_000, { draw, pauseMs: handPauseMs, clicks: 1, holdMs })
}

/** Strokes of a hand that begin every so many seconds, give or take. */
function beating(everyMs: number, jitterMs: number): InputEvent[] {
  const r = random()
  return Array.from({ length: 30 }, (_, beat) => {
    const to = { x: r.uniform(0, 1900), y: r.uniform(0, 1000) }
    const began = beat * everyMs + r.uniform(-jitterMs, jitterMs)
    return asHand(r, { x: 900, y: 500 }, to).map(
      ({ ms, x, y }): InputEvent => ({
        kind: 'move',
        at: began + ms,
        x: Math.round(x),
        y: Math.round(y),
      }),
    )
  }).flat()
}

const tools: { what: string; feature: string; events: InputEvent[]; sentence: RegExp }[] = [
  {
    what: 'straight lines in steps of 6 px every 8 ms',
    feature: 'even_motion',
    events: drawn(asLine(8, 6)),
    sentence: /^\d+ of \d+ movements had one speed and equal steps/,
  },
  {
    what: 'one pixel every 2 ms',
    feature: 'even_motion',
    events: drawn(asLine(2, 1)),
    sentence: /^\d+ of \d+ movements had one speed and equal steps/,
  },
  {
    what: 'a pointer that is put from place to place',
    feature: 'pointer_jumps',
    events: drawn(asJump),
    sentence: /^\d+ of \d+ movements were single jumps, the longest \d+ px\. A hand leaves a trail/,
  },
  {
    what: 'jumps to places that are clicked and not held',
    feature: 'pointer_jumps',
    events: clicking(asJump, () => 0),
    sentence: /^\d+ of \d+ movements were single jumps/,
  },
  {
    what: 'twenty seconds of a hand, over and over',
    feature: 'loop',
    events: looped(drawn(asHand, 20_000), 4, 500),
    sentence: /^Movements repeated: \d+ in a row matched those of \d+ s earlier to the pixel\.$/,
  },
  {
    what: 'a nudge of four pixels every two seconds',
    feature: 'rhythm',
    events: Array.from({ length: 40 }, (_, beat) => ({
      kind: 'move',
      at: beat * 2000,
      x: 500 + (beat % 2) * 4,
      y: 500,
    })),
    sentence: /^\d+ movements in a row began every 2\.00 s, within 2%\.$/,
  },
  {
    what: 'the strokes of a hand, begun every three seconds',
    feature: 'rhythm',
    events: beating(3000, 0),
    sentence: /^\d+ movements in a row began every 3\.00 s, within 2%\.$/,
  },
  {
    what: 'a key that is pressed every minute to keep the computer awake',
    feature: 'rhythm',
    events: Array.from({ length: 8 }, (_, beat) => beat * 59_000).flatMap((at): InputEvent[] => [
      { kind: 'key-down', at, slot: 0 },
      { kind: 'key-up', at: at + 4, slot: 0 },
    ]),
    sentence: /^\d+ clicks, keys or wheel steps in a row began every 59 s, within 2%\.$/,
  },
  {
    what: 'a wheel that turns every two seconds',
    feature: 'rhythm',
    events: Array.from({ length: 12 }, (_, beat) => ({
      kind: 'wheel',
      at: 2000 * beat,
      steps: 1,
      x: 500,
      y: 500,
    })),
    sentence: /^\d+ clicks, keys or wheel steps in a row began every 2\.00 s, within 2%\.$/,
  },
  {
    what: 'smooth curves of a mouse library that no model has seen',
    feature: 'pointer_style',
    events: drawn(asBezier, 240_000),
    sentence:
      /^The last 9 movements look drawn by a tool, not by a person\. Most unusual: .+ \([\d.]+; people [\d.]+ to [\d.]+\)/,
  },
]
describe('what tools do is found, and said with its figures', () => {
  for (const { what, feature, events, sentence } of tools)
    test(`${what}: ${feature}`, () => {
      const { level, said, stretches } = judged(events)
      assert.ok(level(feature) >= 1, `only ${level(feature).toFixed(2)} of the limit`)
      assert.match(said(feature) ?? '', sentence)
      assert.equal(stretches.length, 1)
    })
})

const people: { what: string; feature: string; events: InputEvent[] }[] = [
  { what: 'pages that are turned with a key', feature: 'rhythm', events: turning(40, 2000, 160) },
  { what: 'somebody who scrolls on while reading', feature: 'rhythm', events: turning(60, 8000, 1500) },
  { what: 'a hand that points for a minute', feature: 'even_motion', events: drawn(asHand) },
  {
    what: 'one straight drag of four seconds among others',
    feature: 'even_motion',
    events: [
      ...asMoves(asLine(8, 4)(random(), { x: 0, y: 500 }, { x: 1900, y: 500 })),
      ...later(drawn(asHand)),
    ],
  },
  {
    what: 'a display that wakes: two jumps among others',
    feature: 'pointer_jumps',
    events: [...drawn(asJump, 2000), ...later(drawn(asHand))],
  },
  {
    what: 'a touch screen: places that are tapped for a while',
    feature: 'pointer_jumps',
    events: clicking(asJump, () => 90),
  },
  { what: 'ten minutes of work', feature: 'loop', events: person(random(), 600_000) },
  {
    what: 'the same two menus, drawn anew each time',
    feature: 'loop',
    events: backAndForth(),
  },
  {
    what: 'strokes about every three seconds, as hands keep time',
    feature: 'rhythm',
    events: beating(3000, 150),
  },
  { what: 'ten minutes of work', feature: 'pointer_style', events: person(random(), 600_000) },
]
describe('what people do is not', () => {
  for (const { what, feature, events } of people)
    test(`${what}: no ${feature}`, () => {
      const { level } = judged(events)
      assert.ok(level(feature) < 0.7, `${level(feature).toFixed(2)} of the limit`)
    })
})

describe('the length of a jump is what the setting says', () => {
  const lengths = [50, 100, 200, 299, 301, 500, 520, 540, 560, 600, 1000, 10_000]
  for (const px of [60, 300, 700])
    test(`jumps of ${px} px: the longer it is, the less they weigh`, () => {
      const levels = lengths.map(jumpPx => judged(jumpsOf(px), 'normal', jumpPx).level('pointer_jumps'))
      assert.deepEqual(
        levels,
        levels.toSorted((a, b) => b - a),
      )
      assert.equal(levels.at(-1), 0)
      assert.ok((levels[0] ?? 0) >= 1)
    })

  test('jumps of 300 px are found at 200, later at 500, and not at 1,000', () => {
    const finds = (jumps: number, jumpPx: number) =>
      judged(jumpsOf(300).slice(0, jumps + 1), 'normal', jumpPx).level('pointer_jumps') >= 1
    assert.deepEqual(
      [200, 500, 1000].map(jumpPx => [finds(17, jumpPx), finds(39, jumpPx)]),
      [
        [true, true],
        [false, true],
        [false, false],
      ],
    )
  })

  test('a click that is not held says nothing where nothing jumped', () => {
    const clicked = jumpsOf(300).flatMap((event): InputEvent[] => [
      event,
      { kind: 'button-down', at: event.at + 400, button: 1, x: 0, y: 0 },
      { kind: 'button-up', at: event.at + 400, button: 1, x: 0, y: 0 },
    ])
    assert.ok(judged(clicked, 'normal', 200).level('pointer_jumps') >= 1)
    assert.equal(judged(clicked, 'normal', 1000).level('pointer_jumps'), 0)
  })
})

test('a loop is found wherever on the screen it is played again', () => {
  const minute = drawn(asHand, 20_000)
  const moved = minute.map(event => ('x' in event ? { ...event, x: event.x + 130, y: event.y - 77 } : event))
  const { level } = judged([...minute, ...later(moved), ...later(later(minute))])
  assert.ok(level('loop') >= 1)
})

test('a loop whose steps are the very same is found with its second stroke', () => {
  const minute = person(random(), 60_000).filter(({ at }) => at < 60_000)
  const again = later(minute)
  const inTime = (ms: number) => again.filter(({ at }) => at < 70_000 + ms)
  const { stretches } = judged([...minute, ...inTime(10_000)])
  assert.equal(stretches.length, 1)
  const seconds = (Number(stretches[0]?.flaggedAt) - 70_000) / 1000
  assert.ok(seconds < 8, `after ${seconds} s`)
  const shaken = inTime(10_000).map(event =>
    'x' in event ? { ...event, x: event.x + (event.at % 2) } : event,
  )
  assert.equal(judged([...minute, ...shaken]).stretches.length, 0)
})

/** To and fro and never at the same place, in no rhythm. */
function jumpsOf(px: number): InputEvent[] {
  const r = random()
  let at = 0
  return Array.from({ length: 40 }, (_, n) => {
    at += r.uniform(600, 1400)
    const angle = r.uniform(-0.4, 0.4)
    const from = n % 2 ? px : 0
    return {
      kind: 'move',
      at,
      x: Math.round(500 + from * Math.cos(angle)),
      y: 500 + Math.round(from * Math.sin(angle)),
    }
  })
}

function turning(times: number, everyMs: number, deviationMs: number): InputEvent[] {
  const r = random()
  let at = 0
  return Array.from({ length: times }, () => {
    at += Math.max(1000, r.normal(everyMs, deviationMs))
    return { kind: 'wheel', at, steps: 1, x: 500, y: 500 }
  })
}

function asMoves(places: { ms: number; x: number; y: number }[]): InputEvent[] {
  return places.map(({ ms, x, y }) => ({ kind: 'move', at: ms, x: Math.round(x), y: Math.round(y) }))
}

function later(events: readonly InputEvent[]): InputEvent[] {
  return events.map(event => ({ ...event, at: event.at + 70_000 }))
}

function backAndForth(): InputEvent[] {
  const r = random()
  const places = [
    { x: 200, y: 40 },
    { x: 260, y: 400 },
  ]
  return Array.from({ length: 60 }, (_, time) => {
    const [from = { x: 0, y: 0 }, to = { x: 0, y: 0 }] = time % 2 === 0 ? places : places.toReversed()
    const off = () => r.normal(0, 6)
    const began = time * 2500 + r.uniform(0, 900)
    return asMoves(asHand(r, from, { x: to.x + off(), y: to.y + off() })).map(event => ({
      ...event,
      at: event.at + began,
    }))
  }).flat()
}
