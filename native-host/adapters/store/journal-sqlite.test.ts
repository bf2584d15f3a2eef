import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { chainStart } from '../../../protocol/records.ts'
import { openStateDatabase } from '../../../test/contract/state-database.ts'
import { openJournal } from './journal-sqlite.ts'

const clock = {
  now: () => Temporal.Instant.from('2026-11-22T10:00:00Z'),
  zone: () => 'UTC',
  monotonicMs: () => 0,
  sleep: () => Promise.resolve(),
}

test('a journal made again does not give records the numbers of those that wait in the outbox', () => {
  using world = openStateDatabase()
  const coveredThrough = 40
  const covered = { seq: coveredThrough, hash: chainStart }
  const journal = openJournal(world.db, clock, covered)
  const first = journal.append({ kind: 'resumed' })
  assert.deepEqual([first.seq, first.prev], [41, chainStart])
  journal.forget(coveredThrough)
  assert.equal(journal.unsealed(10)?.count, 1, 'sealing forgets what is covered, and the new record is not')
  assert.equal(openJournal(world.db, clock, covered).append({ kind: 'resumed' }).seq, 42)
})

test('a journal from before what waits in the outbox goes on after that, and the break shows', () => {
  using world = openStateDatabase()
  openJournal(world.db, clock).append({ kind: 'resumed' })
  const next = openJournal(world.db, clock, { seq: 40, hash: chainStart }).append({ kind: 'resumed' })
  assert.deepEqual([next.seq, next.prev], [41, chainStart])
})

test('where the outbox knows the link of its last record, the chain goes on from it', () => {
  using world = openStateDatabase()
  const next = openJournal(world.db, clock, { seq: 40, hash: 'ab'.repeat(32) }).append({ kind: 'resumed' })
  assert.deepEqual([next.seq, next.prev], [41, 'ab'.repeat(32)])
})

test('a journal that knows more than the outbox goes on from what it knows', () => {
  using world = openStateDatabase()
  const journal = openJournal(world.db, clock)
  for (let n = 0; n < 5; n++) journal.append({ kind: 'resumed' })
  assert.equal(openJournal(world.db, clock, { seq: 3, hash: chainStart }).append({ kind: 'resumed' }).seq, 6)
})

test('a database of a version that salted nothing goes on in one chain', () => {
  using world = openStateDatabase()
  const at = '2026-11-21T10:00:00.000Z'
  const old = JSON.stringify({ seq: 1, prev: chainStart, at, zone: 'UTC', offset: '+00:00', kind: 'resumed' })
  const link = hash('sha256', old)
  world.db.exec(`INSERT INTO record VALUES (1, '${at}', '${old}');
    REPLACE INTO chain_head (only_row, seq, hash, at) VALUES (1, 1, '${link}', '${at}')`)
  const journal = openJournal(world.db, clock)
  assert.equal(journal.append({ kind: 'resumed' }).prev, link)
  assert.deepEqual(journal.unsealed(1)?.head, { seq: 1, hash: link })
  assert.deepEqual(journal.unsealed(2)?.head, journal.head())
})

test('minutes that an earlier version kept without a zone are those of the zone that is set now', () => {
  using world = openStateDatabase()
  const counts = '1, 2, 3, 4, 5'
  world.db.exec(`INSERT INTO minute VALUES ('2026-11-21', 600, ${counts}, 6);
    INSERT INTO discarded_minute VALUES ('2026-11-21', 600, ${counts})`)
  const berlin = { ...clock, zone: () => 'Europe/Berlin' }
  openJournal(world.db, berlin)
  const journal = openJournal(world.db, clock)
  const [minute, ...more] = journal.minutesOf('2026-11-21')
  assert.deepEqual(more, [])
  assert.equal(minute?.start.toString(), '2026-11-21T09:00:00Z')
  assert.deepEqual([minute.zone, minute.keys, minute.flagged_seconds], ['Europe/Berlin', 1, 6])
  const moment = '2026-11-21T09:00:30.000Z'
  journal.append({ kind: 'verdict.withdrawn', from: moment, to: moment })
  assert.equal(journal.minutesOf('2026-11-21')[0]?.keys, 2, 'what was discarded is not forgotten')
})
