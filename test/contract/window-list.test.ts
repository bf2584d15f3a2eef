import assert from 'node:assert/strict'
import { test } from 'node:test'
import { windowList } from '../../native-host/adapters/windows/table.ts'
import type { WindowAreas } from '../../native-host/ports.ts'
import { startVirtualDisplay } from '../support/virtual-display.ts'
import { openXWindows, type XWindows } from '../support/x-windows.ts'

const { signal } = new AbortController()
const avoid = { applications: ['signal', 'señal', '秘密'], privateWindows: true }
const here = { x: 10, y: 20, width: 300, height: 200 }
const excluded = (area = here) => ({ area, reason: 'excluded-application' as const })
const private_ = { title: 'x — Mozilla Firefox Private Browsing', classes: ['Navigator', 'firefox'] } as const
const ordinary: Parameters<XWindows['open']>[0] = {
  title: 'x — Mozilla Firefox',
  classes: ['Navigator', 'firefox'],
  role: 'browser',
}

const rows: [what: string, open: (windows: XWindows) => Promise<unknown>, seen: Partial<WindowAreas>][] = [
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
    {},
  ],
  [
    'an ordinary window of Firefox that has the older name alone',
    ws =>
      ws.open({
        ...ordinary,
        title: '',
        name: { type: 'COMPOUND_TEXT', text: 'x \x1b%G\xe2\x80\x94\x1b%@ Mozilla Firefox' },
      }),
    {},
  ],
  ['another window', ws => ws.open({ title: 'a terminal', classes: ['xterm', 'XTerm'] }), {}],
  [
    'a private window of Firefox',
    ws => ws.open({ ...private_, classes: [...private_.classes], role: 'browser' }),
    { hidden: [{ area: here, reason: 'private-window' }] },
  ],
  [
    'a window of Chromium, which may be private',
    ws => ws.open({ title: 'x - Chromium', classes: ['chromium', 'Chromium'], role: 'browser' }),
    { unclear: [{ browser: 'Chromium', area: here }] },
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
    assert.deepEqual(found, { hidden: [], unclear: [], ...seen })
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
  test(`nobody can tell which windows are open: ${what}`, async () => {
    await assert.rejects(windowList(env, platform).look(avoid, signal), { code: 'WINDOWS_UNKNOWN' })
  })

test('a display that hangs is one of which nothing is known, after three seconds', async () => {
  await using display = await startVirtualDisplay()
  process.kill(display.pid, 'SIGSTOP')
  try {
    const since = performance.now()
    const look = windowList({ DISPLAY: display.display }, 'linux').look(avoid, signal)
    await assert.rejects(look, { code: 'WINDOWS_UNKNOWN' })
    assert.ok(performance.now() - since < 6000)
  } finally {
    process.kill(display.pid, 'SIGCONT')
  }
})

test('who gives up gets the reason, and no answer', async () => {
  await using display = await startVirtualDisplay()
  const look = windowList({ DISPLAY: display.display }, 'linux').look(avoid, AbortSignal.abort('enough'))
  await assert.rejects(look, reason => reason === 'enough')
})

test('a hundred windows take no time that anybody would notice', async t => {
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
