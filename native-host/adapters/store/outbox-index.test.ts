import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { type IndexEntry, type OutboxIndex, openOutboxIndex } from './outbox-index.ts'
import { openDatabase } from './sqlite.ts'

const seqs = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 100 })
const step = fc.record({
  what: fc.constantFrom('add', 'remove', 'ask'),
  at: fc.integer({ min: 1, max: 200 }),
})

test('property: after any adds and removals in any order, the first behind a number is the next there is', () => {
  fc.assert(
    fc.property(seqs, fc.array(step, { maxLength: 60 }), (numbers, steps) => {
      using world = makeWorld()
      const there = new Set(numbers)
      world.index.add(numbers.map(entryOf))
      for (const { what, at } of steps) {
        if (what === 'add' && !there.has(at)) world.index.add([entryOf(at)])
        if (what === 'add') there.add(at)
        if (what === 'remove') assert.equal(world.index.remove([at]), Number(there.delete(at)))
        const expected = [...there].filter(seq => seq > at).toSorted((a, b) => a - b)[0]
        assert.equal(world.index.first(at)?.name.seq, expected)
      }
      assert.deepEqual(
        walk(world.index),
        [...there].toSorted((a, b) => a - b),
      )
    }),
    { numRuns: 40 },
  )
})

test('what could not be removed is still there', () => {
  using world = makeWorld()
  world.index.add([1, 2, 3].map(entryOf))
  assert.equal(world.index.first()?.name.seq, 1)
  world.db.exec('PRAGMA query_only = 1')
  assert.throws(() => world.index.remove([1, 2]))
  assert.deepEqual(walk(world.index), [1, 2, 3])
  world.db.exec('PRAGMA query_only = 0')
  world.index.remove([1, 2])
  assert.deepEqual(walk(world.index), [3])
})

test('what could not be stored comes behind what is stored, until it is', () => {
  using world = makeWorld()
  world.index.add([entryOf(1)])
  world.db.exec('PRAGMA query_only = 1')
  world.index.add([entryOf(2)])
  assert.deepEqual(walk(world.index), [1, 2])
  world.db.exec('PRAGMA query_only = 0')
  world.index.add([entryOf(3)])
  assert.deepEqual(walk(world.index), [1, 2, 3])
})

function walk(index: OutboxIndex): number[] {
  const found: number[] = []
  for (let entry = index.first(); entry; entry = index.first(entry.name.seq)) found.push(entry.name.seq)
  return found
}

function entryOf(seq: number): IndexEntry {
  return {
    name: { seq, date: '2026-11-22', content: { kind: 'screenshot' }, sha256: '0'.repeat(64) },
    device: 'laptop',
    bytes: 1,
    queuedAt: Temporal.Instant.from('2026-11-22T10:00:00Z'),
  }
}

function makeWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'at-index-'))
  const { db } = openDatabase(join(folder, 'state.db'))
  return {
    db,
    index: openOutboxIndex(db),
    [Symbol.dispose]() {
      db.close()
      rmSync(folder, { recursive: true })
    },
  }
}
