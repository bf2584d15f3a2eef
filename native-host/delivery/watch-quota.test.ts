import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentVersion } from '../../protocol/consent.ts'
import { fakeLog } from '../../test/fakes.ts'
import { fakeDisk, fakeJournal, fakeMemory, fakeSettings } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { kindsIn } from '../../test/records-in.ts'
import { createSignal } from '../kernel/signals.ts'
import { controlTracking } from '../tracking/control-tracking.ts'
import type { Outbox, OutboxSummary } from './ports.ts'
import { watchQuota } from './watch-quota.ts'

const gb = 1_000_000_000

async function start({ bytes = 0, agreed = true } = {}) {
  const clock = manualClock()
  const disk = fakeDisk()
  const memory = fakeMemory(disk)
  if (agreed) memory.set('consent', { text_version: consentVersion, at: '2026-11-01T08:00:00.000Z' })
  const journal = fakeJournal(clock, disk)
  const ending = new AbortController()
  const control = controlTracking({ clock, journal, memory }, ending.signal)
  const summary = createSignal(holding(bytes))
  const settings = fakeSettings({ outbox_limit: 2 })
  const log = fakeLog()
  const outbox = { summary } as Pick<Outbox, 'summary'>
  const watching = watchQuota({ outbox, settings: settings.current, log }, control, ending.signal)
  return {
    disk,
    journal,
    control,
    settings,
    log,
    async hold(held: number) {
      summary.value = holding(held)
      await settle()
    },
    async end() {
      ending.abort()
      await watching
    },
  }
}

const holding = (bytes: number): OutboxSummary => ({ items: 1, bytes, oldest: undefined, quarantined: 0 })

test('recording stops when the outbox reaches its limit, says so, and resumes once there is room', async () => {
  const { control, journal, hold, end } = await start()
  await hold(2 * gb - 1)
  assert.equal(control.gate.value, true)
  await hold(2 * gb)
  assert.equal(control.gate.value, false)
  assert.deepEqual(control.obstacle.value, { code: 'OUTBOX_FULL', detail: '2 GB' })
  await hold(1.9 * gb)
  assert.equal(control.gate.value, false, 'one delivery is not room')
  await hold(1.7 * gb)
  assert.equal(control.gate.value, true)
  assert.equal(control.obstacle.value, undefined)
  assert.deepEqual(kindsIn(journal), ['suspended', 'unsuspended'], 'the gap has its cause')
  await end()
})

test('a full outbox at the start: nothing is recorded, not even for a moment', async () => {
  const { control, end } = await start({ bytes: 3 * gb })
  assert.equal(control.gate.value, false)
  await end()
})

test('another limit counts at once', async () => {
  const { control, settings, hold, end } = await start()
  await hold(2 * gb)
  await settings.change('outbox_limit', 5)
  await settle()
  assert.equal(control.gate.value, true)
  await settings.change('outbox_limit', 1)
  await settle()
  assert.deepEqual(control.obstacle.value, { code: 'OUTBOX_FULL', detail: '1 GB' })
  await settings.change('outbox_limit', 2)
  await settle()
  assert.deepEqual(control.obstacle.value, { code: 'OUTBOX_FULL', detail: '2 GB' }, 'with the limit of now')
  await end()
})

test('recording stops and resumes even when the disk cannot store the records of it', async () => {
  const { control, disk, log, hold, end } = await start()
  disk.fail('DISK_FULL')
  await hold(2 * gb)
  assert.equal(control.gate.value, false)
  await hold(0)
  assert.equal(control.gate.value, true)
  assert.deepEqual(
    log.lines.map(({ code }) => code),
    ['DISK_FULL', 'DISK_FULL'],
  )
  await end()
})

test('before consent nothing is recorded of it', async () => {
  const { journal, hold, end } = await start({ agreed: false })
  await hold(2 * gb)
  await hold(0)
  assert.deepEqual(kindsIn(journal), [])
  await end()
})
