import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentVersion } from '../../protocol/consent.ts'
import { fakeLog, fakePower } from '../../test/fakes.ts'
import { fakeDisk, fakeJournal, fakeMemory, fakeSettings } from '../../test/fakes-storage.ts'
import { handClock, settle } from '../../test/hand-clock.ts'
import { createSteering } from './steer-tracking.ts'
import { watchPower } from './watch-power.ts'

async function start(battery?: { percent: number; discharging: boolean }, threshold = 20) {
  const clock = handClock()
  const disk = fakeDisk()
  const memory = fakeMemory(disk)
  memory.keep('consent', { text_version: consentVersion, at: '2026-11-01T08:00:00.000Z' })
  const ending = new AbortController()
  const steering = createSteering({ clock, journal: fakeJournal(clock, disk), memory }, ending.signal)
  const power = fakePower(battery)
  const settings = fakeSettings({ battery_threshold: threshold })
  const log = fakeLog()
  const watching = watchPower({ power, clock, settings: settings.current, log }, steering, ending.signal)
  await settle()
  return {
    clock,
    disk,
    steering,
    power,
    settings,
    log,
    suspended: () => steering.suspension.value !== undefined,
    async end() {
      ending.abort()
      await watching
      assert.equal(clock.sleepers, 0)
    },
  }
}

test('a low battery suspends tracking, says how much is left, and power brings it back within half a minute', async () => {
  const world = await start({ percent: 19, discharging: true })
  assert.deepEqual(world.steering.suspension.value, {
    since: '2026-11-22T12:00:00.000Z',
    reason: 'low-battery',
    detail: '19 % left, resumes when it charges',
  })
  assert.equal(world.steering.gate.value, false)

  await world.clock.pass(60_000)
  world.power.set({ percent: 18, discharging: true })
  await world.clock.pass(30_000)
  assert.equal(world.steering.suspension.value?.since, '2026-11-22T12:00:00.000Z')
  assert.match(world.steering.suspension.value?.detail ?? '', /^18 % left/)

  world.power.set({ percent: 18, discharging: false })
  await world.clock.pass(30_000)
  assert.equal(world.steering.gate.value, true)
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

test('a battery that cannot be read changes nothing, is logged without its message, and is read again', async () => {
  const world = await start({ percent: 10, discharging: true })
  world.power.fail(new Error('canary'))
  await world.clock.pass(60_000)
  assert.equal(world.suspended(), true)
  assert.deepEqual(world.log.lines[0], { event: 'power-watch-failed', code: 'INTERNAL' })
  world.power.recover()
  world.power.set({ percent: 80, discharging: false })
  await world.clock.pass(30_000)
  assert.equal(world.suspended(), false)
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
