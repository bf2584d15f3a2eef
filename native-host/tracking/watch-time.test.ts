import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeLog } from '../../test/fakes.ts'
import { fakeDisk, fakeJournal, fakeMemory } from '../../test/fakes-storage.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { recordsIn } from '../../test/records-in.ts'
import { createSignal } from '../kernel/signals.ts'
import { createTimeWatch } from './watch-time.ts'

const hour = 3_600_000

function createWorld({ agreed = true } = {}) {
  const clock = manualClock('2026-10-24T22:00:00Z', 'Europe/Berlin')
  const disk = fakeDisk()
  const journal = fakeJournal(clock, disk)
  const memory = fakeMemory(disk)
  const consent = createSignal(agreed ? 'given' : undefined)
  const gate = createSignal(agreed)
  const log = fakeLog()
  const set: number[] = []
  const ending = new AbortController()
  const onClockSet = (byMs: number) => set.push(byMs)
  const start = () => {
    const watch = createTimeWatch({ clock, journal, memory, consent, gate, log, onClockSet })
    return { ...watch, running: watch.run(ending.signal) }
  }
  return {
    clock,
    disk,
    journal,
    memory,
    consent,
    gate,
    log,
    /** Reports about the clock as soon as it is known. */
    set,
    start,
    /** What was written, without its place in the chain. */
    written: () =>
      recordsIn(journal).map(record =>
        record.kind === 'clock.changed'
          ? record.by_ms
          : record.kind === 'zone.changed'
            ? `${record.from.zone} ${record.from.offset} → ${record.to.zone} ${record.to.offset}`
            : record.kind,
      ),
    [Symbol.dispose]: () => ending.abort(),
  }
}

test('the end of summer time writes nothing: the offset changes, and neither the zone nor the clock does', async () => {
  using world = createWorld()
  world.clock.setWall('2026-10-25T00:59:30Z')
  world.start()
  await world.clock.pass(60_000)
  assert.deepEqual(world.written(), [])
})

test('a changed zone is written within two seconds, with both zones and offsets, in the new one', async () => {
  using world = createWorld()
  const { lastChange } = world.start()
  await world.clock.pass(1000)
  world.clock.setZone('Asia/Kathmandu')
  await world.clock.pass(2000)
  assert.deepEqual(world.written(), ['Europe/Berlin +02:00 → Asia/Kathmandu +05:45'])
  const [record] = recordsIn(world.journal)
  assert.deepEqual([record?.zone, record?.offset], ['Asia/Kathmandu', '+05:45'])
  assert.deepEqual(lastChange.value, {
    kind: 'zone',
    at: record?.at,
    from: 'Europe/Berlin',
    to: 'Asia/Kathmandu',
  })
})

test('a zone that changed while no tracker ran is written at the next start', async () => {
  using world = createWorld()
  world.memory.set('zone', 'America/New_York')
  world.start()
  await world.clock.pass(1000)
  assert.deepEqual(world.written(), ['America/New_York -04:00 → Europe/Berlin +02:00'])
})

test('a zone that changes during a pause is not written before the pause has ended', async () => {
  using world = createWorld()
  world.start()
  await world.clock.pass(1000)
  world.gate.value = false
  world.clock.setZone('Asia/Tokyo')
  await world.clock.pass(10_000)
  assert.deepEqual(world.written(), [])
  world.gate.value = true
  await world.clock.pass(2000)
  assert.deepEqual(world.written(), ['Europe/Berlin +02:00 → Asia/Tokyo +09:00'])
})

test('the zone in which recording began is known from its first moment on', async () => {
  using world = createWorld({ agreed: false })
  world.start()
  await world.clock.pass(500)
  world.consent.value = 'given'
  await world.clock.pass(0)
  world.clock.setZone('Asia/Tokyo')
  world.gate.value = true
  await world.clock.pass(2000)
  assert.deepEqual(world.written(), ['Europe/Berlin +02:00 → Asia/Tokyo +09:00'])
})

test('a zone that changes between the first record and the first look is a change', async () => {
  using world = createWorld()
  world.journal.append({ kind: 'consent.given', text_version: 1 })
  world.clock.setZone('Asia/Tokyo')
  world.start()
  await world.clock.pass(0)
  assert.deepEqual(world.written(), ['consent.given', 'Europe/Berlin +02:00 → Asia/Tokyo +09:00'])
})

test('the same when the disk is full at that moment', async () => {
  using world = createWorld()
  world.disk.fail('DISK_FULL')
  world.clock.setZone('Asia/Tokyo')
  world.start()
  await world.clock.pass(2000)
  world.disk.recover()
  await world.clock.pass(2000)
  assert.deepEqual(world.written(), ['Europe/Berlin +02:00 → Asia/Tokyo +09:00'])
})

test('a zone that changes and changes back during a pause is not written', async () => {
  using world = createWorld()
  world.start()
  await world.clock.pass(1000)
  world.gate.value = false
  world.clock.setZone('Asia/Tokyo')
  await world.clock.pass(2000)
  world.clock.setZone('Europe/Berlin')
  await world.clock.pass(2000)
  world.gate.value = true
  await world.clock.pass(2000)
  assert.deepEqual(world.written(), [])
})

const settings: [name: string, to: string, by: number][] = [
  ['forward by an hour', '2026-10-24T23:00:05Z', hour],
  ['back by an hour', '2026-10-24T21:00:05Z', -hour],
  ['forward by a day', '2026-10-25T22:00:05Z', 24 * hour],
  ['back by a day', '2026-10-23T22:00:05Z', -24 * hour],
  ['to 29 February', '2028-02-29T22:00:05Z', Date.parse('2028-02-29') - Date.parse('2026-10-24')],
]
for (const [name, to, by] of settings)
  test(`a clock set ${name} is reported at once and written once`, async () => {
    using world = createWorld()
    const { lastChange } = world.start()
    await world.clock.pass(5000)
    world.clock.setWall(to)
    await world.clock.pass(10_000)
    assert.deepEqual(world.set, [by])
    assert.deepEqual(world.written(), [by])
    assert.equal(lastChange.value?.kind === 'clock' && lastChange.value.by_ms, by)
  })

test('sleep is not mistaken for a clock that was set', async () => {
  using world = createWorld()
  world.start()
  await world.clock.pass(1000)
  world.clock.sleepThrough(8 * hour)
  await world.clock.pass(5000)
  assert.deepEqual(world.set, [])
  assert.deepEqual(world.written(), [])
})

test('while the disk is full changes of the clock are followed, and written as one when it has room', async () => {
  using world = createWorld()
  world.start()
  await world.clock.pass(1000)
  world.disk.fail('DISK_FULL')
  world.clock.setWall('2026-10-25T22:00:01Z')
  await world.clock.pass(3000)
  world.clock.setWall('2026-10-25T21:00:04Z')
  await world.clock.pass(3000)
  assert.deepEqual(world.set, [24 * hour, -hour])
  assert.deepEqual(world.written(), [])
  assert.deepEqual(
    world.log.lines.map(({ code }) => code),
    ['DISK_FULL'],
    'said once',
  )
  world.disk.recover()
  await world.clock.pass(2000)
  assert.deepEqual(world.written(), [23 * hour])
})

test('before consent nothing is written, and afterwards nothing about the time before', async () => {
  using world = createWorld({ agreed: false })
  const { lastChange } = world.start()
  await world.clock.pass(1000)
  world.clock.setZone('Asia/Tokyo')
  world.clock.setWall('2026-10-25T22:00:01Z')
  await world.clock.pass(2000)
  assert.deepEqual(world.set, [24 * hour], 'a pause has to follow the clock all the same')
  assert.ok(lastChange.value)
  world.consent.value = 'given'
  world.gate.value = true
  await world.clock.pass(2000)
  assert.deepEqual(world.written(), [])
  assert.equal(world.memory.get('zone'), 'Asia/Tokyo')
})

test('the watch ends with its signal', async () => {
  const world = createWorld()
  const { running } = world.start()
  await world.clock.pass(1000)
  world[Symbol.dispose]()
  await running
  assert.equal(world.clock.sleepers, 0)
})
