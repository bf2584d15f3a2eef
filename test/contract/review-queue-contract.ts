import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Outbox } from '../../native-host/delivery/ports.ts'
import type { HeldPicture, ReviewQueue } from '../../native-host/screenshots/ports.ts'
import { readItem } from '../support/sealed-bytes.ts'

export type HeldWorld = {
  /** Opens both again, as after a restart. */
  open(): Promise<{ held: ReviewQueue; outbox: Outbox }>
  breakDisk(): void
  repairDisk(): void
  [Symbol.dispose](): void
}

const taken = Temporal.Instant.from('2026-11-22T23:59:30.250Z')
const facts: Omit<HeldPicture, 'key'> = {
  taken,
  until: taken.add({ seconds: 60 }),
  display: 2,
  of: 3,
  width: 960,
  height: 540,
  format: 'webp',
  blurred: false,
}
const bytesOf = (text: string) => new TextEncoder().encode(text)

async function opened(world: HeldWorld) {
  const { held, outbox } = await world.open()
  return { held, outbox, put: reserving(held, outbox) }
}

/** Each under a number of its own, as the flow does it. */
export function reserving(held: ReviewQueue, outbox: Outbox) {
  return (facts: Omit<HeldPicture, 'key'>, sealed: Uint8Array, replaced?: HeldPicture) =>
    held.put({ ...facts, number: outbox.reserve() }, sealed, replaced)
}

/** What every store of held pictures does. */
export function heldPicturesContract(name: string, make: () => HeldWorld): void {
  describe(`held pictures: ${name}`, () => {
    test('none at first', async () => {
      using world = make()
      const { held } = await world.open()
      assert.deepEqual([held.all(), held.unrecorded()], [[], []])
    })

    test('they are read byte for byte, the oldest first, and are no items of the outbox; also after a restart', async () => {
      using world = make()
      const first = await opened(world)
      const one = await first.put(facts, bytesOf('one'))
      const two = await first.put({ ...facts, display: 1, format: 'jpeg' }, bytesOf('two'))
      assert.notEqual(one.key, two.key)
      for (const again of [async () => first, world.open]) {
        const { held, outbox } = await again()
        assert.deepEqual(held.all().map(plain), [
          plain({ ...facts, key: one.key }),
          plain({ ...facts, display: 1, format: 'jpeg', key: two.key }),
        ])
        assert.deepEqual(new Uint8Array(await held.read(one)), bytesOf('one'))
        assert.equal(outbox.summary.value.items, 0)
      }
    })

    test('released, it is an item with its key and its bytes, once and for good', async () => {
      using world = make()
      const first = await opened(world)
      const one = await first.put(facts, bytesOf('one'))
      const item = await first.held.release(one)
      assert.equal(item.key, one.key)
      await assert.rejects(first.held.release(one), { code: 'HELD_GONE' })
      await assert.rejects(first.held.read(one), { code: 'HELD_GONE' })
      for (const again of [async () => first, world.open]) {
        const { held, outbox } = await again()
        assert.deepEqual(held.all(), [])
        assert.deepEqual(outbox.next()?.key, one.key)
        assert.equal(outbox.summary.value.items, 1)
        const next = outbox.next()
        assert.ok(next)
        assert.deepEqual(new Uint8Array(await readItem(outbox, next)), bytesOf('one'))
      }
    })

    test('what is put into the outbox meanwhile is another item', async () => {
      using world = make()
      const { held, outbox, put } = await opened(world)
      const one = await put(facts, bytesOf('one'))
      const two = await outbox.put({ at: taken, sealed: bytesOf('two'), content: { kind: 'screenshot' } })
      await held.release(one)
      assert.deepEqual(
        new Set([outbox.next()?.key, outbox.next(outbox.next())?.key]),
        new Set([one.key, two.key]),
      )
    })

    test('deleted, it is gone; what to record of it is known until it was recorded, also after a restart', async () => {
      using world = make()
      const first = await opened(world)
      const one = await first.put(facts, bytesOf('one'))
      await first.held.delete(one)
      await assert.rejects(first.held.delete(one), { code: 'HELD_GONE' })
      for (const again of [async () => first, world.open]) {
        const { held, outbox } = await again()
        assert.deepEqual(held.all(), [])
        await assert.rejects(held.read(one), { code: 'HELD_GONE' })
        assert.equal(outbox.next(), undefined)
      }
      const { held } = await world.open()
      const [removal] = held.unrecorded()
      assert.ok(removal?.kind === 'deleted')
      assert.deepEqual(plain(removal.picture), plain(one))
      await held.recorded(removal)
      assert.deepEqual(held.unrecorded(), [])
      assert.deepEqual((await world.open()).held.unrecorded(), [])
    })

    test('replaced, it is never released, and the one in its place is', async () => {
      using world = make()
      const first = await opened(world)
      const one = await first.put(facts, bytesOf('one'))
      const two = await first.put({ ...facts, blurred: true }, bytesOf('two'), one)
      await assert.rejects(first.held.release(one), { code: 'HELD_GONE' })
      const second = await world.open()
      assert.deepEqual(
        second.held.all().map(({ key }) => key),
        [two.key],
      )
      const [removal] = second.held.unrecorded()
      assert.ok(removal?.kind === 'replaced')
      assert.deepEqual([removal.picture.key, removal.by.key], [one.key, two.key])
      await second.held.recorded(removal)
      await second.held.release(two)
      const third = await world.open()
      assert.deepEqual([third.held.all(), third.held.unrecorded()], [[], []])
      assert.equal(third.outbox.next()?.key, two.key)
      assert.equal(third.outbox.summary.value.items, 1)
    })

    test('what a disk refuses is not held, and what it refuses to give up still is', async () => {
      using world = make()
      const { held, put } = await opened(world)
      const one = await put(facts, bytesOf('one'))
      world.breakDisk()
      const refused = ({ code }: { code: string }) => code === 'DISK_FULL' || code === 'STORE_NOT_WRITABLE'
      await assert.rejects(put(facts, bytesOf('two')), refused)
      await assert.rejects(held.delete(one), refused)
      assert.deepEqual(
        held.all().map(({ key }) => key),
        [one.key],
      )
      world.repairDisk()
      await held.delete(one)
      assert.deepEqual(held.all(), [])
    })
  })
}

const plain = ({ taken, until, ...rest }: HeldPicture) => ({ ...rest, taken: `${taken}`, until: `${until}` })
