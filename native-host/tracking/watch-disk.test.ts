import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeDisk } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { watch } from '../kernel/signals.ts'
import { createDiskWatch } from './watch-disk.ts'

async function start() {
  const clock = manualClock()
  const disk = fakeDisk()
  const diskWatch = createDiskWatch({ disk, clock })
  const ending = new AbortController()
  const said: (string | undefined)[] = []
  watch(diskWatch.problem, problem => said.push(problem?.code), ending.signal)
  const running = diskWatch.run(ending.signal)
  await settle()
  return {
    clock,
    disk,
    said,
    async end() {
      ending.abort()
      await running
      assert.equal(clock.sleepers, 0)
    },
  }
}

test('a full disk is reported within five seconds, once, and so is its end', async () => {
  const world = await start()
  await world.clock.pass(60_000)
  world.disk.fail('DISK_FULL')
  await world.clock.pass(4_999)
  assert.deepEqual(world.said, ['DISK_FULL'])
  await world.clock.pass(3_600_000)
  world.disk.recover()
  await world.clock.pass(4_999)
  assert.deepEqual(world.said, ['DISK_FULL', undefined])
  await world.end()
})

test('one problem after the other: the current one is reported', async () => {
  const world = await start()
  world.disk.fail('DISK_FULL')
  await world.clock.pass(5_000)
  world.disk.fail('STORE_NOT_WRITABLE')
  await world.clock.pass(5_000)
  assert.deepEqual(world.said, ['DISK_FULL', 'STORE_NOT_WRITABLE'])
  await world.end()
})

test('the first check runs before anything else begins', async () => {
  const disk = fakeDisk()
  disk.fail('STORE_NOT_WRITABLE')
  const diskWatch = createDiskWatch({ disk, clock: manualClock() })
  const ending = new AbortController()
  const running = diskWatch.run(ending.signal)
  assert.equal(diskWatch.problem.value?.code, 'STORE_NOT_WRITABLE')
  ending.abort()
  await running
})
