import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Settings } from '../../protocol/settings.ts'
import { fakePresenceSigns } from '../../test/fakes.ts'
import { fakeDisk, fakeJournal, fakeSettings } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { recordsIn } from '../../test/records-in.ts'
import { createCountedInput } from '../input/counted-input.ts'
import { createSignal } from '../kernel/signals.ts'
import { watchPresence } from './watch-presence.ts'

const minute = 60_000

async function start(given: Partial<Settings> = {}, open = true) {
  const clock = manualClock()
  const disk = fakeDisk()
  const journal = fakeJournal(clock, disk)
  const settings = fakeSettings(given)
  const gate = createSignal(open)
  const signs = fakePresenceSigns()
  const counted = createCountedInput()
  const { input, seen, lastEventAt } = counted
  input.value = { kind: 'counting' }
  const watch = watchPresence({ signs, counted, clock, journal, settings: settings.current, gate })
  const ending = new AbortController()
  const running = watch.run(ending.signal)
  await settle()
  return {
    clock,
    disk,
    settings,
    gate,
    signs,
    input,
    kind: () => watch.presence.value.kind,
    source: () => watch.presence.value.source,
    deviceActivity: () => watch.deviceActivity.value?.kind,
    typeKey() {
      lastEventAt.value = clock.monotonicMs()
      seen.value = seen.value + 1
    },
    /** Such as `12:00:00 active by input`, with the moment at which it began. */
    records: () =>
      recordsIn(journal)
        .filter(record => record.kind === 'presence.changed')
        .map(({ presence, from, to, source }) => {
          const clockOf = (instant: string) => instant.slice(11, 19)
          return `${clockOf(from)}${to === undefined ? '' : ` to ${clockOf(to)}`} ${presence} by ${source}`
        }),
    async end() {
      ending.abort()
      await clock.pass(0)
      await running
      assert.equal(clock.sleepers, 0)
      assert.equal(signs.watchers, 0)
    },
  }
}

test('a late report counts from its own time, without waiting for the next check', async () => {
  const world = await start({ idle_after: 15 })
  world.signs.tell({ kind: 'active', source: 'x' })
  await world.clock.pass(21_000)
  assert.equal(world.kind(), 'active')
  world.signs.tell({ kind: 'still', source: 'x', forMs: 13_000 })
  await world.clock.pass(1_000)
  assert.equal(world.kind(), 'active')
  await world.clock.pass(1_000)
  assert.equal(world.kind(), 'idle')
  await world.end()
})

test('a person who types is active, idle after a while, then away, and back at the first key', async () => {
  const world = await start()
  world.typeKey()
  await world.clock.pass(2 * minute)
  assert.equal(world.kind(), 'active')
  await world.clock.pass(1 * minute)
  assert.equal(world.kind(), 'idle')
  await world.clock.pass(12 * minute)
  assert.equal(world.kind(), 'away')
  await world.clock.pass(45 * minute)
  world.typeKey()
  assert.equal(world.kind(), 'active')
  assert.deepEqual(world.records(), [
    '12:00:00 active by input',
    '12:00:00 idle by input',
    '12:00:00 away by input',
    '13:00:00 active by input',
  ])
  await world.end()
})

test('idle and away begin to the second, as the settings say', async () => {
  const world = await start({ idle_after: 17, away_after: 41 })
  const expected: [ms: number, kind: string][] = [
    [16_999, 'active'],
    [1, 'idle'],
    [23_999, 'idle'],
    [1, 'away'],
  ]
  for (const [ms, kind] of expected) {
    await world.clock.pass(ms)
    assert.equal(world.kind(), kind)
  }
  await world.end()
})

test('a new setting counts at once', async () => {
  const world = await start()
  await world.clock.pass(1 * minute)
  await world.settings.change('idle_after', 30)
  await settle()
  assert.equal(world.kind(), 'idle')
  await world.settings.change('idle_after', 120)
  await settle()
  assert.equal(world.kind(), 'active')
  await world.end()
})

test('nothing is read or recorded while recording is not allowed', async () => {
  const world = await start({}, false)
  assert.equal(world.signs.watchers, 0)
  world.gate.value = true
  await settle()
  assert.equal(world.signs.watchers, 1)
  world.gate.value = false
  await settle()
  assert.equal(world.signs.watchers, 0)
  assert.equal(world.kind(), 'unknown')
  world.signs.tell({ kind: 'lock', source: 'logind', locked: true })
  await world.clock.pass(60 * minute)
  assert.deepEqual(world.records(), ['12:00:00 active by input'])
  await world.end()
})

test('a person who resumes after an hour is active', async () => {
  const world = await start()
  world.typeKey()
  world.gate.value = false
  await world.clock.pass(60 * minute)
  world.gate.value = true
  await settle()
  assert.equal(world.kind(), 'active')
  world.signs.tell({ kind: 'still', source: 'x', forMs: 60 * minute })
  assert.equal(world.kind(), 'active')
  await world.end()
})

describe('a locked screen', () => {
  test('is reported at once, even during input, and ends when all its sources report the end', async () => {
    const world = await start()
    world.signs.tell({ kind: 'lock', source: 'logind', locked: true })
    assert.equal(world.kind(), 'locked')
    world.signs.tell({ kind: 'lock', source: 'screensaver', locked: true })
    world.typeKey()
    world.signs.tell({ kind: 'lock', source: 'logind', locked: false })
    assert.equal(world.kind(), 'locked')
    world.signs.tell({ kind: 'lock', source: 'screensaver', locked: false })
    assert.equal(world.kind(), 'active')
    assert.deepEqual(world.records(), [
      '12:00:00 active by input',
      '12:00:00 locked by logind',
      '12:00:00 active by input',
    ])
    await world.end()
  })

  test('does not stay locked when its source is lost', async () => {
    const world = await start()
    world.signs.tell({ kind: 'lock', source: 'screensaver', locked: true })
    world.signs.tell({ kind: 'gone', source: 'screensaver' })
    assert.equal(world.kind(), 'active')
    await world.end()
  })
})

describe('a sleep', () => {
  test('that is announced is recorded with its beginning and its end, once', async () => {
    const world = await start()
    await world.clock.pass(5000)
    world.signs.tell({ kind: 'sleep', source: 'logind', asleep: true })
    assert.equal(world.kind(), 'asleep')
    world.clock.sleepThrough(60 * minute)
    world.signs.tell({ kind: 'sleep', source: 'logind', asleep: false })
    await world.clock.pass(20_000)
    assert.deepEqual(world.records(), [
      '12:00:00 active by input',
      '12:00:05 asleep by logind',
      '13:00:05 active by input',
    ])
    await world.end()
  })

  test('that no source announced is found within ten seconds of waking up', async () => {
    const world = await start()
    world.clock.sleepThrough(30 * minute)
    await world.clock.pass(10_000)
    assert.deepEqual(world.records(), [
      '12:00:00 active by input',
      '12:00:10 to 12:30:10 asleep by clock',
      '12:30:10 active by input',
    ])
    await world.end()
  })

  test('that was announced too late to be read is recorded from when it began', async () => {
    const world = await start()
    world.clock.sleepThrough(30 * minute)
    world.signs.tell({ kind: 'sleep', source: 'logind', asleep: true })
    world.signs.tell({ kind: 'sleep', source: 'logind', asleep: false })
    await world.clock.pass(20_000)
    assert.equal(world.records()[1], '12:00:00 to 12:30:00 asleep by clock')
    assert.equal(world.kind(), 'active')
    await world.end()
  })

  test('is not mistaken for a clock that was set', async () => {
    const world = await start()
    world.clock.setWall('2026-11-23T12:00:00Z')
    await world.clock.pass(20_000)
    assert.equal(world.records().length, 1)
    await world.end()
  })
})

describe('where input cannot be counted', () => {
  const problem = { code: 'INPUT_WAYLAND' } as const

  test('presence is unknown while no other source reports it, never idle', async () => {
    const world = await start()
    world.input.value = { kind: 'unavailable', problem }
    assert.equal(world.kind(), 'unknown')
    await world.clock.pass(60 * minute)
    assert.equal(world.kind(), 'unknown')
    await world.end()
  })

  test('the system reports it: active while devices are used, then idle, then away', async () => {
    const world = await start()
    world.input.value = { kind: 'unavailable', problem }
    world.signs.tell({ kind: 'active', source: 'wayland' })
    await world.clock.pass(60 * minute)
    assert.deepEqual([world.kind(), world.source(), world.deviceActivity()], ['active', 'wayland', 'active'])
    world.signs.tell({ kind: 'still', source: 'wayland', forMs: 1000 })
    await world.clock.pass(3 * minute - 1001)
    assert.equal(world.kind(), 'active')
    await world.clock.pass(1)
    assert.equal(world.kind(), 'idle')
    await world.clock.pass(12 * minute)
    assert.equal(world.kind(), 'away')
    world.signs.tell({ kind: 'active', source: 'wayland' })
    assert.equal(world.kind(), 'active')
    world.signs.tell({ kind: 'gone', source: 'wayland' })
    assert.equal(world.kind(), 'unknown')
    await world.end()
  })
})

test('device activity counts as much as counted input', async () => {
  const world = await start()
  await world.clock.pass(2 * minute)
  world.signs.tell({ kind: 'active', source: 'x' })
  world.signs.tell({ kind: 'still', source: 'x', forMs: 0 })
  await world.clock.pass(2 * minute)
  assert.equal(world.kind(), 'active')
  await world.end()
})

describe('a call or a video', () => {
  test('counts as presence when the setting says so, and is looked for only without other activity', async () => {
    const world = await start({ count_media: true })
    world.signs.keepAwake(true)
    await world.clock.pass(2 * minute)
    assert.equal(world.signs.questions, 0)
    await world.clock.pass(58 * minute)
    assert.deepEqual([world.kind(), world.source()], ['active', 'media'])
    assert.ok(world.signs.questions <= 2 * 58, `${world.signs.questions} questions`)
    world.signs.keepAwake(false)
    await world.clock.pass(30_000)
    assert.equal(world.kind(), 'away')
    assert.deepEqual(world.records(), [
      '12:00:00 active by input',
      '12:03:00 active by media',
      '12:00:00 away by input',
    ])
    await world.end()
  })

  test('does not count, and is not looked for, without the setting', async () => {
    const world = await start()
    world.signs.keepAwake(true)
    await world.clock.pass(5 * minute)
    assert.equal(world.kind(), 'idle')
    assert.equal(world.signs.questions, 0)
    await world.end()
  })

  test('does not unlock the screen', async () => {
    const world = await start({ count_media: true })
    world.signs.keepAwake(true)
    world.signs.tell({ kind: 'lock', source: 'logind', locked: true })
    await world.clock.pass(5 * minute)
    assert.equal(world.kind(), 'locked')
    await world.end()
  })
})

test('a full disk does not change presence, and waiting records are stored when there is room', async () => {
  const world = await start()
  world.disk.fail('DISK_FULL')
  world.signs.tell({ kind: 'lock', source: 'logind', locked: true })
  world.signs.tell({ kind: 'lock', source: 'logind', locked: false })
  assert.equal(world.kind(), 'active')
  assert.equal(world.records().length, 1)
  world.disk.recover()
  await world.clock.pass(10_000)
  assert.deepEqual(world.records().slice(1), ['12:00:00 locked by logind', '12:00:00 active by input'])
  await world.end()
})
