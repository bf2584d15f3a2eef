import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Settings } from '../../protocol/settings.ts'
import { fakeDestination, fakeLog, fakeNetwork, fakePower } from '../../test/fakes.ts'
import { fakeSettings } from '../../test/fakes-storage.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { createSignal } from '../kernel/signals.ts'
import { createUploadHold } from './hold-uploads.ts'
import type { Destination } from './ports.ts'

const low = { percent: 9, discharging: true }

function createWorld(given: Partial<Settings>, kind: Destination['kind'] = 's3') {
  const clock = manualClock()
  const network = fakeNetwork()
  const power = fakePower()
  const settings = fakeSettings(given)
  const log = fakeLog()
  const destination = createSignal<Destination>(fakeDestination('a place', { kind }))
  let asked = 0
  const counting = <T>(answer: () => Promise<T>) => {
    asked++
    return answer()
  }
  const hold = createUploadHold({
    power: { battery: () => counting(power.battery) },
    network: { ...network, metered: () => counting(network.metered) },
    settings: settings.current,
    destination,
    clock,
    log,
  })
  return {
    clock,
    network,
    power,
    settings,
    log,
    hold,
    destination,
    get asked() {
      return asked
    },
  }
}

test('a metered network holds uploads back if the setting says so, and another network releases them', async () => {
  const world = createWorld({ upload_on_metered: false })
  world.network.become({ metered: true })
  assert.equal(await world.hold(), 'metered')
  world.network.become({ metered: false })
  await world.clock.pass(10_000)
  assert.equal(await world.hold(), undefined)
})

test('a low battery holds uploads back', async () => {
  const world = createWorld({})
  world.power.set(low)
  assert.equal(await world.hold(), 'low-battery')
})

test('a changed setting counts at once', async () => {
  const world = createWorld({ upload_on_metered: false })
  world.network.become({ metered: true })
  assert.equal(await world.hold(), 'metered')
  await world.settings.change('upload_on_metered', true)
  assert.equal(await world.hold(), undefined)
})

test('the system is queried only for settings that need it, and not for every item', async () => {
  const world = createWorld({ upload_on_low_battery: true })
  await world.hold()
  assert.equal(world.asked, 0)
  await world.settings.change('upload_on_metered', false)
  for (let n = 0; n < 100; n++) await world.hold()
  assert.equal(world.asked, 1)
  await world.clock.pass(60_000)
  await world.hold()
  assert.equal(world.asked, 2)
})

test('delivery to a folder queries no network', async () => {
  const world = createWorld({ upload_on_metered: false }, 'folder')
  world.network.become({ metered: true })
  world.power.set(low)
  assert.equal(await world.hold(), undefined)
  assert.equal(world.asked, 0)
})

test('a system that does not answer delays nothing, and is logged', async () => {
  const world = createWorld({})
  world.power.fail('INTERNAL')
  assert.equal(await world.hold(), undefined)
  assert.deepEqual(
    world.log.lines.map(({ event }) => event),
    ['upload-hold-unknown'],
  )
})
