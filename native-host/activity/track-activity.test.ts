import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Settings } from '../../protocol/settings.ts'
import { fakeInput } from '../../test/fakes.ts'
import { fakeDisk, fakeJournal, fakeSettings, fakeUnstored } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { intervalsIn, kindsIn, recordsIn } from '../../test/records-in.ts'
import { createCountedInput } from '../input/counted-input.ts'
import type { InputEvent } from '../input/input-event.ts'
import type { InputDevice } from '../input/input-sources.ts'
import { addCounts, countsIn, noCounts } from '../input/input-window.ts'
import { createSignal, watch } from '../kernel/signals.ts'
import type { Presence } from '../presence/presence.ts'
import type { DeviceActivity } from '../presence/presence-sources.ts'
import { trackActivity } from './track-activity.ts'

async function start(given: Partial<Settings> = {}, open = true, startAt = '2026-11-22T12:00:00Z') {
  const clock = manualClock(startAt)
  const disk = fakeDisk()
  const journal = fakeJournal(clock, disk)
  const settings = fakeSettings(given)
  const unstored = fakeUnstored(() => intervalsIn(journal).length)
  const gate = createSignal(open)
  const input = fakeInput()
  const presence = createSignal<Presence>({ kind: 'active', since: startAt, source: 'input' })
  const deviceActivity = createSignal<DeviceActivity | undefined>(undefined)
  const activity = trackActivity({
    input,
    clock,
    journal,
    unstored,
    settings: settings.current,
    gate,
    presence,
    deviceActivity,
    counted: createCountedInput(),
  })
  const ending = new AbortController()
  const running = activity.run(ending.signal)
  await settle()
  return {
    clock,
    disk,
    journal,
    unstored,
    settings,
    gate,
    input,
    presence,
    deviceActivity,
    activity,
    keys(count: number) {
      for (let n = 0; n < count; n++) input.happen({ kind: 'key-down', at: clock.monotonicMs(), slot: 0 })
    },
    moves(...xs: number[]) {
      input.happen(...xs.map((x): InputEvent => ({ kind: 'move', at: clock.monotonicMs(), x, y: 0 })))
    },
    /** A pointer that is put somewhere else again and again, `px` away each time, in no rhythm and to no pattern. */
    jumps(px: number, count = 30) {
      const from = clock.monotonicMs()
      input.happen(
        ...Array.from(
          { length: count + 1 },
          (_, n): InputEvent => ({
            kind: 'move',
            at: from + 280 * n + ((n * 37) % 20),
            x: n % 2 ? px : 0,
            y: (n * n * 53) % 390,
          }),
        ),
      )
    },
    async end() {
      ending.abort()
      await clock.pass(0)
      await running
    },
  }
}

type World = Awaited<ReturnType<typeof start>>

test('the input source is not started before recording is allowed', async () => {
  const world = await start({}, false)
  await world.clock.pass(60_000)
  assert.equal(world.input.listens, 0)
  assert.deepEqual(recordsIn(world.journal), [])
  world.gate.value = true
  await settle()
  assert.equal(world.input.listening, true)
  await world.end()
})

test('every ten seconds of the wall clock become a record', async () => {
  const world = await start({}, true, '2026-11-22T12:00:04Z')
  await world.clock.pass(26_000)
  assert.deepEqual(
    intervalsIn(world.journal).map(({ from, length_ms }) => [from, length_ms]),
    [
      ['2026-11-22T12:00:04.000Z', 6_000],
      ['2026-11-22T12:00:10.000Z', 10_000],
      ['2026-11-22T12:00:20.000Z', 10_000],
    ],
  )
  await world.end()
})

test('the record of an interval holds its counts', async () => {
  const world = await start()
  world.keys(3)
  await world.clock.pass(2_500)
  world.keys(1)
  world.input.happen({ kind: 'button-down', at: world.clock.monotonicMs(), button: 1, x: 0, y: 0 })
  await world.clock.pass(7_500)
  const [interval] = intervalsIn(world.journal)
  assert.deepEqual(interval && countsIn(interval), { ...noCounts, keys: 4, clicks: 1, active_seconds: 2 })
  assert.equal(interval?.activity, '1010000000')
  assert.equal(interval?.presence, 'active')
  assert.equal(interval?.genuineness.verdict, 'genuine')
  assert.equal(interval?.trusted, undefined)
  await world.end()
})

test('a batch without events does not move the time of the last event', async () => {
  const world = await start()
  world.keys(1)
  const at = world.activity.lastEventAt.value
  assert.equal(at, world.clock.monotonicMs())
  await world.clock.pass(12_000)
  world.input.happen()
  assert.equal(world.activity.lastEventAt.value, at)
  await world.end()
})

test('a timer that rings a millisecond early does not make an interval of a millisecond', async () => {
  const world = await start()
  const sleep = world.clock.sleep
  world.clock.sleep = (ms, signal) => sleep(ms > 5 ? ms - 1 : ms, signal)
  await world.clock.pass(60_000)
  assert.deepEqual(
    intervalsIn(world.journal).map(({ length_ms }) => length_ms),
    [10_000, 10_000, 10_000, 10_000, 10_000, 10_000],
  )
  await world.end()
})

test('no event is lost and none counts twice, whenever it happens', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 7_000 }), fc.integer({ min: 1, max: 4 })), {
        maxLength: 12,
      }),
      async bursts => {
        const world = await start()
        let typed = 0
        for (const [afterMs, count] of bursts) {
          await world.clock.pass(afterMs)
          world.keys(count)
          typed += count
          assert.equal(storedKeys(world) + world.activity.unsaved().keys, typed)
        }
        await world.end()
        assert.equal(storedKeys(world), typed)
      },
    ),
    { numRuns: 50 },
  )
})

/** A key in ten seconds, not by the clock. */
async function pressInTen(world: Awaited<ReturnType<typeof start>>, n: number): Promise<void> {
  const afterMs = 900 * ((n * n) % 7)
  await world.clock.pass(afterMs)
  world.keys(1)
  await world.clock.pass(10_000 - afterMs)
}

function storedKeys(world: Awaited<ReturnType<typeof start>>): number {
  return intervalsIn(world.journal).reduce((sum, interval) => sum + interval.keys, 0)
}

test('counts are live: every batch is shown before it is stored', async () => {
  const world = await start()
  const before = world.activity.seen.value
  world.keys(5)
  assert.equal(world.activity.unsaved().keys, 5)
  assert.notEqual(world.activity.seen.value, before)
  await world.clock.pass(10_000)
  assert.equal(world.activity.unsaved().keys, 0)
  await world.end()
})

test('a pause stops listening and stores the interval that had begun', async () => {
  const world = await start()
  world.keys(2)
  await world.clock.pass(4_000)
  world.gate.value = false
  await world.clock.pass(0)
  assert.equal(world.input.listening, false)
  assert.deepEqual(world.activity.input.value, { kind: 'off' })
  const [interval] = intervalsIn(world.journal)
  assert.equal(interval?.keys, 2)
  assert.equal(interval?.length_ms, 4_000)
  assert.equal(interval?.presence, 'active')

  world.keys(7)
  await world.clock.pass(60_000)
  assert.equal(intervalsIn(world.journal).length, 1)
  await world.end()
})

test('a pause stores the counts at once, and those of events still in transit when the input has ended', async () => {
  const world = await start()
  world.keys(2)
  world.input.happenLate({ kind: 'key-down', at: world.clock.monotonicMs() + 3_900, slot: 0 })
  await world.clock.pass(4_000)
  world.gate.value = false
  await new Promise<void>(resolve => process.nextTick(resolve))
  assert.equal(world.input.listening, true)
  assert.deepEqual(
    intervalsIn(world.journal).map(({ keys, length_ms }) => [keys, length_ms]),
    [[2, 4_000]],
  )
  assert.equal(world.activity.unsaved().keys, 0)

  await world.clock.pass(0)
  assert.equal(world.input.listening, false)
  assert.deepEqual(
    intervalsIn(world.journal).map(({ keys, active_seconds }) => [keys, active_seconds]),
    [
      [2, 1],
      [1, 1],
    ],
  )
  await world.end()
})

test('what is done after a pause began is not counted, though the input ends a moment later', async () => {
  const world = await start()
  world.keys(2)
  await world.clock.pass(4_000)
  const heard: InputEvent[] = []
  world.activity.recordings.value = new Set([events => void heard.push(...events)])
  const late = (afterMs: number): InputEvent => ({
    kind: 'key-down',
    at: world.clock.monotonicMs() + afterMs,
    slot: 0,
  })
  world.input.happenLate(late(-100), late(1), late(400))
  world.gate.value = false
  await world.clock.pass(0)
  assert.deepEqual(
    intervalsIn(world.journal).map(({ keys }) => keys),
    [2, 1],
  )
  assert.equal(heard.length, 1)
  await world.end()
})

test('after a pause counting begins anew; the pause is in no interval', async () => {
  const world = await start()
  await world.clock.pass(4_000)
  world.gate.value = false
  await world.clock.pass(3_600_000)
  world.gate.value = true
  await world.clock.pass(0)
  world.keys(1)
  await world.clock.pass(10_000)
  const last = intervalsIn(world.journal).at(-1)
  assert.equal(last?.from, '2026-11-22T13:00:04.000Z')
  assert.equal(last?.keys, 1)
  await world.end()
})

test('the distance that the pointer moves during a pause is not recorded', async () => {
  const world = await start()
  world.moves(0, 100)
  world.gate.value = false
  await world.clock.pass(1_000)
  world.gate.value = true
  await world.clock.pass(0)
  world.moves(1900, 1910)
  await world.clock.pass(20_000)
  assert.deepEqual(
    intervalsIn(world.journal)
      .map(({ distance_px }) => distance_px)
      .filter(px => px > 0),
    [100, 10],
  )
  await world.end()
})

test('pausing and resuming at once loses nothing', async () => {
  const world = await start()
  world.keys(2)
  world.gate.value = false
  world.gate.value = true
  await world.clock.pass(0)
  world.keys(3)
  await world.clock.pass(10_000)
  assert.equal(storedKeys(world), 5)
  await world.end()
})

test('the end stores the interval that had begun', async () => {
  const world = await start()
  world.keys(2)
  await world.clock.pass(3_000)
  await world.end()
  assert.deepEqual(
    intervalsIn(world.journal).map(({ keys, length_ms }) => [keys, length_ms]),
    [[2, 3_000]],
  )
  assert.equal(world.clock.sleepers, 0)
})

test('while the disk is full counts wait, the status shows it, and they are stored when there is room', async () => {
  const world = await start()
  world.disk.fail('DISK_FULL')
  for (let n = 0; n < 3; n++) {
    world.keys(1)
    await world.clock.pass(10_000)
  }
  assert.equal(world.activity.storeProblem.value?.code, 'DISK_FULL')
  assert.equal(world.activity.unsaved().keys, 3)
  assert.equal(world.activity.lastInterval.value, undefined)

  world.disk.recover()
  await world.clock.pass(2_000)
  assert.equal(world.activity.storeProblem.value, undefined)
  assert.deepEqual(
    intervalsIn(world.journal).map(({ from, keys }) => [from, keys]),
    [
      ['2026-11-22T12:00:00.000Z', 1],
      ['2026-11-22T12:00:10.000Z', 1],
      ['2026-11-22T12:00:20.000Z', 1],
    ],
  )
  await world.end()
})

test('a disk that has room again during a pause is used at once', async () => {
  const world = await start()
  world.disk.fail('DISK_FULL')
  world.keys(4)
  await world.clock.pass(1_000)
  world.gate.value = false
  await world.clock.pass(10_000)
  world.disk.recover()
  await world.clock.pass(2_000)
  assert.equal(world.activity.storeProblem.value, undefined)
  assert.equal(storedKeys(world), 4)
  await world.end()
})

test('hours on a full disk: every count is kept, in intervals that stay correct', async () => {
  const world = await start({ scripted_input: 'discard' })
  world.disk.fail('DISK_FULL')
  const tens = 400
  for (let n = 0; n < tens; n++) {
    // Input that looks scripted is set aside, and other input is counted.
    if (n % 20 < 10) world.jumps(900)
    await pressInTen(world, n)
  }
  world.disk.recover()
  await world.clock.pass(10_000)

  const intervals = intervalsIn(world.journal)
  assert.ok(intervals.length < tens)
  const kept = intervals.map(countsIn).reduce(addCounts, noCounts)
  const aside = intervals.map(interval => interval.discarded ?? noCounts).reduce(addCounts, noCounts)
  assert.equal(kept.keys + aside.keys, tens)
  assert.ok(kept.keys > 0 && aside.keys > 0)
  assert.equal(
    intervals.reduce((sum, interval) => sum + interval.length_ms, 0),
    (tens + 1) * 10_000,
  )
  for (const { activity, active_seconds } of intervals)
    assert.equal(activity.replaceAll('0', '').length, active_seconds)
  await world.end()
})

test('scripted input is flagged: counted, with the verdict, its evidence and when it began', async () => {
  const world = await start({ scripted_input: 'flag' })
  world.jumps(900)
  await world.clock.pass(10_000)
  const [interval] = intervalsIn(world.journal)
  const { verdict, evidence, since } = interval?.genuineness ?? {}
  assert.equal(verdict, 'scripted')
  assert.ok(evidence?.some(found => found.feature === 'pointer_jumps'))
  assert.equal(since, '2026-11-22T12:00:00.297Z')
  assert.ok((interval?.distance_px ?? 0) > 27_000)
  assert.equal(interval?.discarded, undefined)
  await world.end()
})

test('scripted input is discarded: taken out and kept aside with the reason', async () => {
  const world = await start({ scripted_input: 'discard' })
  world.jumps(900)
  world.keys(2)
  await world.clock.pass(10_000)
  const [interval] = intervalsIn(world.journal)
  assert.deepEqual(interval && countsIn(interval), noCounts)
  assert.equal(interval?.activity, '0000000000')
  assert.equal(interval?.discarded?.keys, 2)
  assert.ok((interval?.discarded?.distance_px ?? 0) > 27_000)
  assert.match(interval?.genuineness.evidence.map(found => found.text).join(' ') ?? '', /single jumps/)
  await world.end()
})

const xtest = 'Virtual core XTEST pointer'

describe('intervals that were stored before a stretch was noticed', () => {
  /** The first half of the jumps is not enough evidence; both intervals hold some keys. */
  async function stretch(world: World, halves = 2) {
    for (let n = 0; n < halves; n++) {
      world.keys(1)
      world.jumps(900, 13)
      await world.clock.pass(10_000)
    }
  }
  const minute = (world: World, date = '2026-11-22') => {
    const minutes = world.journal.minutesOf(date)
    return {
      keys: minutes.reduce((sum, { keys }) => sum + keys, 0),
      active: minutes.reduce((sum, { active_seconds }) => sum + active_seconds, 0),
      flagged: minutes.reduce((sum, { flagged_seconds }) => sum + flagged_seconds, 0),
    }
  }
  /** The source reports their device every five seconds, a second late. */
  async function programsType(world: World, times: number, name = xtest) {
    for (let n = 0; n < times; n++) {
      world.keys(1)
      await world.clock.pass(4_000)
      const to = world.clock.monotonicMs()
      world.input.comeFrom({
        from: to - 5_000,
        first: to - 5_000,
        to,
        devices: [{ name, kind: 'pointer' }],
        pointerKeys: false,
      })
      await world.clock.pass(1_000)
    }
  }
  const extendedIn = (world: World) =>
    recordsIn(world.journal).filter(record => record.kind === 'verdict.extended')

  test('are marked as well', async () => {
    const world = await start({ scripted_input: 'flag' })
    await stretch(world)
    assert.deepEqual(kindsIn(world.journal), ['interval', 'verdict.extended', 'interval'])
    const { keys, active, flagged } = minute(world)
    assert.equal(keys, 2)
    assert.ok(active > 5)
    assert.equal(flagged, active)
    await world.end()
  })

  test('are taken out as well, with the reason, and count again when the verdict is withdrawn', async () => {
    const world = await start({ scripted_input: 'discard' })
    await stretch(world, 1)
    const before = minute(world)
    assert.ok(before.keys === 1 && before.active > 2)
    await stretch(world, 1)
    assert.deepEqual(minute(world), { keys: 0, active: 0, flagged: 0 })
    const [extended, ...more] = extendedIn(world)
    assert.deepEqual(more, [])
    assert.deepEqual([extended?.from, extended?.to], ['2026-11-22T12:00:00.000Z', '2026-11-22T12:00:10.000Z'])
    assert.equal(extended?.scripted_input, 'discard')
    assert.deepEqual(
      extended?.minutes.map(({ start, zone, keys }) => [start, zone, keys]),
      [['2026-11-22T12:00:00.000Z', 'UTC', 1]],
    )
    assert.match(extended?.genuineness.evidence.map(found => found.text).join(' ') ?? '', /single jumps/)

    world.journal.append({
      kind: 'verdict.withdrawn',
      from: '2026-11-22T12:00:00.000Z',
      to: '2026-11-22T12:00:20.000Z',
    })
    const after = minute(world)
    assert.equal(after.keys, 2)
    assert.ok(after.active > before.active)
    await world.end()
  })

  test('are judged once, however long the stretch goes on', async () => {
    const world = await start({ scripted_input: 'discard' })
    await stretch(world, 6)
    assert.equal(extendedIn(world).length, 1)
    assert.equal(minute(world).keys, 0)
    await world.end()
  })

  test('a lull within a stretch belongs to it once the stretch goes on', async () => {
    const world = await start({ scripted_input: 'discard' })
    await stretch(world)
    world.keys(5)
    await world.clock.pass(10_000)
    world.keys(6)
    await world.clock.pass(10_000)
    assert.equal(minute(world).keys, 11)
    await stretch(world, 1)
    assert.equal(minute(world).keys, 0)
    await world.end()
  })

  test('those from before the stretch stay', async () => {
    const world = await start({ scripted_input: 'discard' })
    world.keys(7)
    await world.clock.pass(20_000)
    await stretch(world)
    assert.equal(minute(world).keys, 7)
    await world.end()
  })

  test('a stricter setting applies to evidence that is known already', async () => {
    const world = await start({ scripted_input: 'discard', strictness: 'low' })
    await stretch(world, 1)
    await world.settings.change('strictness', 'high')
    await world.clock.pass(20_000)
    assert.equal(minute(world).keys, 0)
    await world.end()
  })

  test('a person who confirmed the input as theirs is not asked again', async () => {
    const world = await start({ scripted_input: 'discard' })
    await stretch(world, 1)
    world.activity.judgeAnew()
    await stretch(world)
    const [extended] = extendedIn(world)
    assert.equal(extended?.from, '2026-11-22T12:00:10.000Z')
    assert.equal(minute(world).keys, 1)
    await world.end()
  })

  test('nor by a device report that begins before the confirmation', async () => {
    const world = await start({ scripted_input: 'discard', injected_input: 'suspect' })
    world.keys(1)
    await world.clock.pass(10_000)
    world.activity.judgeAnew()
    await programsType(world, 8)
    assert.equal(minute(world).keys, 1)
    await world.end()
  })

  test('waiting intervals are stored before a confirmation takes effect', async () => {
    const world = await start({ scripted_input: 'discard' })
    world.disk.fail('DISK_FULL')
    await stretch(world)
    world.disk.recover()
    world.activity.judgeAnew()
    assert.deepEqual(kindsIn(world.journal), ['interval', 'verdict.extended', 'interval'])
    await world.end()
  })

  test('wait with everything else while the disk is full, behind the intervals they change', async () => {
    const world = await start({ scripted_input: 'discard' })
    world.disk.fail('DISK_FULL')
    await stretch(world, 3)
    assert.deepEqual(kindsIn(world.journal), [])
    world.disk.recover()
    await world.clock.pass(2_000)
    assert.deepEqual(kindsIn(world.journal), ['interval', 'verdict.extended', 'interval', 'interval'])
    assert.equal(minute(world).keys, 0)
    await world.end()
  })

  test('lie on the day and in the zone of the activity', async () => {
    const world = await start({ scripted_input: 'discard' }, true, '2026-11-22T22:59:50Z')
    world.clock.setZone('Europe/Berlin')
    world.clock.readZone()
    await stretch(world, 1)
    assert.equal(minute(world, '2026-11-22').keys, 1)
    world.clock.setZone('America/New_York')
    world.clock.readZone()
    await stretch(world, 1)
    assert.equal(minute(world, '2026-11-22').keys, 0)
    assert.equal(extendedIn(world)[0]?.minutes[0]?.zone, 'Europe/Berlin')
    await world.end()
  })

  test('input that only programs produced is suspect from its beginning', async () => {
    const world = await start({ scripted_input: 'discard', injected_input: 'suspect' })
    await programsType(world, 6)
    await world.clock.pass(10_000)
    assert.equal(minute(world).keys, 0)
    assert.equal(extendedIn(world)[0]?.genuineness.verdict, 'suspect')
    await world.end()
  })

  const untilNoticed: [what: string, setting: Partial<Settings>, device: string, keysLeft: number][] = [
    ['what programs did before it spoke for a script belongs to the stretch', {}, xtest, 0],
    ['unless programs are the person’s', { injected_input: 'ignore' }, xtest, 2],
    ['and what a person did does not', {}, 'Logitech USB mouse', 2],
  ]
  for (const [what, setting, device, keysLeft] of untilNoticed)
    test(what, async () => {
      const world = await start({ scripted_input: 'discard', injected_input: 'suspect', ...setting })
      await programsType(world, 2, device)
      assert.equal(minute(world).keys, 2)
      world.jumps(900)
      await world.clock.pass(10_000)
      assert.equal(minute(world).keys, keysLeft)
      await world.end()
    })

  test('property: with any failure at any time, every key is counted or set aside, exactly once', async () => {
    const step = fc.constantFrom('keys', 'jumps', 'rest', 'fail', 'recover', 'pause', 'go', 'anew')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
        const world = await start({ scripted_input: 'discard' })
        let typed = 0
        for (const next of steps) {
          if (next === 'fail') world.disk.fail('DISK_FULL')
          else if (next === 'recover') world.disk.recover()
          else if (next === 'pause' || next === 'go') world.gate.value = next === 'go'
          else if (next === 'anew') world.activity.judgeAnew()
          else if (world.input.listening) {
            if (next === 'jumps') world.jumps(900, 13)
            if (next !== 'rest') world.keys(1)
            if (next !== 'rest') typed++
          }
          await world.clock.pass(10_000)
        }
        world.disk.recover()
        world.gate.value = false
        await world.clock.pass(10_000)
        const aside = recordsIn(world.journal).flatMap(record => {
          if (record.kind === 'interval') return record.discarded?.keys ?? 0
          return record.kind === 'verdict.extended' ? record.minutes.map(({ keys }) => keys) : []
        })
        assert.equal(minute(world).keys + aside.reduce((sum, keys) => sum + keys, 0), typed)
        world.journal.append({
          kind: 'verdict.withdrawn',
          from: '2026-11-22T12:00:00.000Z',
          to: '2026-11-22T13:00:00.000Z',
        })
        assert.equal(minute(world).keys, typed)
        await world.end()
      }),
      { numRuns: 60 },
    )
  })
})

test('an input recorder gets every event that is counted, and none while recording is not allowed', async () => {
  const world = await start()
  const heard: InputEvent[] = []
  world.activity.recordings.value = new Set([events => heard.push(...events)])
  world.keys(2)
  await settle()
  assert.deepEqual(
    heard.map(({ kind }) => kind),
    ['key-down', 'key-down'],
  )
  world.gate.value = false
  await settle()
  assert.equal(world.input.listening, false)
  await world.end()
})

test('after a person confirms the input as theirs, judging begins anew', async () => {
  const world = await start({ injected_input: 'suspect' })
  world.jumps(900)
  await world.clock.pass(10_000)
  world.activity.judgeAnew()
  world.jumps(900, 5)
  await world.clock.pass(10_000)
  const verdicts = intervalsIn(world.journal).map(({ genuineness }) => genuineness.verdict)
  assert.deepEqual(verdicts, ['scripted', 'genuine'])
  await world.end()
})

test('input that follows a script is judged on its own', async () => {
  const world = await start()
  world.jumps(900)
  await world.clock.pass(10_000)
  for (let n = 0; n < 8; n++) await pressInTen(world, n)
  const verdicts = intervalsIn(world.journal).map(({ genuineness }) => genuineness.verdict)
  assert.deepEqual(verdicts, ['scripted', ...Array(8).fill('genuine')])
  await world.end()
})

const changes: [setting: string, before: Partial<Settings>, change: (world: World) => Promise<void>][] = [
  [
    'the threshold of a jump',
    { scripted_activity_threshold: 1000 },
    world => world.settings.change('scripted_activity_threshold', 500),
  ],
  ['the strictness', { strictness: 'low' }, world => world.settings.change('strictness', 'high')],
]
for (const [setting, before, change] of changes) {
  test(`${setting} takes effect at once`, async () => {
    // 13 jumps of 900 px weigh 16.25 at 500 and nothing at 1000; the limit is 14, or 21 at low and 9.8 at high.
    const world = await start(before)
    world.jumps(900, 13)
    await world.clock.pass(10_000)
    await change(world)
    world.jumps(900, 13)
    await world.clock.pass(10_000)
    const [first, second] = intervalsIn(world.journal).map(({ genuineness }) => genuineness.verdict)
    assert.equal(first, 'genuine')
    assert.notEqual(second, 'genuine')
    await world.end()
  })
}

test('an interval states the presence at its end', async () => {
  const world = await start()
  const kinds = ['active', 'idle', 'away', 'locked', 'asleep', 'unknown'] as const
  for (const kind of kinds) {
    world.presence.value = { kind, since: '2026-11-22T12:00:00.000Z', source: 'input' }
    await world.clock.pass(10_000)
  }
  assert.deepEqual(
    intervalsIn(world.journal).map(({ presence }) => presence),
    kinds,
  )
  await world.end()
})

test('lost input is recorded once when it is lost and once when it is back', async () => {
  const world = await start()
  const problem = { code: 'INPUT_HOOK_FAILED' } as const
  world.input.become({ kind: 'unavailable', problem })
  for (let n = 0; n < 3; n++) {
    await world.clock.pass(10_000)
    world.input.become({ kind: 'starting' })
    world.input.become({ kind: 'unavailable', problem })
  }
  world.input.become({ kind: 'counting' })
  await world.clock.pass(10_000)
  const told = recordsIn(world.journal).filter(record => record.kind.startsWith('input.'))
  assert.deepEqual(
    told.map(record => [record.kind, 'code' in record ? record.code : undefined]),
    [
      ['input.lost', 'INPUT_HOOK_FAILED'],
      ['input.restored', undefined],
    ],
  )
  await world.end()
})

describe('while input cannot be counted', () => {
  const problem = { code: 'INPUT_WAYLAND' } as const
  const stillSince = (sinceMs: number): DeviceActivity => ({ kind: 'still', sinceMs })

  test('the interval states that, and nothing else', async () => {
    const world = await start()
    await world.clock.pass(10_000)
    world.input.become({ kind: 'unavailable', problem })
    await world.clock.pass(10_000)
    world.input.become({ kind: 'counting' })
    await world.clock.pass(20_000)
    assert.deepEqual(
      intervalsIn(world.journal).map(({ incomplete }) => incomplete),
      [undefined, true, true, undefined],
      'the third was not counted from its beginning',
    )
    await world.end()
  })

  test('seconds in which the system reports device activity are active, without any counts', async () => {
    const world = await start()
    world.input.become({ kind: 'unavailable', problem })
    world.deviceActivity.value = stillSince(world.clock.monotonicMs())
    await world.clock.pass(2_000)
    world.deviceActivity.value = { kind: 'active', sinceMs: world.clock.monotonicMs() }
    await world.clock.pass(3_500)
    // A second later the system reports no device activity since.
    world.deviceActivity.value = stillSince(world.clock.monotonicMs() - 1_000)
    await world.clock.pass(4_500)
    const [interval] = intervalsIn(world.journal)
    assert.equal(interval?.activity, '0011100000')
    assert.equal(interval?.active_seconds, 3)
    assert.equal(interval?.keys, 0)
    await world.end()
  })

  test('a person who keeps using devices is active in every interval', async () => {
    const world = await start()
    world.input.become({ kind: 'unavailable', problem })
    world.deviceActivity.value = { kind: 'active', sinceMs: world.clock.monotonicMs() }
    await world.clock.pass(30_000)
    for (const { activity } of intervalsIn(world.journal)) assert.match(activity, /^1{10,11}$/)
    await world.end()
  })

  test('device activity from before recording was allowed is in no interval', async () => {
    const world = await start({}, false)
    world.deviceActivity.value = { kind: 'active', sinceMs: world.clock.monotonicMs() }
    await world.clock.pass(60_000)
    world.deviceActivity.value = stillSince(world.clock.monotonicMs())
    world.gate.value = true
    await settle()
    world.input.become({ kind: 'unavailable', problem })
    await world.clock.pass(10_000)
    assert.equal(intervalsIn(world.journal)[0]?.active_seconds, 0)
    await world.end()
  })
})

test('where input is counted, device activity adds nothing', async () => {
  const world = await start()
  world.deviceActivity.value = { kind: 'active', sinceMs: world.clock.monotonicMs() }
  await world.clock.pass(10_000)
  assert.equal(intervalsIn(world.journal)[0]?.active_seconds, 0)
  await world.end()
})

test('the loss of input is recorded even when the disk was full at that moment', async () => {
  const world = await start()
  world.disk.fail('DISK_FULL')
  world.input.become({ kind: 'unavailable', problem: { code: 'INPUT_HOOK_FAILED' } })
  world.input.become({ kind: 'counting' })
  await world.clock.pass(10_000)
  world.disk.recover()
  await world.clock.pass(10_000)
  assert.deepEqual(kindsIn(world.journal).slice(0, 3), ['input.lost', 'input.restored', 'interval'])
  await world.end()
})

const jumps: [name: string, to: string][] = [
  ['forward by a day', '2026-11-23T12:00:05Z'],
  ['back by a day', '2026-11-21T12:00:05Z'],
]
for (const [name, to] of jumps)
  test(`the wall clock jumps ${name}: lengths stay true and no second is counted twice`, async () => {
    const world = await start()
    await world.clock.pass(5_000)
    world.clock.setWall(to)
    world.keys(1)
    await world.clock.pass(30_000)
    const intervals = intervalsIn(world.journal)
    for (const { length_ms } of intervals) assert.ok(length_ms > 0 && length_ms <= 20_000, `${length_ms}`)
    assert.equal(intervals.reduce((sum, interval) => sum + interval.length_ms, 0) % 5_000, 0)
    assert.equal(storedKeys(world), 1)
    await world.end()
  })

describe('what a killed process leaves', () => {
  const keptIn = ({ unstored }: World) =>
    unstored.recall().reduce((sum, interval) => addCounts(sum, countsIn(interval)), noCounts)

  test('is everything that was shown', async () => {
    const world = await start()
    const told: [shown: number, kept: number][] = []
    watch(
      world.activity.seen,
      () => told.push([world.activity.unsaved().keys, keptIn(world).keys]),
      new AbortController().signal,
    )
    for (let second = 0; second < 25; second++) {
      world.keys(3)
      await world.clock.pass(1000)
      assert.deepEqual(keptIn(world), world.activity.unsaved())
    }
    assert.equal(told.length, 75)
    for (const [shown, kept] of told) assert.equal(kept, shown)
    await world.end()
  })

  test('holds the counts and the end, but not the times within the interval', async () => {
    const world = await start()
    await world.clock.pass(1500)
    world.keys(3)
    await world.clock.pass(900)
    world.keys(1)
    await world.clock.pass(2000)
    assert.deepEqual(world.unstored.recall(), [
      {
        ...{ ...noCounts, keys: 4, active_seconds: 2 },
        ...{ from: '2026-11-22T12:00:00.000Z', lengthMs: 2400, incomplete: false },
        ...{ presence: 'active', verdict: 'genuine', discarded: false },
      },
    ])
    await world.end()
  })

  test('is nothing once it is stored', async () => {
    const world = await start()
    world.keys(3)
    world.gate.value = false
    await settle()
    assert.deepEqual(world.unstored.recall(), [])
    assert.equal(storedKeys(world), 3)
    await world.end()
  })

  test('also holds the intervals that wait for a full disk', async () => {
    const world = await start()
    world.disk.fail('DISK_FULL')
    for (let interval = 0; interval < 3; interval++) {
      world.keys(2)
      await world.clock.pass(10_000)
    }
    world.keys(1)
    assert.deepEqual(
      world.unstored.recall().map(({ keys }) => keys),
      [2, 2, 2, 1],
    )
    for (const kept of world.unstored.recall())
      assert.ok(!('activity' in kept || 'genuineness' in kept), 'the times within the interval are not kept')
    world.disk.recover()
    await world.clock.pass(2000)
    assert.deepEqual(
      world.unstored.recall().map(({ keys }) => keys),
      [1],
    )
    await world.end()
  })

  test('keeps its verdict', async () => {
    const world = await start({ scripted_input: 'discard' })
    while (intervalsIn(world.journal).every(({ genuineness }) => genuineness.verdict === 'genuine')) {
      world.jumps(900)
      await world.clock.pass(10_000)
    }
    world.jumps(900, 5)
    const [kept] = world.unstored.recall()
    assert.deepEqual([kept?.verdict, kept?.discarded], ['scripted', true])
    assert.ok((kept?.distance_px ?? 0) > 4000)
    await world.end()
  })
})

describe('input that the person or the system declares as the person’s own', () => {
  const scanner = { name: 'USB Barcode Scanner', kind: 'keyboard' } as const
  const program = { name: 'Virtual core XTEST pointer', kind: 'pointer' } as const
  const mouse = { name: 'Logitech mouse', kind: 'pointer' } as const

  /** A minute of what each second does; the source reports the devices at the end of each second. */
  async function live(
    world: World,
    act: (second: number) => void,
    devices: readonly InputDevice[],
    pointerKeys = false,
  ) {
    for (let second = 0; second < 60; second++) {
      const from = world.clock.monotonicMs()
      act(second)
      await world.clock.pass(1000)
      world.input.comeFrom({ from, first: from, to: from + 1000, devices, pointerKeys })
    }
    await world.clock.pass(10_000)
  }
  const verdictsIn = ({ journal }: World) => [
    ...new Set(intervalsIn(journal).map(({ genuineness }) => genuineness.verdict)),
  ]
  const trustedIn = ({ journal }: World) => [
    ...new Set(intervalsIn(journal).flatMap(({ trusted }) => trusted ?? [])),
  ]
  /** Keys at more even intervals than any hand types. */
  const scan = (world: World) => () => {
    const from = world.clock.monotonicMs()
    for (let n = 0; n < 12; n++)
      world.input.happen(
        { kind: 'key-down', at: from + 40 * n, slot: 0 },
        { kind: 'key-up', at: from + 40 * n + 2, slot: 0 },
      )
  }
  /** Steps of ten pixels, more even than those of any hand. */
  const step = (world: World) => (second: number) => {
    const from = world.clock.monotonicMs()
    for (let n = 0; n < 40; n++)
      world.input.happen({
        kind: 'move',
        at: from + 15 * n,
        x: 10 * (second % 2 ? n : 40 - n) + 3 * second,
        y: 400 + 7 * second,
      })
  }

  test('a scanner that is not in the settings is flagged as a script', async () => {
    const world = await start()
    await live(world, scan(world), [scanner])
    assert.ok(verdictsIn(world).includes('scripted'))
    await world.end()
  })

  test('a scanner in the settings is not flagged, and the record does not name it', async () => {
    const world = await start({ trusted_devices: 'something else, usb barcode scanner' })
    await live(world, scan(world), [scanner])
    assert.deepEqual(verdictsIn(world), ['genuine'])
    assert.deepEqual(trustedIn(world), ['named keyboard'])
    assert.doesNotMatch(JSON.stringify(recordsIn(world.journal)), /barcode/i)
    assert.equal(storedKeys(world), 60 * 12, 'it counts')
    await world.end()
  })

  test('pointer movement beside it is judged', async () => {
    const world = await start({ trusted_devices: scanner.name })
    await live(world, step(world), [scanner, mouse])
    assert.ok(verdictsIn(world).some(verdict => verdict !== 'genuine'))
    await world.end()
  })

  test('input of programs is not flagged where the settings declare it as the person’s', async () => {
    const world = await start({ injected_input: 'ignore' })
    await live(world, step(world), [program])
    assert.deepEqual([verdictsIn(world), trustedIn(world)], [['genuine'], ['programs']])
    await world.end()
  })

  test('a pointer that the system moves by keys is not flagged, without any setting', async () => {
    const world = await start()
    world.input.usePointerKeys(true)
    await live(world, step(world), [program, { name: 'keyboard', kind: 'keyboard' }], true)
    assert.deepEqual([verdictsIn(world), trustedIn(world)], [['genuine'], ['pointer moved by the system']])
    await world.end()
  })

  test('what follows is not flagged either: one jump to where the system left the pointer', async () => {
    const world = await start()
    world.input.usePointerKeys(true)
    await live(world, step(world), [program], true)
    world.input.usePointerKeys(false)
    const place = (second: number) => {
      const at = world.clock.monotonicMs() + ((second * second * 37) % 700)
      world.input.happen({ kind: 'move', at, x: 700 + (second % 7), y: 300 })
    }
    await live(world, place, [mouse])
    assert.deepEqual(verdictsIn(world), ['genuine'])
    await world.end()
  })

  test('input without a device report is judged as well, some seconds later', async () => {
    const world = await start({ trusted_devices: scanner.name })
    const type = scan(world)
    for (let second = 0; second < 40; second++) {
      type()
      await world.clock.pass(1000)
    }
    assert.ok(verdictsIn(world).includes('scripted'))
    await world.end()
  })

  test('device reports are requested more often only while a device is trusted', async () => {
    const world = await start()
    assert.equal(world.input.closely, false)
    await world.settings.change('trusted_devices', scanner.name)
    assert.equal(world.input.closely, true)
    await world.settings.change('trusted_devices', ' , ')
    assert.equal(world.input.closely, false)
    await world.settings.change('injected_input', 'ignore')
    assert.equal(world.input.closely, true)
    await world.end()
  })
})
