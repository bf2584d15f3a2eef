import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fakeSettings } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { createPace } from './pace-uploads.ts'

const never = new AbortController().signal
const piece = 64 * 1024

function createWorld(limit: number) {
  const clock = manualClock()
  const settings = fakeSettings({ upload_limit: limit })
  const pace = createPace({ settings: settings.current, clock }, never)
  let sent = 0
  return {
    clock,
    settings,
    pace,
    get sent() {
      return sent
    },
    /** An upload that sends piece after piece, as fast as it is allowed to. */
    async upload(bytes: number, signal = never) {
      for (let left = bytes; left > 0; left -= piece) {
        await pace(Math.min(left, piece), signal)
        sent += Math.min(left, piece)
      }
    },
  }
}

test('without a limit nothing waits', async () => {
  const world = createWorld(0)
  await world.upload(1_000_000_000)
  assert.equal(world.clock.sleepers, 0)
})

for (const uploads of [1, 4])
  test(`${uploads} at a time: never above the limit by more than a piece, and not far below it`, async () => {
    const world = createWorld(500)
    const all = Promise.all(Array.from({ length: uploads }, () => world.upload(40_000_000 / uploads)))
    await settle()
    for (let second = 1; second <= 20; second++) {
      await world.clock.pass(1000)
      assert.ok(world.sent <= second * 500_000 + piece, `${world.sent} bytes after ${second} s`)
      assert.ok(world.sent >= second * 500_000 - piece, `only ${world.sent} bytes after ${second} s`)
    }
    await world.settings.change('upload_limit', 0)
    await all
    assert.equal(world.sent, 40_000_000)
  })

test('a new limit counts at once, also for uploads that already wait', async () => {
  const world = createWorld(1)
  const done = world.upload(200_000)
  await world.clock.pass(1000)
  assert.equal(world.sent, piece, 'the next piece is a minute away')
  await world.settings.change('upload_limit', 1000)
  await world.clock.pass(1000)
  await done
  assert.equal(world.sent, 200_000)
})

test('a quiet hour allows no burst', async () => {
  const world = createWorld(100)
  await world.upload(1000)
  await world.clock.pass(3_600_000)
  void world.upload(10_000_000)
  await world.clock.pass(1000)
  assert.ok(world.sent <= 1000 + 100_000 + piece)
})

test('a change of another setting changes nothing', async () => {
  const world = createWorld(1)
  void world.upload(1_000_000)
  await world.clock.pass(1000)
  await world.settings.change('idle_after', 60)
  await world.clock.pass(1000)
  assert.equal(world.sent, piece)
})

test('a cancelled upload stops waiting, with the reason', async () => {
  const world = createWorld(1)
  const calling = new AbortController()
  const done = world.upload(1_000_000, calling.signal)
  await world.clock.pass(1000)
  const reason = new Error('called off')
  calling.abort(reason)
  await assert.rejects(done, reason)
  assert.equal(world.clock.sleepers, 0)
})

test('property: for any uploads and any limit, no second holds more than the limit plus a piece', async () => {
  const upload = fc.record({ bytes: fc.integer({ min: 1, max: 3_000_000 }), afterMs: fc.nat(2000) })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 50, max: 5000 }),
      fc.array(upload, { minLength: 1, maxLength: 6 }),
      async (limit, uploads) => {
        const world = createWorld(limit)
        const all = uploads.map(async ({ bytes, afterMs }) => {
          await world.clock.sleep(afterMs, never)
          await world.upload(bytes)
        })
        for (let second = 0; second < 10; second++) {
          const before = world.sent
          await world.clock.pass(1000)
          assert.ok(world.sent - before <= limit * 1000 + piece, `${world.sent - before} bytes in a second`)
        }
        await world.settings.change('upload_limit', 0)
        await world.clock.pass(2000)
        await Promise.all(all)
      },
    ),
    { numRuns: 30 },
  )
})
