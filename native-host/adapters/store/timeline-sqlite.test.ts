import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../../../protocol/records.ts'
import { openStateDatabase } from '../../../test/contract/state-database.ts'
import { openJournal } from './journal-sqlite.ts'
import { openTimelineStore } from './timeline-sqlite.ts'

function open() {
  const world = openStateDatabase()
  let now = Temporal.Instant.from('2026-11-22T10:00:00Z')
  const kept = openTimelineStore(world.db)
  const journal = openJournal(world.db, { now: () => now, zone: () => 'UTC' }, undefined, kept.keep)
  return {
    db: world.db,
    kept,
    journal,
    /** An interval that ends when that long has passed. */
    work(seconds: number, part: Partial<Extract<Entry, { kind: 'interval' }>> = {}) {
      const from = now.toString()
      now = now.add({ seconds })
      journal.append({
        kind: 'interval',
        from,
        length_ms: seconds * 1000,
        ...{ keys: 7, clicks: 0, wheel: 0, distance_px: 0, active_seconds: 5 },
        activity: '1',
        presence: 'active',
        genuineness: { verdict: 'genuine', rules: 1, evidence: [] },
        ...part,
      })
    },
    pass(hours: number) {
      now = now.add({ hours })
    },
    [Symbol.dispose]: () => world[Symbol.dispose](),
  }
}

test('intervals that follow each other are one row without counts', () => {
  using world = open()
  for (let count = 0; count < 30; count++) world.work(10)
  const [run, ...more] = world.kept.records()
  assert.deepEqual(more, [])
  assert.deepEqual(run, {
    seq: 1,
    prev: '0'.repeat(64),
    at: '2026-11-22T10:05:00.000Z',
    zone: 'UTC',
    offset: '+00:00',
    kind: 'interval',
    from: '2026-11-22T10:00:00Z',
    length_ms: 300_000,
    presence: 'active',
  })
})

test('what happened between them stays, in its order, also when the records are sealed', () => {
  using world = open()
  world.work(10)
  world.work(10, { presence: 'idle' })
  world.journal.append({ kind: 'paused', until: null, by: 'firefox' })
  world.journal.append({ kind: 'setting.changed', name: 'screenshots', value: false })
  world.pass(1)
  world.journal.append({ kind: 'resumed', by: 'firefox' })
  world.work(10)
  world.journal.forget(100)
  assert.deepEqual(
    world.kept.records().map(({ kind }) => kind),
    ['interval', 'interval', 'paused', 'resumed', 'interval'],
  )
})

test('a record that could not be written is no part of it', () => {
  using world = open()
  world.work(10)
  world.db.exec(`CREATE TRIGGER full BEFORE INSERT ON chain_head BEGIN SELECT RAISE(ABORT, 'no room'); END`)
  assert.throws(() => world.work(10))
  world.db.exec('DROP TRIGGER full')
  world.work(10)
  assert.deepEqual(
    world.kept.records().map(record => record.kind === 'interval' && record.length_ms),
    [10_000, 10_000],
  )
})

test('days of before are forgotten, but for a pause that may still last', () => {
  using world = open()
  world.work(10)
  world.journal.append({ kind: 'paused', until: null })
  world.pass(24 * 20)
  world.journal.append({ kind: 'agent.ended', reason: 'signal' })
  assert.deepEqual(
    world.kept.records().map(({ kind }) => kind),
    ['paused', 'agent.ended'],
  )
})

test('a row that says nothing is passed over', () => {
  using world = open()
  world.work(10)
  world.db.exec(
    `INSERT INTO course VALUES (50, '2026', 'interval', '{"kind":"interval"'), (51, '', 'x', '{}')`,
  )
  assert.equal(world.kept.records().length, 1)
  world.journal.append({ kind: 'resumed' })
})

test('what was taken out of a date is reported by the minute', () => {
  using world = open()
  const counts = { keys: 9, clicks: 0, wheel: 0, distance_px: 0, active_seconds: 8 }
  world.work(10, { discarded: counts })
  assert.deepEqual(world.kept.discardedOf('2026-11-22'), [
    { startMs: Date.parse('2026-11-22T10:00:00Z'), seconds: 8 },
  ])
  assert.deepEqual(world.kept.discardedOf('2026-11-23'), [])
})
