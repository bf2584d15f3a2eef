import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyPresses } from './key-presses.ts'

const down = (at: number, slot = 0) => ({ kind: 'key-down', at, slot }) as const
const up = (at: number, slot = 0) => ({ kind: 'key-up', at, slot }) as const

test('a key that says again within 600 ms that it is down was not pressed again', () => {
  const keys = createKeyPresses()
  assert.deepEqual(
    [0, 500, 533, 1132].map(at => keys.isPress(down(at))),
    [true, false, false, false],
  )
  assert.equal(keys.release(up(1140)), 1140)
})

test('one that is silent for 600 ms was released unseen', () => {
  const keys = createKeyPresses()
  assert.deepEqual(
    [0, 600].map(at => keys.isPress(down(at))),
    [true, true],
  )
  assert.equal(keys.release(up(650)), 50)
})

test('a release without its press was not held', () => {
  const keys = createKeyPresses()
  assert.equal(keys.release(up(5)), undefined)
  assert.equal(keys.isPress(down(10)), true)
  assert.equal(keys.release(up(40)), 30)
  assert.equal(keys.release(up(50)), undefined)
  assert.equal(keys.isPress(down(60)), true)
})

test('keys that are down side by side are told apart, up to 64 of them', () => {
  const keys = createKeyPresses()
  assert.equal(keys.isPress(down(0, 0)), true)
  assert.equal(keys.isPress(down(10, 63)), true)
  assert.equal(keys.isPress(down(20, 64)), false)
  assert.equal(keys.release(up(50, 63)), 40)
  assert.equal(keys.release(up(60, 64)), 60)
})
