import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Gate, type WorkLimits, workInOrder } from './work-in-order.ts'

/** Waits until all pending work has run as far as it can. */
const settle = () => new Promise(resolve => setImmediate(resolve))

/** Work on the numbers from 1 to `count`, with an event for each step. */
function workOn(count: number, limits: WorkLimits) {
  const events: string[] = []
  const steps = () => Array.from({ length: 10 }, () => Promise.withResolvers<void>())
  const [prepared, done] = [steps(), steps()]
  const gates: Gate[] = []
  const state: { limits: WorkLimits | undefined; count: number; look(): void } = { limits, count, look() {} }
  const ended = workInOrder<number>(
    {
      next: (last = 0) => (last < state.count ? last + 1 : undefined),
      async begin(item, before, gate) {
        gates[item] = gate
        events.push(`${item} after ${before ?? 'none'}`)
        await prepared[item]?.promise
        if (!(await gate.leave)) return void events.push(`${item} turned away`)
        events.push(`${item} goes`)
        await done[item]?.promise
      },
      limits: () => state.limits,
      onNews: look => {
        state.look = look
      },
    },
    undefined,
  )
  return {
    events,
    state,
    ended,
    prepare: (item: number) => prepared[item]?.resolve(),
    pass: (item: number) => gates[item]?.pass(),
    finish: (item: number) => done[item]?.resolve(),
  }
}

test('items ahead are prepared, and start in their turn', async () => {
  const work = workOn(5, { atOnce: 1, ahead: 2, begun: 9 })
  for (const item of [1, 2, 3]) work.prepare(item)
  await settle()
  assert.deepEqual(work.events.splice(0), ['1 after none', '2 after 1', '3 after 2', '1 goes'])
  work.finish(1)
  await settle()
  assert.deepEqual(work.events, ['4 after 3', '2 goes'])
})

test('an item that is prepared first does not overtake earlier ones', async () => {
  const work = workOn(2, { atOnce: 1, ahead: 1, begun: 9 })
  work.prepare(2)
  await settle()
  assert.deepEqual(work.events.splice(0), ['1 after none', '2 after 1'])
  work.prepare(1)
  work.finish(1)
  await settle()
  assert.deepEqual(work.events, ['1 goes', '2 goes'])
})

test('past the gate an item delays no other, up to the bound of all begun items', async () => {
  const work = workOn(4, { atOnce: 1, ahead: 0, begun: 2 })
  for (const item of [1, 2, 3, 4]) work.prepare(item)
  await settle()
  work.pass(1)
  await settle()
  work.pass(2)
  await settle()
  assert.deepEqual(work.events.splice(0), ['1 after none', '1 goes', '2 after 1', '2 goes'])
  work.finish(1)
  await settle()
  assert.deepEqual(work.events, ['3 after 2', '3 goes'])
})

test('when no more may begin, items at the gate are turned away and those past it are awaited', async () => {
  const work = workOn(9, { atOnce: 1, ahead: 1, begun: 9 })
  for (const item of [1, 2]) work.prepare(item)
  await settle()
  work.state.limits = undefined
  work.state.look()
  await settle()
  assert.deepEqual(work.events, ['1 after none', '2 after 1', '1 goes', '2 turned away'])
  let over = false
  const ended = work.ended.then(() => {
    over = true
  })
  await settle()
  assert.equal(over, false)
  work.finish(1)
  await ended
})

test('items that arrive meanwhile begin as well', async () => {
  const work = workOn(1, { atOnce: 2, ahead: 0, begun: 9 })
  await settle()
  work.state.count = 2
  work.state.look()
  await settle()
  assert.deepEqual(work.events, ['1 after none', '2 after 1'])
})

test('property: for any durations, all start in order and never too many at once', async () => {
  const limit = fc.record({
    atOnce: fc.integer({ min: 1, max: 4 }),
    ahead: fc.nat(3),
    begun: fc.integer({ min: 1, max: 9 }),
  })
  const delays = fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(limit, delays, async (limits, items) => {
      const went: number[] = []
      let going = 0
      let most = 0
      const wait = async (turns = 0) => {
        for (let n = 0; n < turns; n++) await undefined
      }
      await workInOrder<number>(
        {
          next: (last = -1) => (last + 1 < items.length ? last + 1 : undefined),
          async begin(item, _, { leave, pass }) {
            const [preparing, working, ending] = items[item] ?? []
            await wait(preparing)
            assert.ok(await leave)
            went.push(item)
            most = Math.max(most, ++going)
            await wait(working)
            going--
            pass()
            await wait(ending)
          },
          limits: () => limits,
          onNews() {},
        },
        undefined,
      )
      assert.equal(went.length, items.length)
      assert.ok(most <= limits.atOnce, `${most} at once`)
      if (limits.atOnce === 1)
        assert.deepEqual(
          went,
          items.map((_, index) => index),
        )
    }),
  )
})
