import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '../../protocol/errors.ts'
import { fakeDisk, fakeJournal } from '../../test/fakes-storage.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { recordsIn } from '../../test/records-in.ts'
import { createSignal } from '../kernel/signals.ts'
import { noteStoreGaps } from './note-gaps.ts'

function setUp() {
  const clock = manualClock('2026-11-22T10:00:00Z')
  const disk = fakeDisk()
  const journal = fakeJournal(clock, disk)
  const problem = createSignal<Problem | undefined>(undefined)
  const stop = new AbortController()
  noteStoreGaps({ journal, clock, problem }, stop.signal)
  const gaps = () => recordsIn(journal).filter(record => record.kind === 'gap')
  return { clock, disk, journal, problem, stop, gaps }
}

test('the time in which nothing could be stored is written when something can be again', async () => {
  const { clock, disk, journal, problem, gaps } = setUp()
  journal.append({ kind: 'resumed' })
  await clock.pass(10_000)
  disk.fail('DISK_FULL')
  problem.value = { code: 'DISK_FULL' }
  await clock.pass(50_000)
  assert.deepEqual(gaps(), [])
  disk.recover()
  problem.value = undefined
  const [gap, ...others] = gaps()
  assert.deepEqual(others, [])
  assert.partialDeepStrictEqual(gap, {
    cause: 'disk-full',
    detail: 'DISK_FULL',
    from: '2026-11-22T10:00:00.000Z',
    to: '2026-11-22T10:01:00.000Z',
  })
})

test('another reason in between does not begin another span', async () => {
  const { clock, disk, problem, gaps } = setUp()
  problem.value = { code: 'DISK_FULL' }
  await clock.pass(1000)
  problem.value = { code: 'STORE_NOT_WRITABLE' }
  await clock.pass(1000)
  disk.recover()
  problem.value = undefined
  assert.deepEqual(
    gaps().map(({ from, to, detail }) => [from, to, detail]),
    [['2026-11-22T10:00:00.000Z', '2026-11-22T10:00:02.000Z', 'DISK_FULL']],
  )
})

test('a disk that is full again before the gap was written only makes it longer', async () => {
  const { clock, disk, problem, gaps } = setUp()
  problem.value = { code: 'DISK_FULL' }
  await clock.pass(1000)
  disk.fail('DISK_FULL')
  problem.value = undefined
  assert.deepEqual(gaps(), [])
  problem.value = { code: 'DISK_FULL' }
  await clock.pass(4000)
  disk.recover()
  problem.value = undefined
  assert.deepEqual(
    gaps().map(({ from, to }) => [from, to]),
    [['2026-11-22T10:00:00.000Z', '2026-11-22T10:00:05.000Z']],
  )
})
