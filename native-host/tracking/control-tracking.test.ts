import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentVersion } from '../../protocol/consent.ts'
import { fakeDisk, fakeJournal, fakeMemory } from '../../test/fakes-storage.ts'
import { handClock, settle } from '../../test/hand-clock.ts'
import { kindsIn, recordsIn } from '../../test/records-in.ts'
import { createSteering, endPauses } from './control-tracking.ts'

const never = new AbortController().signal
const inAnHour = '2026-11-22T13:00:00.000Z'
const lowBattery = { since: '2026-11-22T12:00:00.000Z', reason: 'low-battery', detail: '9 % left' } as const

function createWorld({ agreed = true } = {}) {
  const clock = handClock()
  const disk = fakeDisk()
  const journal = fakeJournal(clock, disk)
  const memory = fakeMemory(disk)
  if (agreed) memory.keep('consent', { text_version: consentVersion, at: '2026-11-01T08:00:00.000Z' })
  const world = {
    clock,
    disk,
    journal,
    memory,
    steering: createSteering({ clock, journal, memory }, never),
    /** The next agent, on what this one stored. */
    restart() {
      world.steering = createSteering({ clock, journal, memory }, never)
    },
    async watching() {
      const ending = new AbortController()
      const watching = endPauses(world.steering, clock, ending.signal)
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

test('nothing may be recorded before somebody agreed', () => {
  const { steering } = createWorld({ agreed: false })
  assert.equal(steering.gate.value, false)
  assert.equal(steering.openSince.value, undefined)
})

test('agreeing opens the gate, and is stored with the version of the text and the time', () => {
  const world = createWorld({ agreed: false })
  world.steering.acknowledge(consentVersion)
  assert.equal(world.steering.gate.value, true)
  assert.equal(world.steering.openSince.value, '2026-11-22T12:00:00.000Z')
  const given = { text_version: consentVersion, at: '2026-11-22T12:00:00.000Z' }
  assert.deepEqual(world.memory.recall('consent'), given)
  assert.deepEqual(
    recordsIn(world.journal).map(record => [record.kind, 'text_version' in record && record.text_version]),
    [['consent.given', consentVersion]],
  )
})

test('agreeing is asked once, also over restarts', () => {
  const world = createWorld({ agreed: false })
  world.steering.acknowledge(consentVersion)
  world.restart()
  assert.equal(world.steering.gate.value, true)
  world.steering.acknowledge(consentVersion)
  assert.deepEqual(kindsIn(world.journal), ['consent.given'])
})

for (const version of [consentVersion - 1, consentVersion + 1])
  test(`an agreement to text ${version} is none to text ${consentVersion}`, () => {
    const world = createWorld({ agreed: false })
    assert.throws(() => world.steering.acknowledge(version), { code: 'CONSENT_NEEDED' })
    world.memory.keep('consent', { text_version: version, at: '2026-11-01T08:00:00.000Z' })
    world.restart()
    assert.equal(world.steering.gate.value, false)
    world.steering.acknowledge(consentVersion)
    assert.equal(world.steering.gate.value, true)
  })

test('an agreement that cannot be stored does not count', () => {
  const world = createWorld({ agreed: false })
  world.disk.fail('DISK_FULL')
  assert.throws(() => world.steering.acknowledge(consentVersion), { code: 'DISK_FULL' })
  assert.equal(world.steering.gate.value, false)
  world.disk.recover()
  world.restart()
  assert.equal(world.steering.gate.value, false)
})

test('a pause closes the gate, survives a restart, and resuming opens it', () => {
  const world = createWorld()
  world.steering.pauseUntil(null)
  assert.equal(world.steering.gate.value, false)
  world.restart()
  assert.deepEqual(world.steering.pause.value, { since: '2026-11-22T12:00:00.000Z', until: null })
  assert.equal(world.steering.gate.value, false)
  world.steering.resume()
  assert.equal(world.steering.gate.value, true)
  world.restart()
  assert.equal(world.steering.gate.value, true)
  assert.deepEqual(kindsIn(world.journal), ['paused', 'resumed'])
})

test('a pause made longer is still the one that began before', async () => {
  const world = createWorld()
  world.steering.pauseUntil(inAnHour)
  await world.clock.pass(60_000)
  world.steering.pauseUntil(null)
  assert.deepEqual(world.steering.pause.value, { since: '2026-11-22T12:00:00.000Z', until: null })
})

test('the records say who paused and who resumed, also when storing it had to wait', () => {
  const world = createWorld()
  world.disk.fail('DISK_FULL')
  assert.throws(() => world.steering.pauseUntil(null, 'firefox 153'), { code: 'DISK_FULL' })
  world.disk.recover()
  world.steering.keepPause()
  world.steering.resume('command line')
  const by = recordsIn(world.journal).map(record => 'by' in record && record.by)
  assert.deepEqual(by, ['firefox 153', 'command line'])
})

test('resuming what is not paused records nothing', () => {
  const world = createWorld()
  world.steering.resume()
  assert.deepEqual(kindsIn(world.journal), [])
})

test('who has not agreed cannot pause', () => {
  const world = createWorld({ agreed: false })
  assert.throws(() => world.steering.pauseUntil(null), { code: 'CONSENT_NEEDED' })
})

test('the gate is already closed when the pause is recorded, and already open when resuming is', () => {
  const world = createWorld()
  const seen: [string, boolean][] = []
  const append = world.journal.append
  world.journal.append = entry => {
    seen.push([entry.kind, world.steering.gate.value])
    return append(entry)
  }
  world.steering.pauseUntil(null)
  world.steering.resume()
  assert.deepEqual(seen, [
    ['paused', false],
    ['resumed', true],
  ])
})

test('a pause takes effect although the disk is full, and whoever asked is told', () => {
  const world = createWorld()
  world.disk.fail('DISK_FULL')
  assert.throws(() => world.steering.pauseUntil(null), { code: 'DISK_FULL' })
  assert.equal(world.steering.gate.value, false)
})

test('a pause that could not be stored is stored as soon as there is room, so that no restart ends it', async () => {
  const world = createWorld()
  const end = await world.watching()
  world.disk.fail('DISK_FULL')
  assert.throws(() => world.steering.pauseUntil(null), { code: 'DISK_FULL' })
  await world.clock.pass(60_000)
  world.disk.recover()
  await world.clock.pass(30_000)
  assert.deepEqual(kindsIn(world.journal), ['paused'])
  await end()
  world.restart()
  assert.equal(world.steering.gate.value, false)
})

test('a pause ends by itself when its time has come', async () => {
  const world = createWorld()
  const end = await world.watching()
  world.steering.pauseUntil(inAnHour)
  await world.clock.pass(3_599_000)
  assert.equal(world.steering.gate.value, false)
  await world.clock.pass(1_000)
  assert.equal(world.steering.gate.value, true)
  assert.equal(world.steering.openSince.value, inAnHour)
  assert.deepEqual(kindsIn(world.journal), ['paused', 'resumed'])
  await end()
})

test('a pause without an end does not end', async () => {
  const world = createWorld()
  const end = await world.watching()
  world.steering.pauseUntil(null)
  await world.clock.pass(86_400_000)
  assert.equal(world.steering.gate.value, false)
  await end()
})

test('a pause whose end was changed ends at the new one', async () => {
  const world = createWorld()
  const end = await world.watching()
  world.steering.pauseUntil(inAnHour)
  await world.clock.pass(60_000)
  world.steering.pauseUntil('2026-11-22T12:05:00.000Z')
  await world.clock.pass(239_000)
  assert.equal(world.steering.gate.value, false)
  await world.clock.pass(1_000)
  assert.equal(world.steering.gate.value, true)
  await end()
})

test('a pause that ended while nothing ran ends at the next start', async () => {
  const world = createWorld()
  world.steering.pauseUntil(inAnHour)
  await world.clock.pass(2 * 3_600_000)
  world.restart()
  assert.equal(world.steering.gate.value, false)
  const end = await world.watching()
  assert.equal(world.steering.gate.value, true)
  await end()
})

test('after sleep a pause ends at most half a minute late', async () => {
  const world = createWorld()
  world.steering.pauseUntil(inAnHour)
  const end = await world.watching()
  world.clock.sleepThrough(3_600_000)
  await world.clock.pass(30_000)
  assert.equal(world.steering.gate.value, true)
  await end()
})

for (const [name, to, shown] of [
  ['forward by a day', '2026-11-23T12:10:00Z', '2026-11-23T13:00:00.000Z'],
  ['forward past its end', '2026-11-22T13:00:01Z', '2026-11-22T13:50:01.000Z'],
  ['back by an hour', '2026-11-22T11:10:00Z', '2026-11-22T12:00:00.000Z'],
] as const)
  test(`a clock set ${name} leaves a pause as long as it was, and shows another end`, async () => {
    const world = createWorld()
    world.steering.pauseUntil(inAnHour)
    const end = await world.watching()
    await world.clock.pass(600_000)
    world.clock.setWall(to)
    // Before anybody has noticed.
    await world.clock.pass(0)
    assert.equal(world.steering.gate.value, false)
    world.steering.followClock()
    assert.equal(world.steering.pause.value?.until, shown)
    await settle()
    assert.equal(world.memory.recall('pause')?.until, shown, 'and after a restart too')
    const left = 50 * 60_000
    await world.clock.pass(left - 1000)
    assert.equal(world.steering.gate.value, false)
    await world.clock.pass(2000)
    assert.equal(world.steering.gate.value, true)
    await end()
  })

test('a pause without an end has none on any clock, and without a pause there is nothing to follow', () => {
  const world = createWorld()
  world.steering.followClock()
  assert.equal(world.steering.pause.value, undefined)
  world.steering.pauseUntil(null)
  world.clock.setWall('2026-11-21T12:00:00Z')
  world.steering.followClock()
  assert.deepEqual(world.steering.pause.value, { since: '2026-11-21T12:00:00.000Z', until: null })
})

test('an end that cannot be stored is none: the pause goes on until it can', async () => {
  const world = createWorld()
  const end = await world.watching()
  world.steering.pauseUntil(inAnHour)
  world.disk.fail('DISK_FULL')
  await world.clock.pass(2 * 3_600_000)
  assert.equal(world.steering.gate.value, false)
  world.disk.recover()
  await world.clock.pass(1_000)
  assert.equal(world.steering.gate.value, true)
  await end()
})

test('a suspension closes the gate and opens it again; both are recorded once', () => {
  const world = createWorld()
  world.steering.suspend(lowBattery)
  world.steering.suspend({ ...lowBattery, since: '2026-11-22T12:01:00.000Z', detail: '8 % left' })
  assert.equal(world.steering.gate.value, false)
  assert.deepEqual(world.steering.suspension.value, { ...lowBattery, detail: '8 % left' })
  world.steering.unsuspend()
  world.steering.unsuspend()
  assert.equal(world.steering.gate.value, true)
  assert.deepEqual(kindsIn(world.journal), ['suspended', 'unsuspended'])
})

test('a suspension takes effect although the disk is full', () => {
  const world = createWorld()
  world.disk.fail('DISK_FULL')
  assert.throws(() => world.steering.suspend(lowBattery), { code: 'DISK_FULL' })
  assert.equal(world.steering.gate.value, false)
})

test('paused and suspended: both have to end', () => {
  const { steering } = createWorld()
  steering.pauseUntil(null)
  steering.suspend(lowBattery)
  steering.resume()
  assert.equal(steering.gate.value, false)
  steering.unsuspend()
  assert.equal(steering.gate.value, true)
})

test('of somebody who has not agreed, not even a low battery is recorded', () => {
  const world = createWorld({ agreed: false })
  world.steering.suspend(lowBattery)
  world.steering.unsuspend()
  assert.deepEqual(kindsIn(world.journal), [])
})
