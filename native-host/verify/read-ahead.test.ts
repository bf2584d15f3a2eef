import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readAhead } from './read-ahead.ts'

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

test('property: items come in their order, so many at once, within the memory', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 8 }),
      fc.scheduler(),
      async (sizes, atOnce, scheduler) => {
        const mostBytes = 60
        const held = new Set<number>()
        const read = async ({ at, size }: { at: number; size: number }) => {
          held.add(at)
          const bytes = [...held].reduce((sum, each) => sum + (sizes[each] ?? 0), 0)
          assert.ok(bytes <= mostBytes || held.size === 1, `${bytes} bytes of ${held.size}`)
          assert.ok(held.size <= atOnce)
          await scheduler.schedule(Promise.resolve())
          return { at, size }
        }
        const items = sizes.map((size, at) => ({ at, size }))
        const limits = { atOnce, mostBytes, sizeOf: ({ size }: { size: number }) => size }
        const found: number[] = []
        const reading = (async () => {
          for await (const { at } of readAhead(from(items), limits, read)) {
            found.push(at)
            held.delete(at)
          }
        })()
        await scheduler.waitFor(reading)
        assert.deepEqual(
          found,
          items.map(({ at }) => at),
        )
      },
    ),
    { numRuns: 50 },
  ))

test('a failure comes in its turn, and those behind it are not unheard rejections', async () => {
  const found: number[] = []
  const reading = async () => {
    const read = async (item: number) => {
      if (item >= 3) throw new Error(`no ${item}`)
      return item
    }
    const limits = { atOnce: 4, mostBytes: 100, sizeOf: () => 1 }
    for await (const item of readAhead(from([1, 2, 3, 4, 5]), limits, read)) found.push(item)
  }
  await assert.rejects(reading(), /no 3/)
  assert.deepEqual(found, [1, 2])
})
