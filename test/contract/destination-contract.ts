import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Destination } from '../../native-host/delivery/ports.ts'
import { AppError } from '../../protocol/errors.ts'
import { sealedBytes } from '../support/sealed-bytes.ts'

export type DestinationWorld = AsyncDisposable & {
  /** Anew, as after a restart; what was delivered is still there. */
  open(): Destination
  /** What is stored under the key that was given to `put`, looked at without the destination. */
  stored(key: string): Promise<Uint8Array | undefined>
  /** How many objects there are, to see that none came twice. */
  count(): Promise<number>
}

const never = new AbortController().signal

/** Letters, because the fake keeps text. */
export function someBytes(length: number): Uint8Array {
  return new TextEncoder().encode(randomBytes(Math.ceil(length / 2)).toString('hex')).subarray(0, length)
}

let lastKey = 0
export function newKey(): string {
  lastKey++
  return `device-1a2b3c4d/2026-11-22/${String(lastKey).padStart(12, '0')}-${'ab'.repeat(32)}.records.ndjson.zst.age`
}

/** What every destination does. */
export function destinationContract(name: string, make: () => Promise<DestinationWorld>): void {
  describe(`destination: ${name}`, () => {
    let world: DestinationWorld
    before(async () => {
      world = await make()
    })
    after(() => world[Symbol.asyncDispose]())

    const sizes: [name: string, length: number][] = [
      ['an object', 5000],
      ['an empty object', 0],
      ['one byte', 1],
      ['exactly one piece of an upload', 65_536],
      ['9 MB', 9_000_000],
    ]
    for (const [what, length] of sizes) {
      test(`${what} arrives as it was`, async () => {
        const [key, bytes] = [newKey(), someBytes(length)]
        await world.open().put(key, sealedBytes(bytes), never)
        // Compared by hand: a failing deepEqual would print megabytes.
        assert.ok(Buffer.from(bytes).equals((await world.stored(key)) ?? Buffer.from('nothing')))
      })
    }

    test('the same object again is no error and no second object', async () => {
      const [key, bytes, before] = [newKey(), someBytes(3000), await world.count()]
      const destination = world.open()
      await destination.put(key, sealedBytes(bytes), never)
      await destination.put(key, sealedBytes(bytes), never)
      await world.open().put(key, sealedBytes(bytes), never)
      assert.equal(await world.count(), before + 1)
      assert.ok(Buffer.from(bytes).equals((await world.stored(key)) ?? Buffer.from('nothing')))
    })

    test('the same object at the same moment is no error either', async () => {
      const [key, bytes, before] = [newKey(), someBytes(300_000), await world.count()]
      const destination = world.open()
      await Promise.all(Array.from({ length: 5 }, () => destination.put(key, sealedBytes(bytes), never)))
      assert.equal(await world.count(), before + 1)
      assert.ok(Buffer.from(bytes).equals((await world.stored(key)) ?? Buffer.from('nothing')))
    })

    test('objects at the same moment do not mix', async () => {
      const objects = Array.from({ length: 8 }, () => [newKey(), someBytes(40_000)] as const)
      const destination = world.open()
      await Promise.all(objects.map(([key, bytes]) => destination.put(key, sealedBytes(bytes), never)))
      for (const [key, bytes] of objects)
        assert.ok(Buffer.from(bytes).equals((await world.stored(key)) ?? Buffer.from('nothing')))
    })

    for (const length of [5000, 9_000_000])
      test(`${length} bytes that turn out not to be what was sealed do not arrive`, async () => {
        const [key, damaged] = [newKey(), new AppError('STORE_DAMAGED')]
        const sealed = { ...sealedBytes(someBytes(length)), proven: () => Promise.reject(damaged) }
        await assert.rejects(world.open().put(key, sealed, never), { code: 'STORE_DAMAGED' })
        assert.equal(await world.stored(key), undefined)
      })

    test('what was called off does not arrive', async () => {
      const [key, reason] = [newKey(), new Error('called off')]
      await assert.rejects(
        world.open().put(key, sealedBytes(someBytes(10)), AbortSignal.abort(reason)),
        reason,
      )
      assert.equal(await world.stored(key), undefined)
    })

    test('it says to people where things go', () => {
      assert.notEqual(world.open().where, '')
    })
  })
}
