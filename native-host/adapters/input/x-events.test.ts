import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InputEvent } from '../../input/input-event.ts'
import { createXTranslator } from './x-events.ts'

const rows: [what: string, events: XEvent[], told: Told[]][] = [
  [
    'every key becomes a slot',
    [key(2, 38), key(3, 38), key(2, 54), key(3, 54)],
    [down(0), up(0), down(0), up(0)],
  ],
  [
    'two keys at once are two slots',
    [key(2, 38), key(2, 54), key(3, 38), key(3, 54)],
    [down(0), down(1), up(0), up(1)],
  ],
  [
    'the repeats of a held key are nothing',
    [key(2, 38), key(2, 38), key(2, 38), key(3, 38)],
    [down(0), up(0)],
  ],
  ['the release of a press that was not recorded is nothing', [key(3, 36)], []],
  ['what a program sent counts like the rest', [key(2 | 0x80, 38)], [down(0)]],
  [
    'a move tells where to, left of the first screen too',
    [pointer(6, 0, -30, 700)],
    [{ kind: 'move', x: -30, y: 700 }],
  ],
  [
    'a click tells its button and where',
    [pointer(4, 1, 5, 6), pointer(5, 1, 5, 6)],
    [
      { kind: 'button-down', button: 1, x: 5, y: 6 },
      { kind: 'button-up', button: 1, x: 5, y: 6 },
    ],
  ],
  [
    'a notch of the wheel is one step, though X presses and releases a button for it',
    [pointer(4, 4, 5, 6), pointer(5, 4, 5, 6), pointer(4, 5, 5, 6), pointer(5, 5, 5, 6)],
    [
      { kind: 'wheel', steps: -1, x: 5, y: 6 },
      { kind: 'wheel', steps: 1, x: 5, y: 6 },
    ],
  ],
  [
    'so is one to the side',
    [pointer(4, 6, 5, 6), pointer(5, 6, 5, 6), pointer(4, 7, 5, 6), pointer(5, 7, 5, 6)],
    [
      { kind: 'wheel', steps: -1, x: 5, y: 6 },
      { kind: 'wheel', steps: 1, x: 5, y: 6 },
    ],
  ],
  [
    'the buttons behind the wheel’s are the fourth and the fifth',
    [pointer(4, 8, 5, 6), pointer(4, 9, 5, 6)],
    [
      { kind: 'button-down', button: 4, x: 5, y: 6 },
      { kind: 'button-down', button: 5, x: 5, y: 6 },
    ],
  ],
  ['anything else is nothing', [pointer(34, 0, 0, 0)], []],
]

for (const [what, events, told] of rows) {
  test(what, () => {
    const { translate } = createXTranslator(() => 5000)
    // Together in one buffer, as they arrive.
    const bytes = Buffer.concat(events)
    const found = events.map((_, index) => translate(bytes, index * 32))
    assert.deepEqual(found.filter(event => event !== undefined).map(withoutTime), told)
  })
}

test('the stamps of the server are put on the clock of the machine', () => {
  const arrivals = [90_000, 90_097]
  const { translate } = createXTranslator(() => arrivals.shift() ?? Number.NaN)
  assert.equal(translate(key(2, 38, 1000), 0)?.at, 90_000)
  assert.equal(translate(key(3, 38, 1080), 0)?.at, 90_080, 'the spacing of the server, not that of our queue')
})

type XEvent = Buffer<ArrayBuffer>
type Told = object

function key(type: number, keycode: number, time = 1000): XEvent {
  return event(type, keycode, time, 0, 0)
}

function pointer(type: number, detail: number, x: number, y: number): XEvent {
  return event(type, detail, 1000, x, y)
}

function event(type: number, detail: number, time: number, x: number, y: number): XEvent {
  const bytes = Buffer.alloc(32)
  bytes.writeUInt8(type, 0)
  bytes.writeUInt8(detail, 1)
  bytes.writeUInt32LE(time, 4)
  bytes.writeInt16LE(x, 20)
  bytes.writeInt16LE(y, 22)
  return bytes
}

function down(slot: number): Told {
  return { kind: 'key-down', slot }
}

function up(slot: number): Told {
  return { kind: 'key-up', slot }
}

function withoutTime({ at: _, ...rest }: InputEvent): Told {
  return rest
}
