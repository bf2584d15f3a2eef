import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fakeSealer } from '../../test/fakes.ts'
import { fakeDisk, fakeJournal, fakeOutbox } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { readItem } from '../../test/support/sealed-bytes.ts'
import type { Outbox } from '../delivery/ports.ts'
import type { Compress } from './ports.ts'
import { createSealing } from './seal-journal.ts'
import { recordsPerSegment } from './segment-rule.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const compress: Compress = async bytes => bytesOf(`compressed:${textOf(bytes)}`)

function createWorld(recipients?: string[]) {
  const clock = manualClock()
  const disk = fakeDisk()
  const journal = fakeJournal(clock, disk)
  const outbox = fakeOutbox(disk)
  const sealer = fakeSealer(recipients)
  return {
    clock,
    disk,
    journal,
    outbox,
    ports: { journal, outbox, sealer, compress, clock },
    record(count = 1) {
      for (let n = 0; n < count; n++) journal.append({ kind: 'resumed' })
    },
    /** Takes everything out of the outbox: the numbers of the records, one list for each object. */
    async objects(): Promise<number[][]> {
      const objects: number[][] = []
      for (let item = outbox.next(); item; item = outbox.next()) {
        const lines = sealer.opened(await readItem(outbox, item)).replace(/^compressed:/, '')
        assert.match(lines, /\n$/)
        objects.push(
          lines
            .trimEnd()
            .split('\n')
            .map(line => JSON.parse(line).seq),
        )
        await outbox.remove(item)
      }
      return objects
    },
  }
}

async function startSealing(world: ReturnType<typeof createWorld>) {
  const sealing = createSealing(world.ports)
  const ending = new AbortController()
  const running = sealing.run(ending.signal)
  await settle()
  return {
    ...sealing,
    async end() {
      ending.abort()
      await running
      assert.equal(world.clock.sleepers, 0)
    },
  }
}

test('records are sealed when the oldest is a minute old, in one object', async () => {
  const world = createWorld()
  const sealing = await startSealing(world)
  world.record(2)
  await world.clock.pass(50_000)
  assert.deepEqual(await world.objects(), [])
  world.record()
  await world.clock.pass(10_000)
  assert.deepEqual(await world.objects(), [[1, 2, 3]])
  assert.equal(world.journal.unsealed(10), undefined)
  await sealing.end()
})

test('an object is dated by its oldest record', async () => {
  const world = createWorld()
  world.record()
  await world.clock.pass(60_000)
  await createSealing(world.ports).sealAll()
  assert.equal(world.outbox.next()?.queuedAt.toString(), '2026-11-22T12:00:00Z')
})

test('without records there is no object', async () => {
  const world = createWorld()
  const sealing = await startSealing(world)
  await sealing.sealAll()
  await world.clock.pass(600_000)
  assert.deepEqual(await world.objects(), [])
  await sealing.end()
})

test('a full segment is sealed at once, together with the rest', async () => {
  const world = createWorld()
  const sealing = await startSealing(world)
  world.record(recordsPerSegment + 5)
  await world.clock.pass(10_000)
  assert.deepEqual(
    (await world.objects()).map(numbers => [numbers[0], numbers.at(-1), numbers.length]),
    [
      [1, recordsPerSegment, recordsPerSegment],
      [recordsPerSegment + 1, recordsPerSegment + 5, 5],
    ],
  )
  await sealing.end()
})

test('a request to seal everything takes effect at once', async () => {
  const world = createWorld()
  world.record(3)
  await createSealing(world.ports).sealAll()
  assert.deepEqual(await world.objects(), [[1, 2, 3]])
})

test('two simultaneous requests seal nothing twice', async () => {
  const world = createWorld()
  world.record(3)
  const sealing = createSealing(world.ports)
  await Promise.all([sealing.sealAll(), sealing.sealAll()])
  assert.deepEqual(await world.objects(), [[1, 2, 3]])
})

test('records that arrive while sealing are not forgotten unsealed', async () => {
  const world = createWorld()
  world.record(2)
  const late: Compress = async bytes => {
    if (!textOf(bytes).includes('"seq":3')) world.record()
    return compress(bytes)
  }
  await createSealing({ ...world.ports, compress: late }).sealAll()
  assert.deepEqual(await world.objects(), [[1, 2], [3]])
})

test('killed between outbox and journal: after the next start nothing comes twice', async () => {
  const world = createWorld()
  world.record(3)
  const journal = {
    ...world.journal,
    forget(seq: number) {
      if (world.outbox.summary.value.items > 0) throw new Error('killed')
      world.journal.forget(seq)
    },
  }
  await assert.rejects(createSealing({ ...world.ports, journal }).sealAll(), { message: 'killed' })
  world.record(2)
  await createSealing(world.ports).sealAll()
  assert.deepEqual((await world.objects()).flat(), [1, 2, 3, 4, 5])
})

test('killed anywhere, any number of times: every record arrives once and in order', async () => {
  const places = fc.constantFrom('nowhere', 'before put', 'after put')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), places)), async runs => {
      const world = createWorld()
      let recorded = 0
      for (const [count, place] of runs) {
        world.record(count)
        recorded += count
        const outbox: Outbox = {
          ...world.outbox,
          async put(item) {
            if (place === 'before put') throw new Error('killed')
            const put = await world.outbox.put(item)
            if (place === 'after put') throw new Error('killed')
            return put
          },
        }
        await createSealing({ ...world.ports, outbox })
          .sealAll()
          .catch(() => undefined)
      }
      await createSealing(world.ports).sealAll()
      assert.deepEqual(
        (await world.objects()).flat(),
        Array.from({ length: recorded }, (_, index) => index + 1),
      )
    }),
    { numRuns: 200 },
  )
})

test('without a key nothing is lost: the records wait, and the status says why', async () => {
  const recipients: string[] = []
  const world = createWorld(recipients)
  const sealing = await startSealing(world)
  world.record(2)
  await world.clock.pass(60_000)
  assert.deepEqual(sealing.problem.value, { code: 'NO_RECIPIENT' })
  await assert.rejects(sealing.sealAll(), { code: 'NO_RECIPIENT' })

  recipients.push('age1new')
  await world.clock.pass(10_000)
  assert.equal(sealing.problem.value, undefined)
  assert.deepEqual(await world.objects(), [[1, 2]])
  await sealing.end()
})

test('a full disk keeps the records in the journal, and sealing goes on when there is room', async () => {
  const world = createWorld()
  const sealing = await startSealing(world)
  world.record(2)
  world.disk.fail('DISK_FULL')
  await world.clock.pass(120_000)
  assert.equal(sealing.problem.value?.code, 'DISK_FULL')
  world.disk.recover()
  await world.clock.pass(10_000)
  assert.equal(sealing.problem.value, undefined)
  assert.deepEqual(await world.objects(), [[1, 2]])
  await sealing.end()
})

test('one failure does not keep the next request from being served', async () => {
  const world = createWorld()
  const sealing = createSealing(world.ports)
  world.record()
  world.disk.fail('DISK_FULL')
  const failed = assert.rejects(sealing.sealAll(), { code: 'DISK_FULL' })
  const served = failed.then(() => world.disk.recover())
  await served
  await sealing.sealAll()
  assert.deepEqual(await world.objects(), [[1]])
})

test('a clock that was set back does not put sealing off', async () => {
  const world = createWorld()
  const sealing = await startSealing(world)
  world.record()
  world.clock.setWall('2026-11-21T12:00:00Z')
  await world.clock.pass(10_000)
  assert.deepEqual(await world.objects(), [[1]])
  await sealing.end()
})
