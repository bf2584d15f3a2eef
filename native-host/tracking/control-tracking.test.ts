import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentVersion } from '../../protocol/consent.ts'
import { fakeDisk, fakeJournal, fakeMemory } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { kindsIn, recordsIn } from '../../test/records-in.ts'
import { controlTracking, endPauses } from './control-tracking.ts'

const never = new AbortController().signal
const inAnHour = '2026-11-22T13:00:00.000Z'
const lowBattery = { since: '2026-11-22T12:00:00.000Z', reason: 'low-battery', detail: '9 % left' } as const

function createWorld({ agreed = true } = {}) {
  const clock = manualClock()
  const disk = fakeDisk()
  const journal = fakeJournal(clock, disk)
  const memory = fakeMemory(disk)
  if (agreed) memory.set('consent', { text_version: consentVersion, at: '2026-11-01T08:00:00.000Z' })
  const world = {
    clock,
    disk,
    journal,
    memory,
    control: controlTracking({ clock, journal, memory }, never),
    /** The next agent, on what this one stored. */
    restart() {
      world.control = controlTracking({ clock, journal, memory }, never)
    },
    async watching() {
      const ending = new AbortController()
      const watching = endPauses(world.control, clock, ending.signal)
      await settle()
      return async () => {
        ending.abort()
        await watching
        assert.equal(clock.sleepers, 0)
      }
    },
  }
  return world
}

test('nothing may be recorded before consent', () => {
  const { control } = createWorld({ agreed: false })
  assert.equal(control.gate.value, false)
  assert.equal(control.openSince.value, undefined)
})

test('agreeing opens the gate, and is stored with the version of the text and the time', () => {
  const world = createWorld({ agreed: false })
  world.control.acknowledge(consentVersion)
  assert.equal(world.control.gate.value, true)
  assert.equal(world.control.openSince.value, '2026-11-22T12:00:00.000Z')
  const given = { text_version: consentVersion, at: '2026-11-22T12:00:00.000Z' }
  assert.deepEqual(world.memory.get('consent'), given)
  assert.deepEqual(
    recordsIn(world.journal).map(record => [record.kind, 'text_version' in record && record.text_version]),
    [['consent.given', consentVersion]],
  )
})

test('agreeing is asked once, also over restarts', () => {
  const world = createWorld({ agreed: false })
  world.control.acknowledge(consentVersion)
  world.restart()
  assert.equal(world.control.gate.value, true)
  world.control.acknowledge(consentVersion)
  assert.deepEqual(kindsIn(world.journal), ['consent.given'])
})

for (const version of [consentVersion - 1, consentVersion + 1])
  test(`an agreement to text ${version} is none to text ${consentVersion}`, () => {
    const world = createWorld({ agreed: false })
    assert.throws(() => world.control.acknowledge(version), { code: 'CONSENT_NEEDED' })
    world.memory.set('consent', { text_version: version, at: '2026-11-01T08:00:00.000Z' })
    world.restart()
    assert.equal(world.control.gate.value, false)
    world.control.acknowledge(consentVersion)
    assert.equal(world.control.gate.value, true)
  })

test('an agreement that cannot be stored does not count', () => {
  const world = createWorld({ agreed: false })
  world.disk.fail('DISK_FULL')
  assert.throws(() => world.control.acknowledge(consentVersion), { code: 'DISK_FULL' })
  assert.equal(world.control.gate.value, false)
  world.disk.recover()
  world.restart()
  assert.equal(world.control.gate.value, false)
})

test('a pause closes the gate, survives a restart, and resuming opens it', () => {
  const world = createWorld()
  world.control.pauseUntil(null)
  assert.equal(world.control.gate.value, false)
  world.restart()
  assert.deepEqual(world.control.pause.value, { since: '2026-11-22T12:00:00.000Z', until: null })
  assert.equal(world.control.gate.value, false)
  world.control.resume()
  assert.equal(world.control.gate.value, true)
  world.restart()
  assert.equal(world.control.gate.value, true)
  assert.deepEqual(kindsIn(world.journal), ['paused', 'resumed'])
})

test('a pause made longer is still the one that began before', async () => {
  const world = createWorld()
  world.control.pauseUntil(inAnHour)
  await world.clock.pass(60_000)
  world.control.pauseUntil(null)
  assert.deepEqual(world.control.pause.value, { since: '2026-11-22T12:00:00.000Z', until: null })
})

test('the records say who paused and who resumed, also when storing it had to wait', () => {
  const world = createWorld()
  world.disk.fail('DISK_FULL')
  assert.throws(() => world.control.pauseUntil(null, 'firefox 153'), { code: 'DISK_FULL' })
  world.disk.recover()
  world.control.keepPause()
  world.control.resume('command line')
  const by = recordsIn(world.journal).map(record => 'by' in record && record.by)
  assert.deepEqual(by, ['firefox 153', 'command line'])
})

test('resuming what is not paused records nothing', () => {
  const world = createWorld()
  world.control.resume()
  assert.deepEqual(kindsIn(world.journal), [])
})

test('without consent there is no pause', () => {
  const world = createWorld({ agreed: false })
  assert.throws(() => world.control.pauseUntil(null), { code: 'CONSENT_NEEDED' })
})

test('the gate is already closed when the pause is recorded, and already open when resuming is', () => {
  const world = createWorld()
  const seen: [string, boolean][] = []
  const append = world.journal.append
  world.journal.append = entry => {
    seen.push([entry.kind, world.control.gate.value])
    return append(entry)
  }
  world.control.pauseUntil(null)
  world.control.resume()
  assert.deepEqual(seen, [
    ['paused', false],
    ['resumed', true],
  ])
})

test('a pause takes effect although the disk is full, and the caller gets the error', () => {
  const world = createWorld()
  world.disk.fail('DISK_FULL')
  assert.throws(() => world.control.pauseUntil(null), { code: 'DISK_FULL' })
  assert.equal(world.control.gate.value, false)
})

test('a pause that could not be stored is stored as soon as there is room, so that no restart ends it', async () => {
  const world = createWorld()
  const end = await world.watching()
  world.disk.fail('DISK_FULL')
  assert.throws(() => world.control.pauseUntil(null), { code: 'DISK_FULL' })
  await world.clock.pass(60_000)
  world.disk.recover()
  await world.clock.pass(30_000)
  assert.deepEqual(kindsIn(world.journal), ['paused'])
  await end()
  world.restart()
  assert.equal(world.control.gate.value, false)
})

test('a pause ends by itself when its time has come', async () => {
  const world = createWorld()
  const end = await world.watching()
  world.control.pauseUntil(inAnHour)
  await world.clock.pass(3_599_000)
  assert.equal(world.control.gate.value, false)
  await world.clock.pass(1_000)
  assert.equal(world.control.gate.value, true)
  assert.equal(world.control.openSince.value, inAnHour)
  assert.deepEqual(kindsIn(world.journal), ['paused', 'resumed'])
  await end()
})

test('a pause without an end does not end', async () => {
  const world = createWorld()
  const end = await world.watching()
  world.control.pauseUntil(null)
  await world.clock.pass(86_400_000)
  assert.equal(world.control.gate.value, false)
  await end()
})

test('a pause whose end was changed ends at the new one', async () => {
  const world = createWorld()
  const end = await world.watching()
  world.control.pauseUntil(inAnHour)
  await world.clock.pass(60_000)
  world.control.pauseUntil('2026-11-22T12:05:00.000Z')
  await world.clock.pass(239_000)
  assert.equal(world.control.gate.value, false)
  await world.clock.pass(1_000)
  assert.equal(world.control.gate.value, true)
  await end()
})

test('a pause that ended while nothing ran ends at the next start', async () => {
  const world = createWorld()
  world.control.pauseUntil(inAnHour)
  await world.clock.pass(2 * 3_600_000)
  world.restart()
  assert.equal(world.control.gate.value, false)
  const end = await world.watching()
  assert.equal(world.control.gate.value, true)
  await end()
})

test('after sleep a pause ends at most half a minute late', async () => {
  const world = createWorld()
  world.control.pauseUntil(inAnHour)
  const end = await world.watching()
  world.clock.sleepThrough(3_600_000)
  await world.clock.pass(30_000)
  assert.equal(world.control.gate.value, true)
  await end()
})

for (const [name, to, shown] of [
  ['forward by a day', '2026-11-23T12:10:00Z', '2026-11-23T13:00:00.000Z'],
  ['forward past its end', '2026-11-22T13:00:01Z', '2026-11-22T13:50:01.000Z'],
  ['back by an hour', '2026-11-22T11:10:00Z', '2026-11-22T12:00:00.000Z'],
] as const)
  test(`a clock set ${name} leaves a pause as long as it was, and shows another end`, async () => {
    const world = createWorld()
    world.control.pauseUntil(inAnHour)
    const end = await world.watching()
    await world.clock.pass(600_000)
    world.clock.setWall(to)
    // Before the change is noticed.
    await world.clock.pass(0)
    assert.equal(world.control.gate.value, false)
    world.control.followClock()
    assert.equal(world.control.pause.value?.until, shown)
    await settle()
    assert.equal(world.memory.get('pause')?.until, shown, 'and after a restart too')
    const left = 50 * 60_000
    await world.clock.pass(left - 1000)
    assert.equal(world.control.gate.value, false)
    await world.clock.pass(2000)
    assert.equal(world.control.gate.value, true)
    await end()
  })

test('a pause without an end has none on any clock, and without a pause there is nothing to follow', () => {
  const world = createWorld()
  world.control.followClock()
  assert.equal(world.control.pause.value, undefined)
  world.control.pauseUntil(null)
  world.clock.setWall('2026-11-21T12:00:00Z')
  world.control.followClock()
  assert.deepEqual(world.control.pause.value, { since: '2026-11-21T12:00:00.000Z', until: null })
})

test('a resume that cannot be stored does not count: the pause goes on until it can', async () => {
  const world = createWorld()
  const end = await world.watching()
  world.control.pauseUntil(inAnHour)
  world.disk.fail('DISK_FULL')
  await world.clock.pass(2 * 3_600_000)
  assert.equal(world.control.gate.value, false)
  world.disk.recover()
  await world.clock.pass(1_000)
  assert.equal(world.control.gate.value, true)
  await end()
})

test('a suspension closes the gate and opens it again; both are recorded once', () => {
  const world = createWorld()
  world.control.suspend(lowBattery)
  world.control.suspend({ ...lowBattery, since: '2026-11-22T12:01:00.000Z', detail: '8 % left' })
  assert.equal(world.control.gate.value, false)
  assert.deepEqual(world.control.suspension.value, { ...lowBattery, detail: '8 % left' })
  world.control.unsuspend()
  world.control.unsuspend()
  assert.equal(world.control.gate.value, true)
  assert.deepEqual(kindsIn(world.journal), ['suspended', 'unsuspended'])
})

test('a suspension takes effect although the disk is full', () => {
  const world = createWorld()
  world.disk.fail('DISK_FULL')
  assert.throws(() => world.control.suspend(lowBattery), { code: 'DISK_FULL' })
  assert.equal(world.control.gate.value, false)
})

test('paused and suspended: both have to end', () => {
  const { control } = createWorld()
  control.pauseUntil(null)
  control.suspend(lowBattery)
  control.resume()
  assert.equal(control.gate.value, false)
  control.unsuspend()
  assert.equal(control.gate.value, true)
})

test('without consent not even a low battery is recorded', () => {
  const world = createWorld({ agreed: false })
  world.control.suspend(lowBattery)
  world.control.unsuspend()
  assert.deepEqual(kindsIn(world.journal), [])
})
