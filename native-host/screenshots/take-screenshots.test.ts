import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errorRows } from '../../protocol/errors.ts'
import { type Settings, settingRows } from '../../protocol/settings.ts'
import { fakeCapture, fakeImageEditor, fakeSealer } from '../../test/fakes.ts'
import { sendAtOnce } from '../../test/fakes-held.ts'
import { fakeDisk, fakeJournal, fakeMemory, fakeOutbox, fakeSettings } from '../../test/fakes-storage.ts'
import { manualClock, settle } from '../../test/manual-clock.ts'
import { kindsIn, recordsIn } from '../../test/records-in.ts'
import { readItem } from '../../test/support/sealed-bytes.ts'
import type { Memory } from '../kernel/ports.ts'
import { createSignal } from '../kernel/signals.ts'
import type { Presence } from '../presence/presence.ts'
import type { Monitor, ScreenshotFacts } from './ports.ts'
import { takeScreenshots } from './take-screenshots.ts'

const secondsPerDay = 86_400

const there: Presence = { kind: 'active', since: '2026-11-22T12:00:00.000Z', source: 'input' }

type Options = {
  given?: Partial<Settings>
  open?: boolean
  last?: string
  /** The state of an earlier agent. */
  remembered?: Memory<ScreenshotFacts>
  startAt?: string
  redacted?: Set<string>
  /** The draw for a random moment. */
  share?: number
}

async function start({
  given = {},
  open = true,
  last,
  remembered,
  startAt = '2026-11-22T12:00:00Z',
  redacted = new Set(),
  share = 0,
}: Options = {}) {
  const clock = manualClock(startAt)
  const disk = fakeDisk()
  const journal = fakeJournal(clock, disk)
  const memory = remembered ?? fakeMemory(disk)
  if (last) memory.set('last_screenshot', last)
  const outbox = fakeOutbox(disk)
  const settings = fakeSettings({ screenshot_interval: 60, ...given })
  const gate = createSignal(open)
  const presence = createSignal<Presence>(there)
  const isRedacted = (monitor: Monitor | undefined) =>
    monitor !== undefined && redacted.has(monitor.name) ? (['private-window'] as const) : []
  const capture = fakeCapture()
  const sealer = fakeSealer()
  const screenshots = takeScreenshots({
    capture,
    image: fakeImageEditor,
    keep: sendAtOnce({ sealer, outbox, journal }),
    journal,
    memory,
    disk,
    clock,
    random: () => share,
    settings: settings.current,
    gate,
    presence,
    redaction: async () => async () => isRedacted,
  })
  const ending = new AbortController()
  const running = screenshots.run(ending.signal)
  await settle()
  return {
    clock,
    disk,
    journal,
    memory,
    outbox,
    settings,
    gate,
    async become(kind: Presence['kind']) {
      presence.value = { ...there, kind }
      await settle()
    },
    capture,
    sealer,
    screenshots,
    pass: (seconds: number) => clock.pass(seconds * 1000),
    /** The pictures that the holder of the identity sees, in the order of the queue. */
    async pictures() {
      const seen: string[] = []
      for (let item = outbox.next(); item; item = outbox.next()) {
        seen.push(sealer.opened(await readItem(outbox, item)))
        await outbox.remove(item)
      }
      return seen
    },
    async end() {
      ending.abort()
      await clock.pass(0)
      await running
      assert.equal(clock.sleepers, 0)
    },
  }
}

test('one interval after the start, then one every interval', async () => {
  const world = await start()
  assert.equal(world.screenshots.next.value, '2026-11-22T12:01:00.000Z')
  await world.pass(59)
  assert.equal(world.capture.grabs, 0)
  await world.pass(1)
  assert.equal(world.capture.grabs, 1)
  assert.equal(world.screenshots.last.value, '2026-11-22T12:01:00.000Z')
  assert.equal(world.screenshots.next.value, '2026-11-22T12:02:00.000Z')
  await world.pass(600)
  assert.equal(world.capture.grabs, 11)
  await world.end()
})

const durations: [name: string, seconds: number, next: string][] = [
  ['a capture that takes 3 s does not put the next one off', 3, '2026-11-22T12:02:00.000Z'],
  ['a capture that outlasts the interval is followed by a pause', 70, '2026-11-22T12:03:10.000Z'],
]
for (const [name, seconds, next] of durations)
  test(name, async () => {
    const world = await start()
    const hold = world.capture.hold()
    await world.pass(60)
    await world.pass(seconds)
    hold.release()
    await world.pass(0)
    assert.equal(world.screenshots.next.value, next)
    await world.end()
  })

test('every display becomes a sealed picture in the outbox and a record that names it', async () => {
  const world = await start({ given: { screenshot_scale: 25, blur_screenshots: false } })
  world.capture.plugIn(2)
  await world.pass(60)
  assert.equal(world.screenshots.displays.value, 2)
  const key = world.outbox.next()?.key
  assert.deepEqual(
    recordsIn(world.journal).map(record => ({ ...record, seq: 0, prev: '', salt: '', object: '' })),
    [1, 2].map(display => ({
      seq: 0,
      prev: '',
      salt: '',
      at: '2026-11-22T12:01:00.000Z',
      zone: 'UTC',
      offset: '+00:00',
      kind: 'screenshot',
      display,
      of: 2,
      width: 480,
      height: 270,
      blurred: false,
      object: '',
    })),
  )
  const [first] = recordsIn(world.journal)
  assert.equal(first?.kind === 'screenshot' && first.object, key)
  assert.deepEqual(await world.pictures(), ['grab 1 of display 1 at 25 %', 'grab 1 of display 2 at 25 %'])
  await world.end()
})

test('nothing is captured before recording is allowed', async () => {
  const world = await start({ open: false })
  await world.pass(secondsPerDay)
  assert.equal(world.capture.grabs, 0)
  assert.deepEqual([world.screenshots.state.value, world.screenshots.next.value], ['off', undefined])
  await world.end()
})

test('switched off, nothing is captured; switched on, the schedule begins', async () => {
  const world = await start({ given: { screenshots: false } })
  await world.pass(secondsPerDay)
  assert.equal(world.capture.grabs, 0)
  assert.equal(world.screenshots.state.value, 'off')
  await world.settings.change('screenshots', true)
  await world.pass(60)
  assert.equal(world.capture.grabs, 1)
  await world.settings.change('screenshots', false)
  await world.pass(secondsPerDay)
  assert.equal(world.capture.grabs, 1)
  await world.end()
})

const changes: [name: string, from: number, to: number, after: number, thenIn: number][] = [
  ['shorter and already due', 300, 60, 100, 0],
  ['shorter and not due yet', 300, 200, 100, 100],
  ['longer', 60, 300, 30, 270],
]
for (const [name, from, to, after, thenIn] of changes)
  test(`a new interval counts at once: ${name}`, async () => {
    const world = await start({ given: { screenshot_interval: from } })
    await world.pass(after)
    await world.settings.change('screenshot_interval', to)
    await world.pass(Math.max(thenIn - 1, 0))
    assert.equal(world.capture.grabs, thenIn === 0 ? 1 : 0)
    await world.pass(1)
    assert.equal(world.capture.grabs, 1)
    await world.end()
  })

test('another setting does not disturb the schedule', async () => {
  const world = await start()
  await world.pass(30)
  await world.settings.change('screenshot_scale', 80)
  await world.pass(30)
  assert.deepEqual(await world.pictures(), ['grab 1 of display 1 at 80 %, blurred'])
  await world.end()
})

test('blur that is switched on while a screenshot is being taken holds for it', async () => {
  const world = await start({ given: { blur_screenshots: false } })
  const hold = world.capture.hold()
  await world.pass(60)
  assert.equal(hold.reached, true)
  await world.settings.change('blur_screenshots', true)
  hold.release()
  await world.pass(0)
  assert.deepEqual(await world.pictures(), ['grab 1 of display 1 at 50 %, blurred'])
  await world.end()
})

test('the schedule goes on where the last run ended, after ten seconds to settle', async () => {
  const world = await start({ last: '2026-11-22T11:59:30.000Z' })
  assert.equal(world.screenshots.last.value, '2026-11-22T11:59:30.000Z')
  await world.pass(30)
  assert.equal(world.capture.grabs, 1)
  await world.end()

  const overdue = await start({ last: '2026-11-21T11:59:30.000Z' })
  await overdue.pass(9)
  assert.equal(overdue.capture.grabs, 0)
  await overdue.pass(1)
  assert.equal(overdue.capture.grabs, 1)
  await overdue.end()
})

test('a pause ends the schedule, and resuming begins it again', async () => {
  const world = await start()
  await world.pass(90)
  world.gate.value = false
  await settle()
  assert.deepEqual([world.screenshots.state.value, world.screenshots.next.value], ['off', undefined])
  await world.pass(3600)
  assert.equal(world.capture.grabs, 1)
  world.gate.value = true
  await world.pass(10)
  assert.equal(world.capture.grabs, 2)
  await world.end()
})

test('a pause in the middle of a capture drops it: no picture, no record, no failure', async () => {
  const world = await start()
  const hold = world.capture.hold()
  await world.pass(60)
  assert.equal(hold.reached, true)
  assert.equal(world.screenshots.state.value, 'taking')
  world.gate.value = false
  hold.release()
  await world.pass(60)
  assert.deepEqual(await world.pictures(), [])
  assert.deepEqual(recordsIn(world.journal), [])
  assert.equal(world.screenshots.problem.value, undefined)
  assert.equal(world.screenshots.last.value, undefined)
  await world.end()
})

test('a pause after the capture, while the picture is being sealed, drops it too', async () => {
  const world = await start()
  const seal = world.sealer.seal
  world.sealer.seal = async bytes => {
    world.gate.value = false
    return seal(bytes)
  }
  await world.pass(60)
  assert.equal(world.capture.grabs, 1)
  assert.deepEqual(await world.pictures(), [])
  assert.deepEqual(recordsIn(world.journal), [])
  await world.end()
})

test('switching screenshots off in the middle of a capture drops it too', async () => {
  const world = await start()
  const hold = world.capture.hold()
  await world.pass(60)
  await world.settings.change('screenshots', false)
  hold.release()
  await world.pass(60)
  assert.deepEqual(await world.pictures(), [])
  await world.end()
})

test('a capture that fails is a state and a record, and the next one is tried on time', async () => {
  const world = await start()
  world.capture.fail('CAPTURE_TIMED_OUT')
  await world.pass(60)
  assert.deepEqual(world.screenshots.problem.value, { code: 'CAPTURE_TIMED_OUT' })
  assert.equal(world.screenshots.state.value, 'waiting')
  assert.deepEqual(kindsIn(world.journal), ['screenshot.failed'])
  await world.pass(59)
  assert.equal(world.capture.grabs, 1)
  world.capture.recover()
  await world.pass(1)
  assert.equal(world.capture.grabs, 2)
  assert.equal(world.screenshots.problem.value, undefined)
  assert.deepEqual(kindsIn(world.journal), ['screenshot.failed', 'screenshot'])
  // As the person is advised, the next one came on time without their doing anything.
  assert.match(
    errorRows.CAPTURE_TIMED_OUT.next,
    /^Nothing to do; .* next one on time\. .* longer screenshot_interval\.$/,
  )
  assert.equal(settingRows.screenshot_interval.type, 'integer')
  await world.end()
})

test('a display that stays broken is asked once an interval, not more often', async () => {
  const world = await start()
  world.capture.fail('CAPTURE_NO_DISPLAY')
  await world.pass(600)
  assert.equal(world.capture.grabs, 10)
  await world.end()
})

test('a full disk is a state of its own, and screenshots go on when there is room', async () => {
  const world = await start()
  world.disk.fail('DISK_FULL')
  await world.pass(60)
  assert.equal(world.screenshots.problem.value?.code, 'DISK_FULL')
  assert.equal(world.screenshots.last.value, undefined)
  world.disk.recover()
  await world.pass(60)
  assert.equal(world.screenshots.problem.value, undefined)
  assert.equal((await world.pictures()).length, 1)
  await world.end()
})

test('an unexpected error is INTERNAL, and its message is not kept', async () => {
  const world = await start()
  world.capture.fail(new Error('canary'))
  await world.pass(60)
  assert.deepEqual(world.screenshots.problem.value, { code: 'INTERNAL' })
  assert.doesNotMatch(JSON.stringify(recordsIn(world.journal)), /canary/)
  await world.end()
})

for (const [name, to] of [
  ['back by a day', '2026-11-21T12:01:30Z'],
  ['back by an hour', '2026-11-22T11:01:30Z'],
  ['forward by an hour', '2026-11-22T13:01:30Z'],
  ['forward by a day', '2026-11-23T12:01:30Z'],
] as const)
  test(`a clock that is set ${name} changes nothing but what is shown`, async () => {
    const world = await start()
    await world.pass(90)
    assert.equal(world.capture.grabs, 1)
    world.clock.setWall(to)
    await world.pass(29)
    assert.equal(world.capture.grabs, 1)
    await world.pass(1)
    assert.equal(world.capture.grabs, 2)
    await world.pass(1)
    const inAMinute = world.clock.now().add({ seconds: 59 }).toString({ fractionalSecondDigits: 3 })
    assert.equal(world.screenshots.next.value, inAMinute)
    await world.pass(599)
    assert.equal(world.capture.grabs, 12)
    await world.end()
  })

test('after sleep the one that was missed is made up for once, within half a minute', async () => {
  const world = await start()
  await world.pass(65)
  world.clock.sleepThrough(8 * 3_600_000)
  await world.pass(30)
  assert.equal(world.capture.grabs, 2)
  await world.pass(54)
  assert.equal(world.capture.grabs, 2)
  await world.end()
})

test('a last screenshot in the future, from before the clock was corrected, does not stop screenshots', async () => {
  const world = await start({ last: '2027-01-01T00:00:00.000Z' })
  await world.pass(180)
  assert.equal(world.capture.grabs, 3)
  await world.end()
})

test('a requested screenshot is taken at once, and the schedule counts from it', async () => {
  const world = await start()
  await world.pass(30)
  await world.screenshots.takeNow('firefox')
  assert.equal(world.capture.grabs, 1)
  assert.equal(world.screenshots.last.value, '2026-11-22T12:00:30.000Z')
  await world.pass(59)
  assert.equal(world.capture.grabs, 1)
  await world.pass(1)
  assert.equal(world.capture.grabs, 2)
  await world.end()
})

test('a skipped screenshot is not taken, and the next comes an interval later', async () => {
  const world = await start()
  await world.pass(60)
  await world.pass(20)
  world.screenshots.skipNext('firefox')
  await world.pass(0)
  assert.equal(world.screenshots.next.value, '2026-11-22T12:03:00.000Z')
  await world.pass(99)
  assert.equal(world.capture.grabs, 1)
  await world.pass(1)
  assert.equal(world.capture.grabs, 2)
  assert.deepEqual(
    recordsIn(world.journal).map(record => [record.at, record.kind]),
    [
      ['2026-11-22T12:01:00.000Z', 'screenshot'],
      ['2026-11-22T12:01:20.000Z', 'screenshot.skipped'],
      ['2026-11-22T12:03:00.000Z', 'screenshot'],
    ],
  )
  await world.end()
})

test('a skipped screenshot is not made up for after a pause', async () => {
  const world = await start()
  await world.pass(60)
  world.screenshots.skipNext('firefox')
  world.gate.value = false
  await world.pass(10)
  world.gate.value = true
  await world.pass(0)
  assert.equal(world.screenshots.next.value, '2026-11-22T12:03:00.000Z')
  await world.end()
})

const restarts: [name: string, at: string, next: string][] = [
  ['soon', '2026-11-22T12:01:40.000Z', '2026-11-22T12:03:00.000Z'],
  ['after it would have been taken', '2026-11-22T12:02:20.000Z', '2026-11-22T12:03:00.000Z'],
  ['with a clock that was set back', '2025-11-22T12:00:00.000Z', '2025-11-22T12:01:00.000Z'],
]
for (const [name, startAt, next] of restarts)
  test(`a skipped screenshot is not taken by an agent that restarts ${name}`, async () => {
    const before = await start()
    await before.pass(60)
    await before.pass(20)
    before.screenshots.skipNext('firefox')
    await before.end()
    const world = await start({ remembered: before.memory, startAt })
    assert.equal(world.screenshots.next.value, next)
    await world.end()
  })

for (const [name, skipped] of [
  ['of a random moment', { screenshot_timing: 'random' }],
  ['twice', {}],
] as const)
  test(`skipped ${name}: each is one less`, async () => {
    const world = await start({ given: skipped })
    await world.pass(60)
    const taken = world.capture.grabs
    world.screenshots.skipNext('firefox')
    await world.pass(0)
    world.screenshots.skipNext('firefox')
    await world.pass(0)
    const next = Date.parse(world.screenshots.next.value ?? '')
    assert.ok(next - world.clock.now().epochMilliseconds > 120_000, String(next))
    await world.pass(120)
    assert.equal(world.capture.grabs, taken)
    await world.end()
  })

test('none is due: there is nothing to skip', async () => {
  const world = await start({ open: false })
  assert.throws(() => world.screenshots.skipNext('firefox'), { code: 'NOT_TRACKING' })
  await world.end()
})

test('a request during a screenshot gets that screenshot', async () => {
  const world = await start()
  const hold = world.capture.hold()
  await world.pass(60)
  const asked = Promise.all([world.screenshots.takeNow('firefox'), world.screenshots.takeNow('firefox')])
  hold.release()
  await asked
  assert.equal(world.capture.grabs, 1)
  await world.end()
})

const refusals: [name: string, options: Options][] = [
  ['while paused', { open: false }],
  ['while screenshots are switched off', { given: { screenshots: false } }],
]
for (const [name, options] of refusals)
  test(`a request ${name} is refused, and nothing is captured`, async () => {
    const world = await start(options)
    await assert.rejects(world.screenshots.takeNow('firefox'), { code: 'NOT_TRACKING' })
    assert.equal(world.capture.grabs, 0)
    await world.end()
  })

test('a request that a pause interrupts before storing does not report a screenshot', async () => {
  const world = await start()
  const hold = world.capture.hold()
  const asked = world.screenshots.takeNow('firefox')
  world.gate.value = false
  hold.release()
  await assert.rejects(asked, { code: 'NOT_TRACKING' })
  assert.deepEqual(await world.pictures(), [])
  await world.end()
})

test('a request that fails gives the caller the error', async () => {
  const world = await start()
  world.capture.fail('CAPTURE_TOOL_MISSING')
  await assert.rejects(world.screenshots.takeNow('firefox'), { code: 'CAPTURE_TOOL_MISSING' })
  assert.equal(world.screenshots.problem.value?.code, 'CAPTURE_TOOL_MISSING')
  await world.end()
})

test('nothing is captured that could not be stored: the disk is checked before the screen', async () => {
  const world = await start()
  world.disk.fail('DISK_FULL')
  await world.pass(60)
  assert.equal(world.capture.grabs, 0)
  assert.equal(world.screenshots.problem.value?.code, 'DISK_FULL')
  await assert.rejects(world.screenshots.takeNow('firefox'), { code: 'DISK_FULL' })
  world.disk.recover()
  await world.pass(60)
  assert.equal(world.capture.grabs, 1)
  assert.equal(world.screenshots.problem.value, undefined)
  await world.end()
})

for (const kind of ['away', 'locked', 'asleep'] as const)
  test(`while the person is ${kind} nothing is captured; it is recorded once, and the schedule goes on`, async () => {
    const world = await start()
    await world.pass(30)
    await world.become(kind)
    await world.pass(600)
    assert.equal(world.capture.grabs, 0)
    assert.deepEqual(
      recordsIn(world.journal).map(record => [record.at, record.kind, 'reason' in record && record.reason]),
      [['2026-11-22T12:01:00.000Z', 'screenshot.skipped', kind]],
    )
    await assert.rejects(world.screenshots.takeNow('firefox'), { code: 'NOT_TRACKING' })
    assert.equal(world.screenshots.problem.value, undefined)
    await world.become('active')
    await world.pass(60)
    assert.equal(world.capture.grabs, 1)
    await world.end()
  })

for (const kind of ['idle', 'unknown'] as const)
  test(`a person who is ${kind} may be reading: screenshots go on`, async () => {
    const world = await start()
    await world.become(kind)
    await world.pass(60)
    assert.equal(world.capture.grabs, 1)
    await world.end()
  })

test('a screen that is locked in the middle of a capture drops it, and the error says so', async () => {
  const world = await start()
  const hold = world.capture.hold()
  await world.pass(60)
  assert.equal(hold.reached, true)
  await world.become('locked')
  hold.release()
  await world.pass(0)
  assert.deepEqual(await world.pictures(), [])
  assert.deepEqual(kindsIn(world.journal), ['screenshot.skipped'])
  assert.equal(world.screenshots.problem.value, undefined)
  await world.end()
})

test('a monitor with a window to hide is blurred, and the other is not', async () => {
  const world = await start({ given: { blur_screenshots: false }, redacted: new Set(['monitor 2']) })
  world.capture.plugIn(2)
  await world.pass(60)
  assert.deepEqual(await world.pictures(), [
    'grab 1 of display 1 at 50 %',
    'grab 1 of display 2 at 50 %, blurred',
  ])
  assert.deepEqual(
    recordsIn(world.journal).map(record => record.kind === 'screenshot' && record.blurred),
    [false, true],
  )
  assert.deepEqual(world.screenshots.blurred.value, [{ display: 2, reason: 'private-window' }])
  await world.end()
})

test('at a random moment: once in each interval, where it was drawn', async () => {
  const world = await start({ given: { screenshot_timing: 'random' }, share: 0.25 })
  await world.pass(15)
  assert.equal(world.capture.grabs, 1)
  assert.equal(world.screenshots.next.value, '2026-11-22T12:01:15.000Z')
  await world.pass(600)
  assert.equal(world.capture.grabs, 11)
  await world.end()
})

test('of the active monitor alone, when that is set', async () => {
  const world = await start({ given: { screenshot_displays: 'active' } })
  world.capture.plugIn(2)
  await world.pass(60)
  assert.deepEqual(await world.pictures(), ['grab 1 of display 1 at 50 %, blurred'])
  assert.equal(world.screenshots.displays.value, 2)
  await world.end()
})

describe('an unchanged display', () => {
  const given = { skip_unchanged: true }

  test('is skipped, recorded for each display, and does not count as a screenshot', async () => {
    const world = await start({ given })
    world.capture.plugIn(2)
    world.capture.show('an empty desktop')
    await world.pass(60)
    const first = world.screenshots.last.value
    await world.pass(120)
    assert.deepEqual(kindsIn(world.journal), [
      ...['screenshot', 'screenshot'],
      ...['screenshot.skipped', 'screenshot.skipped'],
      ...['screenshot.skipped', 'screenshot.skipped'],
    ])
    assert.equal(world.screenshots.last.value, first)
    assert.equal(world.capture.grabs, 3)
    const skipped = recordsIn(world.journal).at(-1)
    assert.deepEqual(
      skipped?.kind === 'screenshot.skipped' && [skipped.reason, skipped.display, skipped.of],
      ['unchanged', 2, 2],
    )
    await world.end()
  })

  test('is captured again once it changes', async () => {
    const world = await start({ given })
    world.capture.show('an empty desktop')
    await world.pass(120)
    world.capture.show('a report')
    await world.pass(60)
    assert.deepEqual(kindsIn(world.journal), ['screenshot', 'screenshot.skipped', 'screenshot'])
    await world.end()
  })

  test('is captured on request', async () => {
    const world = await start({ given })
    world.capture.show('an empty desktop')
    await world.pass(60)
    await world.screenshots.takeNow('firefox')
    assert.deepEqual(kindsIn(world.journal), ['screenshot', 'screenshot'])
    await world.end()
  })

  test('is captured when the picture settings change', async () => {
    const world = await start({ given: { ...given, blur_screenshots: false } })
    world.capture.show('an empty desktop')
    await world.pass(60)
    await world.settings.change('blur_screenshots', true)
    await world.pass(60)
    assert.deepEqual(kindsIn(world.journal), ['screenshot', 'screenshot'])
    await world.end()
  })

  test('is captured without the setting to skip it', async () => {
    const world = await start()
    world.capture.show('an empty desktop')
    await world.pass(120)
    assert.deepEqual(kindsIn(world.journal), ['screenshot', 'screenshot'])
    await world.end()
  })
})
