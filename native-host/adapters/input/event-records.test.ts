import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError } from '../../../protocol/errors.ts'
import type { InputEvent } from '../../input/input-event.ts'
import { createBatch, eventsPerBatch, parseRecords } from './event-records.ts'

const at = fc.double({ min: 0, max: 1e12, noNaN: true, noDefaultInfinity: true })
const small = fc.nat(400)
const pixel = fc.integer({ min: -32768, max: 32767 })
// A copy, because deepEqual compares prototypes too.
const anyEvent: fc.Arbitrary<InputEvent> = fc
  .oneof(
    fc.record({ kind: fc.constantFrom('key-down', 'key-up'), at, slot: small }),
    fc.record({ kind: fc.constantFrom('button-down', 'button-up'), at, button: small, x: pixel, y: pixel }),
    fc.record({ kind: fc.constant('move'), at, x: pixel, y: pixel }),
    fc.record({
      kind: fc.constant('wheel'),
      at,
      steps: fc.integer({ min: -400, max: 400 }),
      x: pixel,
      y: pixel,
    }),
  )
  .map(event => ({ ...event }))

test('events come out as they went in, in order', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), events => {
      const batch = createBatch()
      for (const event of events) batch.add(event)
      assert.equal(batch.count, events.length)
      assert.deepEqual(parseRecords(batch.take()), events)
      assert.equal(batch.count, 0)
    }),
  )
})

test('a batch that was taken does not change with the next one', () => {
  const batch = createBatch()
  batch.add({ kind: 'move', at: 1, x: 1, y: 1 })
  const first = batch.take()
  batch.add({ kind: 'move', at: 2, x: 2, y: 2 })
  assert.deepEqual(parseRecords(first), [{ kind: 'move', at: 1, x: 1, y: 1 }])
})

const malformed: [what: string, records: number[]][] = [
  ['half a record', [4, 1, 0]],
  ['a kind that there is not', [6, 1, 0, 0, 0]],
  ['a negative kind', [-1, 1, 0, 0, 0]],
  ['half a kind', [0.5, 1, 0, 0, 0]],
  ['no time', [4, Number.NaN, 0, 0, 0]],
  ['an endless time', [4, Number.POSITIVE_INFINITY, 0, 0, 0]],
  ['half a pixel', [4, 1, 0, 0.5, 0]],
  ['a negative slot', [0, 1, -1, 0, 0]],
  ['half a wheel step', [5, 1, 0.5, 0, 0]],
  ['more than a batch', Array(5 * (eventsPerBatch + 1)).fill(0)],
]
for (const [what, records] of malformed) {
  test(`refuses ${what}`, () => {
    assert.throws(
      () => parseRecords(Float64Array.from(records)),
      error => error instanceof AppError && error.code === 'MESSAGE_INVALID',
    )
  })
}

test('refuses or understands any numbers, and never crashes', () => {
  fc.assert(
    fc.property(fc.float64Array({ maxLength: 50 }), records => {
      try {
        for (const event of parseRecords(records)) assert.ok(Number.isFinite(event.at))
      } catch (error) {
        assert.ok(error instanceof AppError)
      }
    }),
  )
})
