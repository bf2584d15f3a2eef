import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createKeySlots } from './key-slots.ts'

/** `+a` presses a, `-a` releases it; the number is the time of day in ms. */
type Step = [at: number, action: `${'+' | '-'}${string}`, slot: number | undefined]

const rows: { name: string; steps: Step[] }[] = [
  {
    name: 'one key after the other always has slot 0, for every key',
    steps: [
      [0, '+a', 0],
      [50, '-a', 0],
      [100, '+b', 0],
      [150, '-b', 0],
    ],
  },
  {
    name: 'keys that overlap have slots of their own, and the lowest free one is used again',
    steps: [
      [0, '+Shift', 0],
      [10, '+a', 1],
      [20, '+b', 2],
      [30, '-a', 1],
      [40, '+c', 1],
      [50, '-Shift', 0],
      [60, '-c', 1],
      [70, '-b', 2],
    ],
  },
  {
    name: 'a held key repeats and is no new press',
    steps: [
      [0, '+a', 0],
      [660, '+a', undefined],
      [700, '+a', undefined],
      [740, '+a', undefined],
      [800, '-a', 0],
      [900, '+a', 0],
    ],
  },
  {
    name: 'a press long after the last one is new although no release was seen',
    steps: [
      [0, '+a', 0],
      [5000, '+a', 0],
      [5100, '-a', 0],
    ],
  },
  {
    name: 'the release of a key that was down before is nothing',
    steps: [[0, '-a', undefined]],
  },
]

for (const { name, steps } of rows) {
  test(name, () => {
    const slots = createKeySlots()
    for (const [at, action, slot] of steps) {
      const key = action.charCodeAt(1)
      assert.equal(action[0] === '+' ? slots.press(key, at) : slots.release(key), slot, `${action} at ${at}`)
    }
  })
}

test('what comes out depends on when keys are pressed and released, never on which keys they are', () => {
  const typing = fc.array(fc.record({ key: fc.nat(9), down: fc.boolean() }), { maxLength: 60 })
  fc.assert(
    fc.property(typing, fc.shuffledSubarray([...Array(10).keys()], { minLength: 10 }), (steps, otherKeys) => {
      const slotsOf = (nameOf: (key: number) => number) => {
        const slots = createKeySlots()
        return steps.map(({ key, down }, index) =>
          down ? slots.press(nameOf(key), index * 100) : slots.release(nameOf(key)),
        )
      }
      assert.deepEqual(
        slotsOf(key => key),
        slotsOf(key => otherKeys[key] ?? key),
      )
    }),
  )
})
