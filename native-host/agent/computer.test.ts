import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { fakeMemory } from '../../test/fakes-storage.ts'
import { createSignal } from '../kernel/signals.ts'
import type { TrackingFacts } from '../tracking/ports.ts'
import { knowComputer } from './computer.ts'

const agreed = { text_version: 1, at: '2026-11-22T09:00:00.000Z' }
const facts = { model: 'Framework Laptop 13' }

function setUp(given: TrackingFacts['consent'] | undefined, memory = fakeMemory()) {
  const consent = createSignal(given)
  const ending = new AbortController()
  let asked = 0
  const start = (boot: string, answer = () => Promise.resolve(facts)) =>
    knowComputer(
      {
        memory,
        consent,
        boot,
        read() {
          asked++
          return answer()
        },
      },
      ending.signal,
    )
  return { consent, memory, start, asked: () => asked, end: () => ending.abort() }
}

test('it is asked once after each start of the computer, and kept', async () => {
  const world = setUp(agreed)
  const first = world.start('monday')
  await turn()
  assert.deepEqual(first.value, facts)
  assert.deepEqual(world.start('monday').value, facts, 'at once')
  await turn()
  assert.equal(world.asked(), 1)
  world.start('tuesday')
  await turn()
  assert.equal(world.asked(), 2)
})

test('nothing is asked before the person agrees', async () => {
  const world = setUp(undefined)
  const computer = world.start('monday')
  await turn()
  assert.equal(world.asked(), 0)
  world.consent.value = agreed
  await turn()
  assert.deepEqual(computer.value, facts)
})

test('what cannot be found out is asked again by the next start', async () => {
  const world = setUp(agreed)
  const computer = world.start('monday', () => Promise.reject(new Error('no')))
  await turn()
  assert.equal(computer.value, undefined)
  world.start('monday')
  await turn()
  assert.deepEqual(world.memory.get('computer'), { boot: 'monday', facts })
})

test('an agent that ends first does not wait', async () => {
  const world = setUp(undefined)
  world.start('monday')
  world.end()
  await turn()
  assert.equal(world.asked(), 0)
})
