import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { fakeSettings } from '../../test/fakes-storage.ts'
import { handClock } from '../../test/hand-clock.ts'
import type { PrivateWindows } from '../core/private-windows.ts'
import type { Area, Monitor, WindowAreas } from '../ports.ts'
import { createVeil } from './veil-screenshots.ts'

const monitor = (x: number): Monitor => ({ name: 'm', x, y: 0, width: 1920, height: 1080, scale: 1 })
const [left, right] = [monitor(0), monitor(1920)]
const onLeft: Area = { x: 10, y: 10, width: 300, height: 200 }
const nothing: WindowAreas = { hidden: [], unclear: [] }
const chromium: WindowAreas = { hidden: [], unclear: [{ browser: 'Chromium', area: onLeft }] }

/** `lists`: what is on the desktop at each look. */
function make(lists: (WindowAreas | AppError)[], given: Partial<Settings> = {}, said: PrivateWindows[] = []) {
  const settings = fakeSettings({ blur_screenshots: false, ...given })
  const clock = handClock()
  const looks: unknown[] = []
  const veil = createVeil({
    settings: settings.current,
    clock,
    said: () => said.map(windows => ({ browser: 'Chromium', windows })),
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
    veil,
    settings,
    looks,
    said,
    /** For the left and the right monitor. */
    async shot(meanwhile: () => Promise<void> = async () => undefined) {
      const again = await veil.raise(signal)
      await meanwhile()
      const asked = again(signal)
      await clock.pass(1000)
      const blurs = await asked
      return [blurs(left), blurs(right)]
    },
  }
}

const rows: [what: string, lists: (WindowAreas | AppError)[], blurred: [boolean, boolean]][] = [
  ['nothing to hide', [nothing, nothing], [false, false]],
  ['a window that is to be hidden', [{ ...nothing, hidden: [onLeft] }, nothing], [true, false]],
  ['one that opened while it was taken', [nothing, { ...nothing, hidden: [onLeft] }], [true, false]],
  ['no list before', [new AppError('WINDOWS_UNKNOWN'), nothing], [true, true]],
  ['no list after', [nothing, new AppError('WINDOWS_UNKNOWN')], [true, true]],
]
for (const [what, lists, blurred] of rows)
  test(`${what}: blurred is ${blurred.join(' and ')}, on the left and the right monitor`, async () => {
    assert.deepEqual(await make(lists).shot(), blurred)
  })

const words: [said: PrivateWindows[], blurred: boolean, problem: string | undefined][] = [
  [['none'], false, undefined],
  [['some'], true, undefined],
  [['unknown'], true, 'PRIVATE_WINDOWS_UNKNOWN'],
  [[], true, 'PRIVATE_WINDOWS_UNKNOWN'],
]
for (const [said, blurred, problem] of words)
  test(`a window of a browser whose extension says ${said[0] ?? 'nothing'} is ${blurred ? 'blurred' : 'shown'}`, async () => {
    const world = make([chromium, chromium], {}, said)
    assert.deepEqual(await world.shot(), [blurred, false])
    assert.equal(world.veil.problem.value?.code, problem)
  })

test('a browser that tells of a private window a moment after the picture is heard', async () => {
  const world = make([chromium, chromium], {}, ['none'])
  const blurred = await world.shot(async () => {
    world.said[0] = 'some'
  })
  assert.deepEqual(blurred, [true, false])
})

test('why everything is blurred is said, until it is seen again', async () => {
  const world = make([new AppError('WINDOWS_UNKNOWN', { detail: 'Wayland' })])
  await world.shot()
  assert.equal(world.veil.problem.value, undefined, 'the second look worked')
  const blind = make([
    new AppError('WINDOWS_UNKNOWN'),
    new AppError('WINDOWS_UNKNOWN', { detail: 'Wayland' }),
  ])
  await blind.shot()
  assert.deepEqual(blind.veil.problem.value, { code: 'WINDOWS_UNKNOWN', detail: 'Wayland' })
})

test('nobody looks at windows where everything is blurred, or nothing is to be hidden', async () => {
  const all = make([], { blur_screenshots: true })
  assert.deepEqual(await all.shot(), [true, true])
  const none = make([], { blur_private_windows: false, excluded_applications: ' , ' })
  assert.deepEqual(await none.shot(), [false, false])
  assert.deepEqual([all.looks, none.looks], [[], []])
})

test('what is looked for is what the settings say', async () => {
  const world = make([], { excluded_applications: 'Signal, KeePassXC', blur_private_windows: false })
  await world.shot()
  assert.deepEqual(world.looks, [
    { applications: ['signal', 'keepassxc'], privateWindows: false },
    { applications: ['signal', 'keepassxc'], privateWindows: false },
  ])
})

const changes: [what: string, from: Partial<Settings>, to: () => [keyof Settings, string | boolean]][] = [
  ['blurring is switched off', { blur_screenshots: true }, () => ['blur_screenshots', false]],
  ['blurring is switched on', {}, () => ['blur_screenshots', true]],
  ['an application is named', { blur_private_windows: false }, () => ['excluded_applications', 'signal']],
]
for (const [what, from, to] of changes)
  test(`${what} while a picture is taken: it is blurred`, async () => {
    const world = make([], from)
    const blurred = await world.shot(async () => {
      const [name, value] = to()
      await world.settings.change(name, value)
    })
    assert.deepEqual(blurred, [true, true])
  })
