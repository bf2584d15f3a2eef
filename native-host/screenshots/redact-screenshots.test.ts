import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BlurReason } from '../../protocol/blur-reasons.ts'
import { AppError } from '../../protocol/errors.ts'
import type { OwnWindow } from '../../protocol/own-windows.ts'
import type { Settings } from '../../protocol/settings.ts'
import { fakeSettings } from '../../test/fakes-storage.ts'
import type { Area, Monitor, WindowAreas } from './ports.ts'
import type { BrowserWindow } from './private-windows.ts'
import { createRedaction } from './redact-screenshots.ts'

const monitor = (x: number): Monitor => ({ name: 'm', x, y: 0, width: 1920, height: 1080, scale: 1 })
const [left, right] = [monitor(0), monitor(1920)]
const onLeft: Area = { x: 10, y: 10, width: 300, height: 200 }
const onRight: Area = { ...onLeft, x: 2000 }
const hidden = (reason: BlurReason): WindowAreas => ({ hidden: [{ area: onLeft, reason }], browsers: [] })
const nothing: WindowAreas = { hidden: [], browsers: [] }
const browser: BrowserWindow = {
  ...{ id: 7, pid: 4000, of: undefined, part: 'window', said: 'nothing' },
  ...{ bounds: onLeft, area: onLeft, state: 'shown' },
}
const chromium: WindowAreas = { hidden: [], browsers: [browser] }
const own: OwnWindow = { left: 10, top: 10, width: 300, height: 200, state: 'open', private: false }

/** `lists`: what is on the desktop at each look; `answers`: what the extension says at each, if it is there at all. */
function make(
  lists: (WindowAreas | AppError)[],
  given: Partial<Settings> = {},
  answers: readonly OwnWindow[][] = [],
) {
  const settings = fakeSettings({ blur_screenshots: false, ...given })
  const looks: unknown[] = []
  const logged: unknown[] = []
  let asked = 0
  const redaction = createRedaction({
    settings: settings.current,
    log: event => void logged.push(event),
    async ask() {
      const windows = answers[asked++]
      return answers.length === 0 ? [] : [{ pid: 4000, windows: windows ?? [] }]
    },
    windows: {
      async look(avoid) {
        const list = lists[looks.length] ?? nothing
        looks.push(avoid)
        if (list instanceof AppError) throw list
        return list
      },
    },
  })
  const { signal } = new AbortController()
  return {
    logged,
    settings,
    looks,
    asked: () => asked,
    /** For the left and the right monitor. */
    async shot(meanwhile: () => Promise<void> = async () => undefined) {
      const again = await redaction.prepareRedaction(signal)
      await meanwhile()
      const reasonsFor = await again(signal)
      return [reasonsFor(left), reasonsFor(right)]
    },
  }
}

type Reasons = (BlurReason | 'blur-setting')[]
const blind = new AppError('WINDOWS_UNKNOWN', { detail: 'Wayland' })

const rows: [what: string, lists: (WindowAreas | AppError)[], left: Reasons, right: Reasons][] = [
  ['nothing to hide', [nothing, nothing], [], []],
  ['a private window', [hidden('private-window'), nothing], ['private-window'], []],
  ['one that opened while it was taken', [nothing, hidden('private-window')], ['private-window'], []],
  [
    'an excluded application, and a private window',
    [hidden('excluded-application'), hidden('private-window')],
    ['excluded-application', 'private-window'],
    [],
  ],
  ['no list before', [blind, nothing], ['windows-unknown'], ['windows-unknown']],
  ['no list after', [nothing, blind], ['windows-unknown'], ['windows-unknown']],
]
for (const [what, lists, onTheLeft, onTheRight] of rows)
  test(`${what}: blurred for ${onTheLeft.join(' and ') || 'nothing'} on the left monitor, ${onTheRight.join() || 'nothing'} on the right`, async () => {
    assert.deepEqual(await make(lists).shot(), [onTheLeft, onTheRight])
  })

const answers: [what: string, own: OwnWindow[][], reasons: Reasons][] = [
  ['has it both times', [[own], [own]], []],
  ['has it before, and no more after', [[own], []], ['browser-unmatched']],
  ['has it after, and not yet before', [[], [own]], ['browser-unmatched']],
  ['says that it is private', [[own], [{ ...own, private: true }]], ['private-window']],
  ['is not there', [], ['browser-unmatched']],
]
for (const [what, own, reasons] of answers)
  test(`a window of a browser whose extension ${what} is blurred for ${reasons.join() || 'nothing'}`, async () => {
    assert.deepEqual(await make([chromium, chromium], {}, own).shot(), [reasons, []])
  })

test('a window that moved while it was taken is blurred where it was and where it is', async () => {
  const moved: WindowAreas = { hidden: [], browsers: [{ ...browser, bounds: onRight, area: onRight }] }
  const there = { ...own, left: onRight.x }
  assert.deepEqual(await make([chromium, moved], {}, [[own], [there]]).shot(), [[], []])
  assert.deepEqual(await make([chromium, moved], {}, [[own], [own]]).shot(), [[], ['browser-unmatched']])
})

test('extensions are asked only while a browser is shown', async () => {
  const world = make([nothing, { hidden: [], browsers: [{ ...browser, state: 'minimised' }] }])
  await world.shot()
  assert.equal(world.asked(), 0)
})

test('a failure to list windows is logged once, and again after a success', async () => {
  const world = make([blind, blind, blind, nothing, blind, nothing])
  for (let shot = 0; shot < 3; shot++) await world.shot()
  const event = { event: 'windows-unknown', code: 'WINDOWS_UNKNOWN', detail: 'Wayland' }
  assert.deepEqual(world.logged, [event, event])
})

test('windows are not listed where everything is blurred, or nothing is to be hidden', async () => {
  const all = make([], { blur_screenshots: true })
  assert.deepEqual(await all.shot(), [['blur-setting'], ['blur-setting']])
  const none = make([], { blur_private_windows: false, excluded_applications: ' , ' })
  assert.deepEqual(await none.shot(), [[], []])
  assert.deepEqual([all.looks, none.looks], [[], []])
})

test('the search follows the settings', async () => {
  const world = make([], { excluded_applications: 'Signal, KeePassXC', blur_private_windows: false })
  await world.shot()
  assert.deepEqual(world.looks, [
    { applications: ['signal', 'keepassxc'], privateWindows: false },
    { applications: ['signal', 'keepassxc'], privateWindows: false },
  ])
})

const changes: [
  what: string,
  from: Partial<Settings>,
  to: () => [keyof Settings, string | boolean],
  reason: Reasons[0],
][] = [
  ['blurring is switched off', { blur_screenshots: true }, () => ['blur_screenshots', false], 'blur-setting'],
  ['blurring is switched on', {}, () => ['blur_screenshots', true], 'blur-setting'],
  [
    'an application is named',
    { blur_private_windows: false },
    () => ['excluded_applications', 'signal'],
    'settings-changed',
  ],
]
for (const [what, from, to, reason] of changes)
  test(`${what} while a picture is taken: it is blurred`, async () => {
    const world = make([], from)
    const blurred = await world.shot(async () => {
      const [name, value] = to()
      await world.settings.change(name, value)
    })
    assert.deepEqual(blurred, [[reason], [reason]])
  })
