import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError, type ErrorCode } from '../../protocol/errors.ts'
import type { WaitReason } from '../../protocol/status.ts'
import { fakeDestination, fakeLog, fakeNetwork } from '../../test/fakes.ts'
import { fakeDisk, fakeMemory, fakeOutbox } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { bytesOf } from '../../test/support/sealed-bytes.ts'
import { createSignal } from '../kernel/signals.ts'
import { drainOutbox } from './drain-outbox.ts'
import type { Destination } from './ports.ts'
import { errorWithRetryAfter } from './retry-after.ts'

const never = new AbortController().signal

function createWorld() {
  const clock = manualClock()
  const outbox = fakeOutbox()
  const first = fakeDestination()
  const destination = createSignal<Destination>(first)
  const memoryDisk = fakeDisk()
  const memory = fakeMemory(memoryDisk)
  const log = fakeLog()
  let draw = 0.5
  const network = fakeNetwork()
  let reason: WaitReason | undefined
  const hold = async () => reason
  const drain = drainOutbox({ outbox, destination, memory, network, hold, clock, random: () => draw, log })
  return {
    clock,
    outbox,
    first,
    destination,
    memory,
    memoryDisk,
    network,
    hold,
    holdBack: (next: WaitReason | undefined) => {
      reason = next
    },
    log,
    drain,
    drawing(next: number) {
      draw = next
    },
    async put(...texts: string[]) {
      const items = []
      for (const text of texts) {
        const sealed = new TextEncoder().encode(text)
        items.push(await outbox.put({ at: clock.now(), sealed, content: { kind: 'screenshot' } }))
      }
      await settle()
      return items
    },
    async run() {
      const ending = new AbortController()
      const running = drain.run(ending.signal)
      await settle()
      return async () => {
        ending.abort()
        await running
        assert.equal(clock.sleepers, 0)
      }
    },
    delivered: () => [...first.objects.values()],
  }
}

test('a stored item is delivered at once, in order, under its key, and leaves the outbox', async () => {
  const world = createWorld()
  const end = await world.run()
  const items = await world.put('a', 'b', 'c')
  assert.deepEqual(
    [...world.first.objects.entries()],
    items.map((item, index) => [item.key, 'abc'[index]]),
  )
  assert.equal(world.outbox.summary.value.items, 0)
  await end()
})

test('the number of deliveries and the time of the last survive a restart', async () => {
  const world = createWorld()
  const end = await world.run()
  await world.put('a', 'b')
  await world.clock.pass(5_000)
  await world.put('c')
  const expected = { count: 3, last: '2026-11-22T12:00:05.000Z' }
  assert.deepEqual(world.drain.delivered.value, expected)
  assert.deepEqual(world.memory.get('delivered'), expected)
  await end()

  const { outbox, destination, memory, network, hold, clock, log } = world
  const next = drainOutbox({ outbox, destination, memory, network, hold, clock, random: () => 0, log })
  assert.deepEqual(next.delivered.value, expected)
})

test('a failure is a state with its next try; nothing is dropped and the order is kept', async () => {
  const world = createWorld()
  world.first.fail('NETWORK_NONE')
  const end = await world.run()
  await world.put('a', 'b')
  assert.deepEqual(world.drain.problem.value, { code: 'NETWORK_NONE' })
  assert.equal(world.drain.nextTry.value, '2026-11-22T12:00:02.000Z')
  assert.equal(world.outbox.summary.value.items, 2)

  world.first.recover()
  await world.clock.pass(2_000)
  assert.deepEqual(world.delivered(), ['a', 'b'])
  assert.equal(world.drain.problem.value, undefined)
  assert.equal(world.drain.nextTry.value, undefined)
  await end()
})

test('the wait between tries grows up to five minutes', async () => {
  const world = createWorld()
  world.first.fail('UPLOAD_SERVER_ERROR')
  const end = await world.run()
  await world.put('a')
  const waits: number[] = []
  for (let n = 0; n < 10; n++) {
    const next = world.drain.nextTry.value
    assert.ok(next)
    waits.push((Date.parse(next) - world.clock.now().epochMilliseconds) / 1000)
    await world.clock.pass(Date.parse(next) - world.clock.now().epochMilliseconds)
  }
  assert.deepEqual(waits, [2, 3, 5, 9, 17, 33, 65, 129, 151, 151])
  assert.equal(world.first.tries, 11)
  await end()
})

test('a returned drive is noticed within ten seconds, and its absence is one line of the log', async () => {
  const world = createWorld()
  world.drawing(0.999)
  world.first.fail('DELIVERY_FOLDER_MISSING')
  const end = await world.run()
  await world.put('a', 'b')
  await world.clock.pass(86_400_000)
  world.first.recover()
  await world.clock.pass(10_000)
  assert.deepEqual(world.delivered(), ['a', 'b'])
  assert.equal(world.log.lines.length, 1)
  await end()
})

test('a week offline: no burst of requests, no item given up, and then everything arrives in order', async () => {
  const world = createWorld()
  world.first.fail('NETWORK_NONE')
  const end = await world.run()
  const texts = Array.from({ length: 50 }, (_, n) => `item ${n}`)
  await world.put(...texts)
  world.drawing(0)
  await world.clock.pass(60_000)
  assert.ok(world.first.tries <= 61, `${world.first.tries} tries in a minute, with the shortest waits`)

  world.drawing(0.999)
  const before = world.first.tries
  await world.clock.pass(7 * 86_400_000)
  assert.ok(world.first.tries - before >= 7 * 288, 'at least one try in five minutes')
  world.first.recover()
  await world.clock.pass(300_000)
  assert.deepEqual(world.delivered(), texts)
  await end()
})

test('a success resets the back-off', async () => {
  const world = createWorld()
  const end = await world.run()
  world.first.fail('UPLOAD_SERVER_ERROR')
  await world.put('a')
  await world.clock.pass(60_000)
  world.first.recover()
  await world.clock.pass(300_000)
  world.first.fail('UPLOAD_SERVER_ERROR')
  await world.put('b')
  const next = Date.parse(world.drain.nextTry.value ?? '')
  assert.equal(next - world.clock.now().epochMilliseconds, 2_000)
  await end()
})

test('a server that states a time for the next try is not contacted before it', async () => {
  const world = createWorld()
  world.first.fail(errorWithRetryAfter('UPLOAD_SERVER_ERROR', {}, 90_000))
  const end = await world.run()
  await world.put('a')
  world.first.recover()
  await world.clock.pass(89_000)
  assert.equal(world.first.tries, 1)
  await world.clock.pass(1_000)
  assert.deepEqual(world.delivered(), ['a'])
  await end()
})

test('new items do not shorten the wait of earlier ones to less than half a minute', async () => {
  const world = createWorld()
  world.first.fail('NETWORK_NONE')
  const end = await world.run()
  await world.put('a')
  await world.put('b')
  assert.equal(world.first.tries, 1)
  await end()
})

test('after hours of failure a new item arrives within a minute of its end', async () => {
  const { bucket, clock, drawing, put, end } = await withBucket()
  drawing(0.999)
  await put('a')
  for (let n = 0; n < 12; n++) {
    await bucket.fail('a', new AppError('UPLOAD_BUSY'))
    while (bucket.underWay().length === 0) await clock.pass(1000)
  }
  await bucket.fail('a', new AppError('UPLOAD_BUSY'))
  await put('b')
  await clock.pass(39_000)
  assert.deepEqual(bucket.underWay(), [], 'not at once')
  await clock.pass(1000)
  assert.deepEqual(bucket.underWay(), ['a'])
  await bucket.fail('a', new AppError('UPLOAD_BUSY'))
  await clock.pass(100_000)
  assert.deepEqual(bucket.underWay(), [], 'an item that was tried once is not new any more')
  await end()
})

test('a new item does not shorten the wait that a server asked for', async () => {
  const { bucket, clock, put, end } = await withBucket()
  await put('a')
  await bucket.fail('a', errorWithRetryAfter('UPLOAD_BUSY', {}, 120_000))
  await put('b')
  await clock.pass(119_000)
  assert.deepEqual(bucket.underWay(), [])
  await end()
})

test('a corrected destination is tried at once', async () => {
  const world = createWorld()
  world.first.fail('UPLOAD_NO_BUCKET')
  const end = await world.run()
  await world.put('a')
  await world.clock.pass(3_600_000)
  const corrected = fakeDestination()
  world.destination.value = corrected
  await settle()
  assert.deepEqual([...corrected.objects.values()], ['a'])
  assert.equal(world.drain.problem.value, undefined)
  await end()
})

test('a damaged item is passed over, logged once, and the others are delivered', async () => {
  const world = createWorld()
  const [, damaged] = await world.put('a', 'b', 'c')
  assert.ok(damaged)
  world.outbox.damage(damaged)
  const end = await world.run()
  assert.deepEqual(world.delivered(), ['a', 'c'])
  assert.equal(world.outbox.summary.value.quarantined, 1)
  assert.deepEqual(
    world.log.lines.map(({ event, code }) => [event, code]),
    [['item-quarantined', 'STORE_DAMAGED']],
  )
  await end()
})

test('damage that stays in the outbox, as that of its index does, is tried again with pauses', async () => {
  const world = createWorld()
  const reads: number[] = []
  const open = async () => {
    // Ends the test even if this loops without a pause.
    if (reads.push(world.clock.monotonicMs()) > 20) ending.abort()
    throw new AppError('STORE_DAMAGED')
  }
  const { destination, memory, network, hold, clock, log } = world
  const outbox = { ...world.outbox, summary: world.outbox.summary, open }
  const drain = drainOutbox({ outbox, destination, memory, network, hold, clock, random: () => 0.5, log })
  const ending = new AbortController()
  await world.put('a')
  const running = drain.run(ending.signal)
  await settle()
  assert.equal(reads.length, 1)
  assert.equal(drain.problem.value?.code, 'STORE_DAMAGED')
  await clock.pass(2_000)
  assert.equal(reads.length, 2)
  ending.abort()
  await running
})

test('the problem is cleared when nothing is left to deliver', async () => {
  const world = createWorld()
  world.first.fail('NETWORK_NONE')
  const [item] = await world.put('a')
  assert.ok(item)
  const end = await world.run()
  world.outbox.damage(item)
  await world.clock.pass(2_000)
  assert.equal(world.outbox.summary.value.items, 0)
  assert.equal(world.drain.problem.value, undefined)
  await end()
})

test('delivered but not yet removed: it is delivered again under the same key, and counted once', async () => {
  const world = createWorld()
  const disk = fakeDisk()
  const outbox = fakeOutbox(disk)
  const { destination, memory, network, hold, clock, log } = world
  const drain = drainOutbox({ outbox, destination, memory, network, hold, clock, random: () => 0.5, log })
  const sealed = new TextEncoder().encode('a')
  await outbox.put({ at: clock.now(), sealed, content: { kind: 'screenshot' } })
  disk.fail('STORE_NOT_WRITABLE')
  await drain.drainNow(never)
  assert.equal(drain.problem.value?.code, 'STORE_NOT_WRITABLE')
  assert.equal(outbox.summary.value.items, 1)
  disk.recover()
  await drain.drainNow(never)
  assert.equal(world.first.tries, 2)
  assert.deepEqual(world.delivered(), ['a'])
  assert.equal(drain.delivered.value?.count, 1)
})

test('a count that cannot be stored does not delay deliveries', async () => {
  const world = createWorld()
  world.memoryDisk.fail('DISK_FULL')
  const end = await world.run()
  await world.put('a', 'b')
  assert.deepEqual(world.delivered(), ['a', 'b'])
  assert.equal(world.drain.problem.value, undefined)
  assert.equal(world.drain.delivered.value?.count, 2)
  await end()
})

test('the log names the failure and quotes no message of a server', async () => {
  const world = createWorld()
  world.first.fail(new Error('canary'))
  const end = await world.run()
  await world.put('a')
  assert.deepEqual(world.drain.problem.value, { code: 'INTERNAL' })
  assert.equal(world.log.lines[0]?.event, 'delivery-failed')
  assert.doesNotMatch(JSON.stringify(world.log.lines), /canary"|Error: canary/)
  await end()
})

test('draining now delivers all that it can, and waits for nothing', async () => {
  const world = createWorld()
  await world.put('a', 'b')
  await world.drain.drainNow(never)
  assert.deepEqual(world.delivered(), ['a', 'b'])
  await world.put('c', 'd')
  world.first.fail('NETWORK_NONE')
  await world.drain.drainNow(never)
  assert.equal(world.first.tries, 3)
  assert.equal(world.outbox.summary.value.items, 2)
})

test('an end in the middle of a delivery is no failure, and the item stays', async () => {
  const world = createWorld()
  const hold = world.first.hold()
  const end = await world.run()
  await world.put('a')
  assert.equal(hold.reached, true)
  await end()
  assert.equal(world.drain.problem.value, undefined)
  assert.deepEqual(world.log.lines, [])
  assert.equal(world.outbox.summary.value.items, 1)
})

test('any number of any failures: every item arrives once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ items: fc.nat(3), failing: fc.boolean(), seconds: fc.nat(400) }), {
        maxLength: 20,
      }),
      async steps => {
        const world = createWorld()
        const end = await world.run()
        const put: string[] = []
        for (const { items, failing, seconds } of steps) {
          if (failing) world.first.fail('NETWORK_NONE')
          else world.first.recover()
          const texts = Array.from({ length: items }, (_, n) => `${put.length + n}`)
          put.push(...texts)
          await world.put(...texts)
          await world.clock.pass(seconds * 1000)
        }
        world.first.recover()
        await world.clock.pass(300_000)
        assert.deepEqual(world.delivered(), put)
        assert.equal(world.drain.delivered.value?.count ?? 0, put.length)
        await end()
      },
    ),
    { numRuns: 50 },
  )
})

/** A bucket whose puts end when the test says how. */
function slowBucket(atOnce: number) {
  const begun: string[] = []
  const underWay = new Map<string, PromiseWithResolvers<void>>()
  let most = 0
  const end = async (text: string, how: (delivery: PromiseWithResolvers<void>) => void) => {
    const delivery = underWay.get(text)
    assert.ok(delivery, `${text} is under way`)
    underWay.delete(text)
    how(delivery)
    await settle()
  }
  return {
    kind: 's3',
    where: 'a slow bucket',
    atOnce,
    begun,
    get most() {
      return most
    },
    underWay: () => [...underWay.keys()],
    succeed: (text: string) => end(text, delivery => delivery.resolve()),
    fail: (text: string, error: Error = new AppError('UPLOAD_BUSY')) =>
      end(text, delivery => delivery.reject(error)),
    async put(_key, bytes, signal) {
      const text = new TextDecoder().decode(await bytesOf(bytes))
      const delivery = Promise.withResolvers<void>()
      begun.push(text)
      underWay.set(text, delivery)
      most = Math.max(most, underWay.size)
      signal.addEventListener('abort', () => underWay.delete(text) && delivery.reject(signal.reason))
      await delivery.promise
    },
  } satisfies Destination & Record<string, unknown>
}

async function withBucket(atOnce = 4) {
  const world = createWorld()
  const bucket = slowBucket(atOnce)
  world.destination.value = bucket
  const end = await world.run()
  return { ...world, bucket, end }
}

test('as many at once as the destination can use, begun in their order, each gone when it has arrived', async () => {
  const { bucket, outbox, put, end } = await withBucket()
  await put('a', 'b', 'c', 'd', 'e', 'f')
  assert.deepEqual(bucket.underWay(), ['a', 'b', 'c', 'd'])
  await bucket.succeed('c')
  assert.deepEqual(bucket.underWay(), ['a', 'b', 'd', 'e'])
  assert.equal(outbox.summary.value.items, 5)
  for (const text of ['e', 'd', 'b', 'f', 'a']) await bucket.succeed(text)
  assert.deepEqual(bucket.begun, ['a', 'b', 'c', 'd', 'e', 'f'])
  assert.equal(bucket.most, 4)
  assert.equal(outbox.summary.value.items, 0)
  await end()
})

test('a removal that waits for the disk delays no delivery, up to a bound: a crash would repeat those', async () => {
  const world = createWorld()
  const disk = Promise.withResolvers<void>()
  const remove = async (item: Parameters<typeof world.outbox.remove>[0]) => {
    await disk.promise
    await world.outbox.remove(item)
  }
  const outbox = { ...world.outbox, summary: world.outbox.summary, remove }
  const { destination, memory, network, hold, clock, log } = world
  const drain = drainOutbox({ outbox, destination, memory, network, hold, clock, random: () => 0.5, log })
  const texts = Array.from({ length: 50 }, (_, n) => `item ${n}`)
  await world.put(...texts)
  const draining = drain.drainNow(never)
  for (let turn = 0; turn < 60; turn++) await settle()
  assert.deepEqual(world.delivered(), texts.slice(0, 32))
  assert.equal(world.outbox.summary.value.items, 50)
  disk.resolve()
  await draining
  assert.deepEqual(world.delivered(), texts)
  assert.equal(world.outbox.summary.value.items, 0)
})

test('items are read while earlier ones are sent, and closed unsent when one of those fails', async () => {
  const world = createWorld()
  const bucket = slowBucket(1)
  world.destination.value = bucket
  const opened: string[] = []
  const closed: string[] = []
  const open = async (item: Parameters<typeof world.outbox.open>[0]) => {
    const sealed = await world.outbox.open(item)
    const text = new TextDecoder().decode(await bytesOf(sealed))
    opened.push(text)
    return { ...sealed, [Symbol.asyncDispose]: async () => void closed.push(text) }
  }
  const outbox = { ...world.outbox, summary: world.outbox.summary, open }
  const { destination, memory, network, hold, clock, log } = world
  const drain = drainOutbox({ outbox, destination, memory, network, hold, clock, random: () => 0.5, log })
  await world.put('a', 'b', 'c', 'd', 'e')
  const draining = drain.drainNow(never)
  await settle()
  assert.deepEqual([opened, bucket.begun], [['a', 'b', 'c'], ['a']])
  await bucket.succeed('a')
  await settle()
  assert.deepEqual(
    [opened, bucket.begun],
    [
      ['a', 'b', 'c', 'd'],
      ['a', 'b'],
    ],
  )
  await bucket.fail('b')
  await draining
  assert.deepEqual(
    [opened, bucket.begun],
    [
      ['a', 'b', 'c', 'd'],
      ['a', 'b'],
    ],
  )
  assert.deepEqual(closed.sort(), opened)
  assert.equal(drain.problem.value?.code, 'UPLOAD_BUSY')
})

test('a large upload does not delay later items', async () => {
  const { bucket, put, end } = await withBucket()
  await put('large')
  await put('b')
  await bucket.succeed('b')
  await put('c')
  assert.deepEqual(bucket.underWay(), ['large', 'c'])
  await end()
})

test('after a failure none begins; those under way arrive; then a single one tests the destination', async () => {
  const { bucket, outbox, clock, put, end } = await withBucket()
  await put('a', 'b', 'c', 'd', 'e', 'f')
  await bucket.fail('b')
  assert.deepEqual(bucket.underWay(), ['a', 'c', 'd'])
  for (const text of ['a', 'c', 'd']) await bucket.fail(text)
  await clock.pass(1_000)
  assert.deepEqual(bucket.underWay(), [], 'not before a second has passed')
  await clock.pass(300_000)
  assert.deepEqual(bucket.underWay(), ['a'])
  await bucket.fail('a')
  await clock.pass(300_000)
  assert.deepEqual(bucket.underWay(), ['a'])
  await bucket.succeed('a')
  assert.deepEqual(bucket.underWay(), ['b', 'c', 'd', 'e'])
  for (const text of ['b', 'c', 'd', 'e', 'f']) await bucket.succeed(text)
  assert.equal(outbox.summary.value.items, 0)
  await end()
})

test('in steady failure there is at most one request a second, however many go at once', async () => {
  const { bucket, clock, put, drawing, end } = await withBucket()
  drawing(0)
  await put(...Array.from({ length: 50 }, (_, n) => `item ${n}`))
  for (let second = 0; second < 120; second++) {
    for (const text of bucket.underWay()) await bucket.fail(text)
    await clock.pass(1_000)
  }
  assert.ok(bucket.begun.length <= 4 + 120, `${bucket.begun.length} requests in two minutes`)
  await end()
})

test('four that fail together are one failure: the wait does not grow by their number', async () => {
  const { bucket, clock, drain, put, end } = await withBucket()
  await put('a', 'b', 'c', 'd')
  for (const text of ['a', 'b', 'c', 'd']) await bucket.fail(text)
  assert.equal(Date.parse(drain.nextTry.value ?? '') - clock.now().epochMilliseconds, 2_000)
  await end()
})

test('an item that a server refuses for itself does not block the others for ever, and is not given up', async () => {
  const { bucket, clock, outbox, put, end } = await withBucket()
  await put('too large', 'b', 'c')
  const denied = new AppError('FILTERED')
  await bucket.fail('too large', denied)
  for (const text of ['b', 'c']) await bucket.fail(text)
  const arrived: string[] = []
  for (let minute = 0; minute < 30; minute++) {
    for (const text of bucket.underWay())
      if (text === 'too large') await bucket.fail(text, denied)
      else {
        await bucket.succeed(text)
        arrived.push(text)
      }
    await clock.pass(60_000)
  }
  assert.deepEqual(arrived, ['b', 'c'])
  assert.equal(outbox.summary.value.items, 1)
  assert.ok(bucket.begun.filter(text => text === 'too large').length > 5)
  await end()
})

test('a returned network is used at once, but not within a second of the failure', async () => {
  const { bucket, network, clock, drawing, put, end } = await withBucket()
  drawing(0.999)
  await put('a')
  for (let n = 0; n < 6; n++) {
    await bucket.fail('a', new AppError('NETWORK_NONE'))
    assert.equal(network.watchers, 1)
    await clock.pass(500)
    network.change()
    await clock.pass(499)
    assert.deepEqual(bucket.underWay(), [])
    await clock.pass(1)
    assert.deepEqual(bucket.underWay(), ['a'])
  }
  await bucket.fail('a', new AppError('NETWORK_NONE'))
  await clock.pass(20_000)
  network.change()
  await settle()
  assert.deepEqual(bucket.underWay(), ['a'])
  await bucket.succeed('a')
  assert.equal(network.watchers, 0, 'without a wait there is no watcher')
  await end()
})

test('a returned network does not shorten the wait that a server asked for', async () => {
  const { bucket, network, clock, put, end } = await withBucket()
  await put('a')
  await bucket.fail('a', errorWithRetryAfter('UPLOAD_BUSY', {}, 60_000))
  network.change()
  await clock.pass(59_000)
  assert.deepEqual(bucket.underWay(), [])
  await end()
})

test('while uploads have to wait none begins, those under way are cancelled, and the status says why', async () => {
  const { bucket, clock, drain, holdBack, outbox, put, end } = await withBucket()
  holdBack('metered')
  await put('a', 'b')
  assert.equal(drain.waiting.value, 'metered')
  assert.deepEqual(bucket.begun, [])
  holdBack(undefined)
  await clock.pass(30_000)
  assert.equal(drain.waiting.value, undefined)
  assert.deepEqual(bucket.underWay(), ['a', 'b'])
  holdBack('low-battery')
  await clock.pass(30_000)
  assert.deepEqual(bucket.underWay(), [])
  assert.equal(drain.waiting.value, 'low-battery')
  assert.equal(drain.problem.value, undefined, 'nothing is wrong')
  assert.equal(outbox.summary.value.items, 2)
  await end()
})

test('at shutdown nothing is uploaded while uploads have to wait', async () => {
  const world = createWorld()
  await world.put('a')
  world.holdBack('metered')
  await world.drain.drainNow(never)
  assert.equal(world.first.tries, 0)
})

test('a corrected destination takes over from one that hangs', async () => {
  const { bucket, destination, drain, put, end } = await withBucket()
  await put('a')
  assert.deepEqual(bucket.underWay(), ['a'])
  const corrected = fakeDestination()
  destination.value = corrected
  await settle()
  assert.deepEqual([...corrected.objects.values()], ['a'])
  assert.equal(drain.problem.value, undefined)
  await end()
})

test('an index with fewer items than its count is a visible problem, and no endless search', async () => {
  const world = createWorld()
  const outbox = { ...world.outbox, summary: world.outbox.summary, next: () => undefined }
  const { destination, memory, network, hold, clock, log } = world
  const drain = drainOutbox({ outbox, destination, memory, network, hold, clock, random: () => 0.5, log })
  await world.put('a')
  const ending = new AbortController()
  const running = drain.run(ending.signal)
  await settle()
  assert.equal(drain.problem.value?.code, 'STORE_DAMAGED')
  ending.abort()
  await running
})

test('any number of any failures, four at a time: every item arrives once, and begins after earlier ones', async () => {
  const step = fc.record({ succeeds: fc.boolean(), pick: fc.nat(3), seconds: fc.nat(20), items: fc.nat(2) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
      const { bucket, clock, outbox, put, end } = await withBucket()
      const expected: string[] = []
      const arrived: string[] = []
      const settleOne = async (pick: number, succeeds: boolean) => {
        const text = bucket.underWay()[pick]
        if (text === undefined) return
        if (succeeds) arrived.push(text)
        await (succeeds ? bucket.succeed(text) : bucket.fail(text))
      }
      for (const { succeeds, pick, seconds, items } of steps) {
        const texts = Array.from({ length: items }, (_, n) => `${expected.length + n}`)
        expected.push(...texts)
        await put(...texts)
        await settleOne(pick, succeeds)
        await clock.pass(seconds * 1000)
      }
      for (let n = 0; n < 200 && outbox.summary.value.items > 0; n++) {
        await settleOne(0, true)
        await clock.pass(300_000)
      }
      assert.deepEqual([...arrived].sort(), [...expected].sort())
      assert.deepEqual([...new Set(bucket.begun)], expected)
      await end()
    }),
    { numRuns: 60 },
  )
})

const orders: [what: string, code: ErrorCode, items: string[], tried: string[]][] = [
  [
    'an answer that may concern one item only',
    'FILTERED',
    ['a', 'b', 'c'],
    ['a', 'a', 'a', 'b', 'a', 'b', 'a', 'b'],
  ],
  ['what it says of the only one', 'FILTERED', ['a'], ['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a']],
  ['what is true of all of them', 'NETWORK_NONE', ['a', 'b'], ['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a']],
]
for (const [what, code, items, tried] of orders)
  test(`${what}, ${code}: tried are ${tried.join(' ')}`, async () => {
    const world = createWorld()
    const order: string[] = []
    world.destination.value = {
      ...world.first,
      async put(_, bytes) {
        order.push(new TextDecoder().decode(await bytesOf(bytes)))
        throw new AppError(code)
      },
    }
    await world.put(...items)
    const end = await world.run()
    while (order.length < tried.length) await world.clock.pass(300_000)
    assert.deepEqual(order.slice(0, tried.length), tried)
    await end()
  })
