import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { InputEvent } from './input-event.ts'
import { formatRecordingLine, isRecordingHeader, parseRecordingLine } from './recording.ts'

const good: [line: string, event: InputEvent][] = [
  ['a,0,m,10,20,0', { kind: 'move', at: 0, x: 10, y: 20 }],
  ['a,12.5,d,10,20,1', { kind: 'button-down', at: 12.5, button: 1, x: 10, y: 20 }],
  ['a,80,u,10,20,1', { kind: 'button-up', at: 80, button: 1, x: 10, y: 20 }],
  ['a,90,w,10,20,-1', { kind: 'wheel', at: 90, steps: -1, x: 10, y: 20 }],
  ['a,90,w,10,20,0', { kind: 'wheel', at: 90, steps: 1, x: 10, y: 20 }],
  ['a,99,kd,3,0,0', { kind: 'key-down', at: 99, slot: 3 }],
  ['a,99,kd,0,0,0', { kind: 'key-down', at: 99, slot: 0 }],
  ['a,140,ku,3,0,0', { kind: 'key-up', at: 140, slot: 3 }],
  ['a,-3,m,-10.5,65535,0', { kind: 'move', at: -3, x: -10.5, y: 65_535 }],
  ['a,0,m,10,20,0\r', { kind: 'move', at: 0, x: 10, y: 20 }],
  ['"a","0","m","10","20","0"', { kind: 'move', at: 0, x: 10, y: 20 }],
  ['"a",0,"kd",3,0,0\r', { kind: 'key-down', at: 0, slot: 3 }],
  [' a , 0,\tm, 10, 20, 0 ', { kind: 'move', at: 0, x: 10, y: 20 }],
  ['a,1.5e3,m,1e1,2E1,0', { kind: 'move', at: 1500, x: 10, y: 20 }],
  ['a,0,m,10,20,', { kind: 'move', at: 0, x: 10, y: 20 }],
  ['a,0,m,10,20,\r', { kind: 'move', at: 0, x: 10, y: 20 }],
  ['a,99,ku,3,,', { kind: 'key-up', at: 99, slot: 3 }],
]
describe('a line is one event', () => {
  for (const [line, event] of good)
    test(JSON.stringify(line), () => assert.deepEqual(parseRecordingLine(line), { session: 'a', event }))
})

const bad: [what: string, line: string][] = [
  ['nothing', ''],
  ['too few columns', 'a,0,m,10,20'],
  ['a column more, such as a name of a key', 'a,0,kd,3,0,0,KeyA'],
  ['no time', 'a,,m,10,20,0'],
  ['a time that is no number', 'a,NaN,m,10,20,0'],
  ['an endless time', 'a,Infinity,m,10,20,0'],
  ['a time in no century', 'a,1e15,m,10,20,0'],
  ['no place', 'a,0,m,,20,0'],
  ['a place that is no number', 'a,0,m,ten,20,0'],
  ['an endless place', 'a,0,m,10,-Infinity,0'],
  ['a place on no desktop', 'a,0,m,1e9,20,0'],
  ['a button that is no number', 'a,0,d,10,20,left'],
  ['no button where one was pressed', 'a,0,d,10,20,'],
  ['half a quotation', 'a,0,"m,10,20,0'],
  ['an event of another kind', 'a,0,scroll,10,20,0'],
  ['a key by its name', 'a,0,kd,a,0,0'],
  ['half a slot', 'a,0,kd,0.5,0,0'],
  ['a slot below zero', 'a,0,ku,-1,0,0'],
]
describe('an implausible line is no event', () => {
  for (const [what, line] of bad) test(what, () => assert.equal(parseRecordingLine(line), undefined))
})

const headers: [line: string, isHeader: boolean][] = [
  ['s,t,e,x,y,b', true],
  ['\uFEFFs,t,e,x,y,b\r', true],
  ['"s","t","e","x","y","b"', true],
  ['s, t, e, x, y, b', true],
  ['s,t,e,x,y', false],
  ['s,t,e,y,x,b', false],
  ['', false],
]
describe('a first line names the columns', () => {
  for (const [line, isHeader] of headers)
    test(JSON.stringify(line), () => assert.equal(isRecordingHeader(line), isHeader))
})

const number = fc.oneof(
  fc.integer().map(String),
  fc.double().map(String),
  fc.constantFrom(
    'NaN',
    '1e999',
    '-0',
    '',
    '-',
    '.',
    '5.',
    '-.5',
    '1.2.3',
    '0x10',
    '00012',
    '0.1234567890123456',
  ),
)
const cell = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('m', 'd', 'w', 'kd', 'ku', ' '), number)

test('any text is an event of finite numbers or none', () => {
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 8 }), cells => {
      const { event = {} } = parseRecordingLine(cells.join(',')) ?? {}
      for (const value of Object.values(event)) assert.ok(typeof value === 'string' || Number.isFinite(value))
    }),
  )
})

test('quotes do not change the value of a cell', () => {
  const session = fc.stringMatching(/^[^",\n]{0,4}$/)
  const kind = fc.constantFrom('m', 'd', 'u', 'w', 'kd', 'ku')
  fc.assert(
    fc.property(fc.tuple(session, number, kind, number, number, number), cells => {
      const quoted = cells.map(text => `"${text.trim()}"`).join(',')
      assert.deepEqual(parseRecordingLine(cells.join(',')), parseRecordingLine(quoted))
    }),
    { numRuns: 2000 },
  )
})

test('a written event reads back the same', () => {
  const px = fc.integer({ min: -65_535, max: 65_535 })
  const at = fc.integer({ min: 0, max: 1e10 }).map(tenths => tenths / 10)
  const place = { at, x: px, y: px }
  const events: fc.Arbitrary<InputEvent> = fc.oneof(
    fc.record({ kind: fc.constant('move'), ...place }),
    fc.record({
      kind: fc.constantFrom('button-down', 'button-up'),
      button: fc.integer({ min: 1, max: 9 }),
      ...place,
    }),
    fc.record({ kind: fc.constant('wheel'), steps: fc.constantFrom(-3, -1, 1, 2), ...place }),
    fc.record({ kind: fc.constantFrom('key-down', 'key-up'), at, slot: fc.nat(63) }),
  )
  fc.assert(
    fc.property(fc.stringMatching(/^[\w-]{1,8}$/), events, (session, event) => {
      assert.deepEqual(parseRecordingLine(formatRecordingLine(session, event.at, event)), {
        session,
        event: { ...event },
      })
    }),
  )
})

const written: [event: InputEvent, line: string][] = [
  [{ kind: 'move', at: 9, x: 1.5, y: -2 }, 's,1.3,m,1.5,-2,0'],
  [{ kind: 'button-up', at: 9, button: 3, x: 1, y: 2 }, 's,1.3,u,1,2,3'],
  [{ kind: 'wheel', at: 9, steps: -1, x: 1, y: 2 }, 's,1.3,w,1,2,-1'],
  [{ kind: 'key-down', at: 9, slot: 4 }, 's,1.3,kd,4,0,0'],
]
describe('an event is written, its time to a tenth of a millisecond', () => {
  for (const [event, line] of written)
    test(line, () => assert.equal(formatRecordingLine('s', 1.26, event), line))
})
