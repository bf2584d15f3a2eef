import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { NewItem, Outbox, OutboxItem } from '../../native-host/delivery/ports.ts'
import { watch } from '../../native-host/kernel/signals.ts'
import { AppError } from '../../protocol/errors.ts'
import { readItem } from '../support/sealed-bytes.ts'

export type OutboxWorld = {
  /** Opens the outbox of the device "laptop" again, as after a restart; what was put is still there. */
  open(): Promise<Outbox>
  /** Makes the stored bytes of the item something else. */
  damage(item: OutboxItem): void
  /** From now on nothing can be stored. */
  breakDisk(): void
  repairDisk(): void
  [Symbol.dispose](): void
}

const at = Temporal.Instant.from('2026-11-22T23:59:59.500Z')
const pictureBytes = new TextEncoder().encode('a sealed picture')
const picture: NewItem = { at, sealed: pictureBytes, content: { kind: 'screenshot' } }

/** What every outbox does. */
export function outboxContract(name: string, make: () => OutboxWorld): void {
  describe(`outbox: ${name}`, () => {
    const keys: { name: string; item: NewItem; is: string }[] = [
      {
        name: 'a picture',
        item: picture,
        is: `laptop/2026-11-22/000000000001-${hash('sha256', pictureBytes)}.screenshot.webp.age`,
      },
      {
        name: 'records, at the first instant of a year',
        item: { ...picture, at: Temporal.Instant.from('2027-01-01T00:00:00Z'), content: records(1, 7) },
        is: `laptop/2027-01-01/000000000001-${hash('sha256', pictureBytes)}.records.ndjson.zst.age`,
      },
    ]
    for (const { name, item, is } of keys)
      test(`the key says device, UTC day, order and contents: ${name}`, async () => {
        using world = make()
        const outbox = await world.open()
        assert.deepEqual(plain(await outbox.put(item)), { key: is, bytes: 16, queuedAt: item.at.toString() })
        assert.equal((await world.open()).next()?.key, is, 'for good')
      })

    test('an empty outbox', async () => {
      using world = make()
      const outbox = await world.open()
      assert.equal(outbox.next(), undefined)
      assert.equal(outbox.coveredThrough(), 0)
      assert.deepEqual(outbox.summary.value, { items: 0, bytes: 0, oldest: undefined, quarantined: 0 })
    })

    test('first in, first out, byte for byte, across restarts', async () => {
      using world = make()
      let outbox = await world.open()
      for (const text of ['one', 'two', 'three']) await outbox.put(itemOf(text))
      for (const text of ['one', 'two', 'three']) {
        outbox = await world.open()
        const item = outbox.next()
        assert.ok(item)
        assert.equal(new TextDecoder().decode(await readItem(outbox, item)), text)
        assert.equal(outbox.next()?.key, item.key, 'reading removes nothing')
        await outbox.remove(item)
      }
      assert.equal(outbox.next(), undefined)
      assert.equal((await world.open()).next(), undefined)
    })

    test('removing twice is harmless', async () => {
      using world = make()
      const outbox = await world.open()
      const item = await outbox.put(itemOf('one'))
      await outbox.put(itemOf('two'))
      await outbox.remove(item)
      await outbox.remove(item)
      assert.equal(outbox.summary.value.items, 1)
    })

    test('it knows whether an item still waits', async () => {
      using world = make()
      const outbox = await world.open()
      const item = await outbox.put(itemOf('one'))
      assert.equal(outbox.has(item.key), true)
      await outbox.remove(item)
      assert.equal(outbox.has(item.key), false)
      assert.equal(outbox.has('of/another/device'), false)
    })

    test('many puts at once keep the order of the calls', async () => {
      using world = make()
      const outbox = await world.open()
      const texts = Array.from({ length: 20 }, (_, index) => `item ${index}`)
      await Promise.all(texts.map(text => outbox.put(itemOf(text))))
      assert.deepEqual(await drain(outbox), texts)
    })

    test('those behind an item, whether it is still there or not', async () => {
      using world = make()
      const outbox = await world.open()
      const [one, two, three] = await Promise.all(
        ['one', 'two', 'three'].map(text => outbox.put(itemOf(text))),
      )
      assert.ok(one && two && three)
      assert.equal(outbox.next(one)?.key, two.key)
      await outbox.remove(two)
      assert.equal(outbox.next(one)?.key, three.key)
      assert.equal(outbox.next(two)?.key, three.key)
      assert.equal(outbox.next(three), undefined)
      const four = await outbox.put(itemOf('four'))
      assert.equal(outbox.next(three)?.key, four.key)
    })

    const sizes: [name: string, length: number][] = [
      ['an empty item', 0],
      ['a small item', 300_000],
      ['a large item', 9_000_001],
    ]
    for (const [what, length] of sizes)
      test(`${what} is given piece by piece`, async () => {
        using world = make()
        const outbox = await world.open()
        const sealed = randomBytes(length)
        await using opened = await outbox.open(await outbox.put({ ...picture, sealed }))
        assert.deepEqual([opened.size, opened.sha256], [length, hash('sha256', sealed)])
        const cuts = [0, 1, 65_536, 8_388_608, length].filter(cut => cut <= length).sort((a, b) => a - b)
        for (const [index, from] of cuts.entries())
          for (const to of cuts.slice(index))
            assert.ok(sealed.subarray(from, to).equals(await opened.slice(from, to)), `${from} to ${to}`)
      })

    test('a large item that is damaged at its end is never proven, and goes to quarantine', async () => {
      using world = make()
      const outbox = await world.open()
      const item = await outbox.put({ ...picture, sealed: randomBytes(9_000_001) })
      world.damage(item)
      const prove = async () => {
        await using sealed = await outbox.open(item)
        await sealed.proven()
      }
      await assert.rejects(prove, { code: 'STORE_DAMAGED' })
      assert.deepEqual([outbox.next(), outbox.summary.value.quarantined], [undefined, 1])
    })

    test('a large item that is whole is proven, and need not be', async () => {
      using world = make()
      const outbox = await world.open()
      const item = await outbox.put({ ...picture, sealed: randomBytes(9_000_001) })
      for (const isAsked of [true, false]) {
        await using sealed = await outbox.open(item)
        if (isAsked) await sealed.proven()
      }
      assert.equal(outbox.next()?.key, item.key)
    })

    test('numbers are never used again, even when everything was removed', async () => {
      using world = make()
      const outbox = await world.open()
      await outbox.remove(await outbox.put(itemOf('one')))
      const next = await (await world.open()).put(itemOf('one'))
      assert.match(next.key, /\/000000000002-/)
    })

    test('remembers for good which records it ever held', async () => {
      using world = make()
      let outbox = await world.open()
      await outbox.put(picture)
      assert.equal(outbox.coveredThrough(), 0)
      const item = await outbox.put({ ...picture, content: records(1, 40) })
      assert.equal(outbox.coveredThrough(), 40)
      await outbox.put(picture)
      outbox = await world.open()
      assert.equal(outbox.coveredThrough(), 40)
      await outbox.remove(item)
      assert.equal((await world.open()).coveredThrough(), 40)
    })

    test('the summary follows every change', async () => {
      using world = make()
      const outbox = await world.open()
      const seen: object[] = []
      watch(
        outbox.summary,
        ({ items, bytes, oldest, quarantined }) =>
          seen.push({ items, bytes, oldest: oldest?.toString(), quarantined }),
        new AbortController().signal,
      )
      const later = at.add({ seconds: 5 })
      const one = await outbox.put(itemOf('one'))
      const three = await outbox.put({ ...itemOf('three'), at: later })
      await outbox.remove(one)
      world.damage(three)
      await assert.rejects(readItem(outbox, three))
      assert.deepEqual(seen, [
        { items: 1, bytes: 3, oldest: at.toString(), quarantined: 0 },
        { items: 2, bytes: 8, oldest: at.toString(), quarantined: 0 },
        { items: 1, bytes: 5, oldest: later.toString(), quarantined: 0 },
        { items: 0, bytes: 0, oldest: undefined, quarantined: 1 },
      ])
      const { oldest, ...rest } = (await world.open()).summary.value
      assert.deepEqual({ oldest, ...rest }, { items: 0, bytes: 0, oldest: undefined, quarantined: 1 })
    })

    test('a damaged item goes to quarantine and the others go on', async () => {
      using world = make()
      const outbox = await world.open()
      const bad = await outbox.put(itemOf('bad'))
      await outbox.put(itemOf('good'))
      world.damage(bad)
      const damaged = (error: unknown) => error instanceof AppError && error.code === 'STORE_DAMAGED'
      await assert.rejects(readItem(outbox, bad), damaged)
      await assert.rejects(readItem(outbox, bad), damaged, 'and again')
      assert.equal(outbox.summary.value.quarantined, 1)
      assert.deepEqual(await drain(await world.open()), ['good'])
    })

    test('what cannot be stored is not there, and the rest is untouched', async () => {
      using world = make()
      const outbox = await world.open()
      await outbox.put({ ...itemOf('one'), content: records(1, 5) })
      world.breakDisk()
      await assert.rejects(
        outbox.put({ ...itemOf('two'), content: records(6, 9) }),
        (error: unknown) =>
          error instanceof AppError && (error.code === 'STORE_NOT_WRITABLE' || error.code === 'DISK_FULL'),
      )
      assert.equal(outbox.summary.value.items, 1)
      assert.equal(outbox.coveredThrough(), 5)
      world.repairDisk()
      await outbox.put(itemOf('three'))
      assert.deepEqual(await drain(await world.open()), ['one', 'three'])
    })

    test('property: it holds what was put and not removed, in order, after any events', async () => {
      const step = fc.oneof(
        { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), text: fc.string() }) },
        { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('damage' as const) }) },
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
          using world = make()
          let outbox = await world.open()
          const expected: string[] = []
          let quarantined = 0
          for (const next of steps) {
            const item = outbox.next()
            if (next.do === 'put') {
              await outbox.put(itemOf(next.text))
              expected.push(next.text)
            } else if (next.do === 'restart') {
              outbox = await world.open()
            } else if (item && next.do === 'remove') {
              await outbox.remove(item)
              expected.shift()
            } else if (item && next.do === 'damage') {
              world.damage(item)
              await assert.rejects(readItem(outbox, item))
              expected.shift()
              quarantined += 1
            }
            const bytes = expected.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
            const { items, bytes: is, quarantined: aside } = outbox.summary.value
            assert.deepEqual({ items, is, aside }, { items: expected.length, is: bytes, aside: quarantined })
          }
          assert.deepEqual(await drain(await world.open()), expected)
        }),
        { numRuns: 25 },
      )
    })
  })
}

function records(from: number, to: number): NewItem['content'] {
  return { kind: 'records', from, to }
}

function itemOf(text: string): NewItem {
  return { at, sealed: new TextEncoder().encode(text), content: { kind: 'screenshot' } }
}

async function drain(outbox: Outbox): Promise<string[]> {
  const texts: string[] = []
  for (let item = outbox.next(); item; item = outbox.next()) {
    texts.push(new TextDecoder().decode(await readItem(outbox, item)))
    await outbox.remove(item)
  }
  return texts
}

function plain({ key, bytes, queuedAt }: OutboxItem) {
  return { key, bytes, queuedAt: queuedAt.toString() }
}
