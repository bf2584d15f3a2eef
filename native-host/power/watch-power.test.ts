import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentVersion } from '../../protocol/consent.ts'
import { fakeLog, fakePower } from '../../test/fakes.ts'
import { fakeDisk, fakeJournal, fakeMemory, fakeSettings } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { controlTracking } from '../tracking/control-tracking.ts'
import { createPowerWatch, savingPower } from './watch-power.ts'

async function start(battery?: { percent: number; discharging: boolean }, threshold = 20) {
  const clock = manualClock()
  const disk = fakeDisk()
  const memory = fakeMemory(disk)
  memory.set('consent', { text_version: consentVersion, at: '2026-11-01T08:00:00.000Z' })
  const ending = new AbortController()
  const control = controlTracking({ clock, journal: fakeJournal(clock, disk), memory }, ending.signal)
  const power = fakePower(battery)
  const settings = fakeSettings({ battery_threshold: threshold })
  const log = fakeLog()
  const watch = createPowerWatch({ power, clock, settings: settings.current, log })
  const saving = savingPower(watch, settings.current)
  const watching = watch.run(control, ending.signal)
  await settle()
  return {
    clock,
    disk,
    control,
    power,
    settings,
    log,
    battery: () => watch.battery.value,
    saving: () => saving.value,
    suspended: () => control.suspension.value !== undefined,
    async end() {
      ending.abort()
      await watching
      assert.equal(clock.sleepers, 0)
    },
  }
}

test('a low battery suspends tracking, says how much is left, and power brings it back within five seconds', async () => {
  const world = await start({ percent: 19, discharging: true })
  assert.deepEqual(world.control.suspension.value, {
    since: '2026-11-22T12:00:00.000Z',
    reason: 'low-battery',
    detail: '19% left, below 20%; resumes when plugged in or at 23%',
  })
  assert.equal(world.control.gate.value, false)

  await world.clock.pass(60_000)
  world.power.set({ percent: 18, discharging: true })
  await world.clock.pass(30_000)
  assert.equal(world.control.suspension.value?.since, '2026-11-22T12:00:00.000Z')
  assert.match(world.control.suspension.value?.detail ?? '', /^18% left/)

  world.power.set({ percent: 18, discharging: false })
  await world.clock.pass(5_000)
  assert.equal(world.control.gate.value, true)
  await world.end()
})

test('a battery that runs down is noticed within half a minute', async () => {
  const world = await start({ percent: 21, discharging: true })
  assert.equal(world.suspended(), false)
  world.power.set({ percent: 19, discharging: true })
  await world.clock.pass(30_000)
  assert.equal(world.suspended(), true)
  await world.end()
})

test('a computer without a battery is never suspended', async () => {
  const world = await start(undefined, 100)
  await world.clock.pass(3_600_000)
  assert.equal(world.suspended(), false)
  await world.end()
})

test('a new threshold counts at once, in both directions', async () => {
  const world = await start({ percent: 50, discharging: true })
  await world.settings.change('battery_threshold', 60)
  await settle()
  assert.equal(world.suspended(), true)
  await world.settings.change('battery_threshold', 0)
  await settle()
  assert.equal(world.suspended(), false)
  await world.end()
})

test('a battery that cannot be read for a moment changes nothing, and is logged once without its message', async () => {
  const world = await start({ percent: 10, discharging: true })
  world.power.fail(new Error('canary'))
  await world.clock.pass(9_000)
  assert.equal(world.suspended(), true)
  assert.deepEqual(world.log.lines, [{ event: 'battery-unreadable', code: 'INTERNAL' }])
  assert.deepEqual(world.battery(), { percent: 10, discharging: true })
  world.power.recover()
  world.power.set({ percent: 80, discharging: false })
  await world.clock.pass(30_000)
  assert.equal(world.suspended(), false)
  await world.end()
})

test('a battery that stays unreadable is a state of its own, and does not suspend tracking', async () => {
  const world = await start({ percent: 10, discharging: true })
  world.power.fail('BATTERY_UNREADABLE')
  await world.clock.pass(90_000)
  assert.equal(world.battery(), 'unreadable')
  assert.equal(world.suspended(), false)
  await world.clock.pass(3_600_000)
  assert.equal(world.suspended(), false)
  assert.equal(world.log.lines.length, 1)
  world.power.recover()
  await world.clock.pass(30_000)
  assert.equal(world.suspended(), true)
  await world.end()
})

test('power is saved while unplugged, unless the person does not want it', async () => {
  const world = await start({ percent: 80, discharging: false })
  assert.equal(world.saving(), false)
  world.power.set({ percent: 80, discharging: true })
  await world.clock.pass(30_000)
  assert.equal(world.saving(), true)
  await world.settings.change('save_on_battery', false)
  assert.equal(world.saving(), false)
  await world.end()
})

test('a full disk does not keep a low battery from suspending', async () => {
  const world = await start({ percent: 50, discharging: true })
  world.disk.fail('DISK_FULL')
  world.power.set({ percent: 10, discharging: true })
  await world.clock.pass(30_000)
  assert.equal(world.suspended(), true)
  assert.equal(world.log.lines[0]?.code, 'DISK_FULL')
  await world.end()
})
