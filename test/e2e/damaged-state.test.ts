import assert from 'node:assert/strict'
import { closeSync, openSync, readdirSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { pressKeys } from '../support/hardware-input.ts'
import { openWithAge, sumOfIntervals } from '../support/opened-objects.ts'
import { isAlive } from '../support/processes.ts'
import { startScenario, startTracking, untilCounting, untilStatus } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'

test('a database that is damaged while it runs is repaired by itself, is kept aside, and recording goes on', async t => {
  await using stage = await startScenario()
  const tap = await startTracking(stage)
  await pressKeys(stage.input, 30)
  const counted = await untilStatus(tap, '30 keys', ({ today }) => today.keys === 30)
  await untilStatus(tap, 'them to be saved', ({ last_saved }) => (last_saved ?? '') > counted.at)
  tap[Symbol.dispose]()

  damage(stage.home.places.stateDb)
  const since = performance.now()
  const repaired = await waitFor('another agent that tracks', async () => {
    const other = await stage.tap()
    const status = await other.status()
    other[Symbol.dispose]()
    return status.agent.pid !== counted.agent.pid && status.state.kind === 'tracking' && status
  })
  t.diagnostic(`tracking again ${Math.round(performance.now() - since)} ms after the damage`)
  assert.equal(isAlive(counted.agent.pid), false)
  assert.ok(
    repaired.notices.some(({ code }) => code === 'STORE_DAMAGED'),
    'a notice reports it',
  )
  assert.ok(readdirSync(dirname(stage.home.places.stateDb)).some(file => file.startsWith('state.broken-')))

  const after = await stage.tap()
  await untilCounting(after)
  await pressKeys(stage.input, 20)
  const again = await untilStatus(after, '20 keys more', ({ today }) => today.keys >= 20)
  await untilStatus(after, 'them to be saved', ({ last_saved }) => (last_saved ?? '') > again.at)
  await after.ask({ type: 'stop' })
  await waitFor('the agent to end', async () => (await stage.processes('agent')).length === 0)
  const opened = await openWithAge(stage.home.places.delivered, stage.home.places.identity)
  assert.ok(sumOfIntervals(opened.records).keys >= 20)
})

/**
 * Overwrites where the records are, and changes something else, so that a process with a copy in memory reads
 * them again.
 */
function damage(path: string): void {
  const db = new DatabaseSync(path)
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  const pageBytes = Number(db.prepare('PRAGMA page_size').get()?.page_size)
  const roots = db.prepare(
    "SELECT rootpage FROM sqlite_schema WHERE name IN ('record', 'spent_minute', 'outbox_item')",
  )
  const file = openSync(path, 'r+')
  for (const { rootpage } of roots.all())
    writeSync(file, Buffer.alloc(pageBytes, 0xa5), 0, pageBytes, (Number(rootpage) - 1) * pageBytes)
  closeSync(file)
  db.exec('PRAGMA application_id = 7')
  db.close()
}
