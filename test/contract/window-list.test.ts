import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { copyFile, mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { windowList } from '../../native-host/adapters/windows/table.ts'
import type { WindowAreas } from '../../native-host/screenshots/ports.ts'
import type { BrowserWindow } from '../../native-host/screenshots/private-windows.ts'
import { assertWithin } from '../support/pace.ts'
import { startVirtualDisplay } from '../support/virtual-display.ts'
import { openXWindows, type XWindows } from '../support/x-windows.ts'

const { signal } = new AbortController()
const avoid = { applications: ['signal', 'señal', '秘密'], privateWindows: true }
const here = { x: 10, y: 20, width: 300, height: 200 }
const excluded = (area = here) => ({ area, reason: 'excluded-application' as const })
type SeenBrowser = Omit<BrowserWindow, 'id' | 'of' | 'part'> & {
  part: BrowserWindow['part']
  said?: 'ordinary' | 'private' | 'nothing'
  isAttachedToFirst?: boolean
}
type Seen = { hidden?: WindowAreas['hidden']; browsers?: SeenBrowser[] }
const shown: SeenBrowser = {
  ...{ part: 'window', said: 'nothing', pid: undefined, state: 'shown' },
  ...{ bounds: here, area: here },
}
const menu: SeenBrowser = {
  ...{ part: 'attached', pid: undefined, state: 'shown', isAttachedToFirst: true },
  ...{ bounds: here, area: here },
}
const private_ = { title: 'x — Mozilla Firefox Private Browsing', classes: ['Navigator', 'firefox'] } as const
const chromium: Parameters<XWindows['open']>[0] = {
  title: 'x - Chromium',
  classes: ['chromium', 'Chromium'],
  role: 'browser',
}
const ordinary: Parameters<XWindows['open']>[0] = {
  title: 'x — Mozilla Firefox',
  classes: ['Navigator', 'firefox'],
  role: 'browser',
}

const rows: [what: string, open: (windows: XWindows) => Promise<unknown>, seen: Seen][] = [
  ['no window', async () => undefined, {}],
  [
    'a window with the name in its class',
    ws => ws.open({ classes: ['signal', 'Signal'] }),
    { hidden: [excluded()] },
  ],
  [
    'a window with the name in its title',
    ws => ws.open({ title: 'SIGNAL — chats' }),
    { hidden: [excluded()] },
  ],
  [
    'a window with the name in a title in Latin-1',
    ws => ws.open({ name: { type: 'STRING', text: 'Se\xf1al' } }),
    { hidden: [excluded()] },
  ],
  [
    'a window with the name in a title that says STRING and is UTF-8',
    ws => ws.open({ name: { type: 'STRING', text: 'Se\xc3\xb1al' } }),
    { hidden: [excluded()] },
  ],
  [
    'a window with the name in compound text, in Japanese',
    ws => ws.open({ name: { type: 'COMPOUND_TEXT', text: 'x \x1b$(BHkL)\x1b(B' } }),
    { hidden: [excluded()] },
  ],
  [
    'a window whose one name has it, and the other does not',
    ws => ws.open({ title: 'harmless', name: { type: 'C_STRING', text: 'signal' } }),
    { hidden: [excluded()] },
  ],
  [
    'an ordinary window of Firefox, whose older name is compound text',
    ws =>
      ws.open({
        ...ordinary,
        name: { type: 'COMPOUND_TEXT', text: 'x \x1b%G\xe2\x80\x94\x1b%@ Mozilla Firefox' },
      }),
    { browsers: [{ ...shown, said: 'ordinary' }] },
  ],
  [
    'an ordinary window of Firefox that has the older name alone',
    ws =>
      ws.open({
        ...ordinary,
        title: '',
        name: { type: 'COMPOUND_TEXT', text: 'x \x1b%G\xe2\x80\x94\x1b%@ Mozilla Firefox' },
      }),
    { browsers: [{ ...shown, said: 'ordinary' }] },
  ],
  ['another window', ws => ws.open({ title: 'a terminal', classes: ['xterm', 'XTerm'] }), {}],
  [
    'a private window of Firefox',
    ws => ws.open({ ...private_, classes: [...private_.classes], role: 'browser' }),
    { browsers: [{ ...shown, said: 'private' }] },
  ],
  [
    'a window of Chromium, which may be private',
    ws => ws.open({ ...chromium, pid: process.pid }),
    { browsers: [{ ...shown, pid: process.pid }] },
  ],
  ['a window of Chromium that says no process', ws => ws.open(chromium), { browsers: [shown] }],
  [
    'a menu of it',
    async ws => ws.open({ ...chromium, role: '', of: await ws.open(chromium), overrideRedirect: true }),
    { browsers: [shown, menu] },
  ],
  [
    'a window of Chromium in a frame: what is seen is more than the browser knows',
    async ws => {
      const frame = await ws.open({ x: 100, y: 50, width: 420, height: 330 })
      await ws.open({ ...chromium, parent: frame, x: 10, y: 20 })
    },
    {
      browsers: [
        {
          ...shown,
          bounds: { x: 110, y: 70, width: 300, height: 200 },
          area: { x: 100, y: 50, width: 420, height: 330 },
        },
      ],
    },
  ],
  [
    'one window of Chromium, and one that is not shown',
    async ws => {
      await ws.open(chromium)
      await ws.open({ ...chromium, mapped: false })
    },
    { browsers: [shown, { ...shown, state: 'elsewhere' }] },
  ],
  [
    'one window of Chromium, and one that is minimised and mapped',
    async ws => {
      await ws.open(chromium)
      await ws.open({ ...chromium, minimised: true })
    },
    { browsers: [shown, { ...shown, state: 'minimised' }] },
  ],
  ['one that is not shown', ws => ws.open({ title: 'Signal', mapped: false }), {}],
  ['one that was shown', async ws => ws.close(await ws.open({ title: 'Signal' })), {}],
  ['one that is minimised and still mapped', ws => ws.open({ title: 'Signal', minimised: true }), {}],
  [
    'one in the frame of a window manager: the frame is what is seen',
    async ws => {
      const frame = await ws.open({ x: 100, y: 50, width: 420, height: 330 })
      await ws.open({ title: 'Signal', parent: frame, x: 10, y: 20 })
    },
    { hidden: [excluded({ x: 100, y: 50, width: 420, height: 330 })] },
  ],
  [
    'two of them, one partly beyond the edge',
    async ws => {
      await ws.open({ title: 'Signal', x: -50, y: -10 })
      await ws.open({ title: 'Signal' })
    },
    { hidden: [excluded({ x: -50, y: -10, width: 300, height: 200 }), excluded()] },
  ],
]
for (const [what, open, seen] of rows)
  test(`on a desktop with ${what}`, async () => {
    await using display = await startVirtualDisplay()
    await using windows = await openXWindows(display.display)
    await open(windows)
    const found = await windowList({ DISPLAY: display.display }, 'linux').look(avoid, signal)
    const inOrder = found.browsers.toSorted((one, other) => one.id - other.id)
    const [first] = inOrder
    const browsers = inOrder.map(({ id, of, ...browser }) => ({
      ...browser,
      ...(of !== undefined && { isAttachedToFirst: of === first?.id }),
    }))
    assert.deepEqual({ hidden: found.hidden, browsers }, { hidden: [], browsers: [], ...seen })
  })

const programs: [what: string, files: string[], role: string, part: string | undefined][] = [
  ['a fork of Chromium', ['resources.pak', 'chrome_crashpad_handler'], 'browser', 'window'],
  ['a fork of Firefox', ['browser/omni.ja', 'application.ini'], 'browser', 'window'],
  ['a program that embeds Chromium', ['resources.pak', 'resources/app.asar'], 'browser', undefined],
  ['another program', [], '', undefined],
]
for (const [what, files, role, part] of programs)
  test(`${what} that is on no list is known by its files: ${part ?? 'no browser'}`, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'program-'))
    for (const name of files) {
      await mkdir(dirname(join(folder.path, name)), { recursive: true })
      await writeFile(join(folder.path, name), name === 'application.ini' ? '[App]\nName=Quokka\n' : '')
    }
    const program = join(folder.path, 'quokka')
    await copyFile('/bin/sleep', program)
    const running = spawn(program, ['60'])
    try {
      await using display = await startVirtualDisplay()
      await using windows = await openXWindows(display.display)
      const { pid = 0 } = running
      await windows.open({ title: 'x — Quokka', classes: ['quokka', 'Quokka'], role, pid })
      const { browsers } = await windowList({ DISPLAY: display.display }, 'linux').look(avoid, signal)
      const [found] = browsers
      assert.deepEqual([found?.part, found?.pid], [part, part && pid])
      if (found?.part === 'window')
        assert.equal(found.said, files.includes('application.ini') ? 'ordinary' : 'nothing')
    } finally {
      running.kill()
    }
  })

const blind: [what: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform][] = [
  ['Windows', {}, 'win32'],
  ['macOS', {}, 'darwin'],
  ['Wayland, although X answers too', { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, 'linux'],
  ['a session of Wayland', { XDG_SESSION_TYPE: 'wayland', DISPLAY: ':0' }, 'linux'],
  ['no display', {}, 'linux'],
  ['a display that is not there', { DISPLAY: ':9999' }, 'linux'],
]
for (const [what, env, platform] of blind)
  test(`no program can list the open windows: ${what}`, async () => {
    await assert.rejects(windowList(env, platform).look(avoid, signal), { code: 'WINDOWS_UNKNOWN' })
  })

test('a display that hangs is one of which nothing is known, after three seconds', async () => {
  await using display = await startVirtualDisplay()
  process.kill(display.pid, 'SIGSTOP')
  try {
    const since = performance.now()
    const look = windowList({ DISPLAY: display.display }, 'linux').look(avoid, signal)
    await assert.rejects(look, { code: 'WINDOWS_UNKNOWN' })
    await assertWithin(6000, performance.now() - since)
  } finally {
    process.kill(display.pid, 'SIGCONT')
  }
})

test('who gives up gets the reason, and no answer', async () => {
  await using display = await startVirtualDisplay()
  const look = windowList({ DISPLAY: display.display }, 'linux').look(avoid, AbortSignal.abort('enough'))
  await assert.rejects(look, reason => reason === 'enough')
})

test('a hundred windows take no time that a user would notice', async t => {
  await using display = await startVirtualDisplay()
  await using windows = await openXWindows(display.display)
  for (let n = 0; n < 100; n++) await windows.open({ title: `window ${n}`, classes: ['xterm', 'XTerm'] })
  const list = windowList({ DISPLAY: display.display }, 'linux')
  await list.look(avoid, signal)
  const before = process.cpuUsage()
  const since = performance.now()
  for (let n = 0; n < 5; n++) await list.look(avoid, signal)
  const { user, system } = process.cpuUsage(before)
  t.diagnostic(
    `${Math.round((performance.now() - since) / 5)} ms, ${Math.round((user + system) / 5000)} CPU ms a look`,
  )
})
