import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTranslator, type UiohookEvent } from './uiohook-events.ts'

/** The library's numbers; the contract suite compares them with the library itself, on a real display. */
const [keyPressed, keyReleased, clicked, pressed, released, moved, wheel] = [4, 5, 6, 7, 8, 9, 11]

const common = { time: 1000 }
const place = { x: 30, y: 40 }
const keyA = { ...common, keycode: 30 }

const rows: { name: string; events: UiohookEvent[]; become: unknown[] }[] = [
  {
    name: 'a key',
    events: [
      { ...keyA, type: keyPressed },
      { ...keyA, type: keyReleased, time: 1080 },
    ],
    become: [
      { kind: 'key-down', at: 1000, slot: 0 },
      { kind: 'key-up', at: 1080, slot: 0 },
    ],
  },
  {
    name: 'a key that is held',
    events: [1000, 1660, 1700].map(time => ({ ...keyA, type: keyPressed, time })),
    become: [{ kind: 'key-down', at: 1000, slot: 0 }, undefined, undefined],
  },
  {
    name: 'one click, of which the library makes three events',
    events: [
      { ...common, ...place, button: 1, type: pressed },
      { ...common, ...place, button: 1, type: released },
      { ...common, ...place, button: 1, type: clicked },
    ],
    become: [
      { kind: 'button-down', at: 1000, button: 1, x: 30, y: 40 },
      { kind: 'button-up', at: 1000, button: 1, x: 30, y: 40 },
      undefined,
    ],
  },
  {
    name: 'a move',
    events: [{ ...common, ...place, button: 0, type: moved }],
    become: [{ kind: 'move', at: 1000, x: 30, y: 40 }],
  },
  {
    name: 'a wheel turned away from the user',
    events: [{ ...common, ...place, rotation: -1, type: wheel }],
    become: [{ kind: 'wheel', at: 1000, steps: -1, x: 30, y: 40 }],
  },
]

for (const { name, events, become } of rows) {
  test(name, () => {
    let now = 1000
    const translate = createTranslator(() => now, 1)
    const seen = events.map(event => {
      now = event.time
      return translate(event)
    })
    assert.deepEqual(seen, become)
  })
}
