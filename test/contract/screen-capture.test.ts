import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdtempDisposable, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { screenshotDesktop } from '../../native-host/adapters/capture/screenshot-desktop.ts'
import { chooseCapture } from '../../native-host/adapters/capture/table.ts'
import { x11Capture } from '../../native-host/adapters/capture/x11.ts'
import type { ScreenCapture } from '../../native-host/screenshots/ports.ts'
import { AppError, type ErrorCode, errorRows } from '../../protocol/errors.ts'
import { processesOf } from '../support/processes.ts'
import { startVirtualDisplay } from '../support/virtual-display.ts'
import { waitFor } from '../support/wait-for.ts'
import { type Color, screenCaptureContract, sharpOf } from './screen-capture.ts'

const run = promisify(execFile)
const grabProgram = join(import.meta.dirname, '../../native-host/programs/screen-grab.ts')
const forever = new AbortController().signal

type DisplayOptions = Parameters<typeof startVirtualDisplay>[0]
const ways: [name: string, open: (env: NodeJS.ProcessEnv) => ScreenCapture, display?: DisplayOptions][] = [
  ['the capture of this system', env => chooseCapture(env, grabProgram)],
  ['x11', env => x11Capture({ env, grabProgram })],
  ['x11 without shared memory', env => x11Capture({ env, grabProgram }), { without: 'MIT-SHM' }],
  ['x11 without a list of monitors', env => x11Capture({ env, grabProgram }), { without: 'RANDR' }],
  ['x11 at 16 bits', env => x11Capture({ env, grabProgram }), { depth: 16 }],
  ['x11 at 15 bits', env => x11Capture({ env, grabProgram }), { depth: 15 }],
  ['x11 at 30 bits', env => x11Capture({ env, grabProgram }), { depth: 30 }],
  ['at 8 bits, which is left to screenshot-desktop', env => chooseCapture(env, grabProgram), { depth: 8 }],
  ['screenshot-desktop', env => screenshotDesktop({ env, grabProgram })],
  [
    'screenshot-desktop without shared memory',
    env => screenshotDesktop({ env, grabProgram }),
    { without: ['MIT-SHM', 'RECORD'] },
  ],
]
for (const [name, open, options] of ways)
  screenCaptureContract(name, async () => {
    const [width, height] = [1280, 720]
    const display = await startVirtualDisplay({ width, height, ...options })
    return {
      capture: open(display.env),
      width,
      height,
      paint: color => paint(color, display.env),
      [Symbol.asyncDispose]: display.stop,
    }
  })

/** What xrandr prints on a computer with two displays of which the second is the primary one. */
const twoDisplays = `#!/bin/sh
cat <<END
Screen 0: minimum 1 x 1, current 1280 x 720, maximum 1280 x 720
HDMI-1 connected 480x720+800+0 (normal left inverted right x axis y axis) 0mm x 0mm
eDP-1 connected primary 800x600+0+0 (normal left inverted right x axis y axis) 0mm x 0mm
DP-1 disconnected (normal left inverted right x axis y axis)
END
`

test('screenshot-desktop takes a picture of each display, in the order of the system', async () => {
  await using display = await startVirtualDisplay({ width: 1280, height: 720 })
  await using tools = await toolFolder({ xrandr: twoDisplays, import: 'real' })
  const env = { ...display.env, PATH: tools.path }
  using grabbed = await screenshotDesktop({ env, grabProgram }).grab('all', forever)
  const sizes = await Promise.all(
    grabbed.grabs.map(async ({ display, picture }) => {
      const { width, height } = await sharpOf(picture).metadata()
      return { display, width, height }
    }),
  )
  assert.deepEqual(sizes, [
    { display: 1, width: 480, height: 720 },
    { display: 2, width: 800, height: 600 },
  ])
})

const hangs = '#!/bin/sh\nexec sleep 60\n'
const fails = '#!/bin/sh\necho something is wrong >&2\nexit 1\n'
const noDisplays = '#!/bin/sh\necho Screen 0: minimum 1 x 1\n'
/** Answers when it is asked whether there is a display, and the next time no more, as when X dies in between. */
const failsLater = (asked: number) => `#!/bin/sh
echo x >> "$(dirname "$0")/asked"
[ "$(wc -l < "$(dirname "$0")/asked")" -le ${asked} ] || exit 1
echo "screen connected 800x600+0+0 0mm x 0mm"
`

const failures: { what: string; tools: Tools; code: ErrorCode; detail?: RegExp }[] = [
  {
    what: 'xrandr is missing',
    tools: { import: 'real' },
    code: 'CAPTURE_TOOL_MISSING',
    detail: /x11-xserver-utils/,
  },
  {
    what: 'import is missing',
    tools: { xrandr: 'real' },
    code: 'CAPTURE_TOOL_MISSING',
    detail: /imagemagick/,
  },
  { what: 'xrandr fails', tools: { xrandr: fails, import: 'real' }, code: 'CAPTURE_NO_DISPLAY' },
  {
    what: 'xrandr fails at the list',
    tools: { xrandr: failsLater(1), import: 'real' },
    code: 'CAPTURE_FAILED',
  },
  {
    what: 'xrandr fails at the picture',
    tools: { xrandr: failsLater(2), import: 'real' },
    code: 'CAPTURE_FAILED',
  },
  {
    what: 'no display is connected',
    tools: { xrandr: noDisplays, import: 'real' },
    code: 'CAPTURE_NO_DISPLAY',
  },
  {
    what: 'import fails',
    tools: { xrandr: 'real', import: fails },
    code: 'CAPTURE_FAILED',
    detail: /import/,
  },
  { what: 'import hangs', tools: { xrandr: 'real', import: hangs }, code: 'CAPTURE_TIMED_OUT' },
]
for (const { what, tools, code, detail = /^/ } of failures) {
  test(`${code} when ${what}, and nothing is left over`, async () => {
    await using display = await startVirtualDisplay({ width: 640, height: 480 })
    await using folder = await toolFolder(tools)
    const way = screenshotDesktop({ env: { ...display.env, PATH: folder.path }, grabProgram }, 1500)
    const grabbing = way.obstacle(forever).then(obstacle => {
      if (obstacle) throw obstacle
      return way.grab('all', forever)
    })
    await assert.rejects(grabbing, error => {
      assert.ok(error instanceof AppError)
      assert.equal(error.code, code)
      assert.match(error.detail ?? '', detail)
      return true
    })
    // What is killed needs a moment to be gone.
    await waitFor('nothing to be left over', () => processesOf(folder.path).length === 0)
  })
}

const noDisplay: [what: string, env: NodeJS.ProcessEnv, code: ErrorCode][] = [
  ['DISPLAY is not set', { DISPLAY: undefined }, 'CAPTURE_NO_DISPLAY'],
  ['DISPLAY does not answer', { DISPLAY: ':54321' }, 'CAPTURE_NO_DISPLAY'],
  ['DISPLAY is on a computer that does not answer', { DISPLAY: 'localhost:54' }, 'CAPTURE_NO_DISPLAY'],
  ...['nonsense', ':', 'a:b:c', ':99999999'].map((DISPLAY): (typeof noDisplay)[number] => [
    `DISPLAY is ${DISPLAY}`,
    { DISPLAY },
    'CAPTURE_NO_DISPLAY',
  ]),
  ['the session is one of Wayland', { DISPLAY: ':54321', XDG_SESSION_TYPE: 'wayland' }, 'CAPTURE_WAYLAND'],
  ['the compositor does not answer', { WAYLAND_DISPLAY: '/no/such/socket' }, 'CAPTURE_NO_DISPLAY'],
]
for (const [what, env, code] of noDisplay) {
  test(`${code} when ${what}, before anything is started`, async () => {
    const { WAYLAND_DISPLAY, XDG_SESSION_TYPE, XDG_RUNTIME_DIR, ...rest } = process.env
    const grabbing = chooseCapture({ ...rest, ...env }, '/no/such/file').grab('all', forever)
    await assert.rejects(grabbing, error => error instanceof AppError && error.code === code)
  })
}

test('a display of 8 bits, without what can read it: the depth is said, and what to install', async () => {
  await using display = await startVirtualDisplay({ width: 640, height: 480, depth: 8 })
  await using folder = await toolFolder({ xrandr: 'real' })
  const grabbing = chooseCapture({ ...display.env, PATH: folder.path }, grabProgram).grab('all', forever)
  await assert.rejects(grabbing, error => {
    assert.ok(error instanceof AppError)
    assert.deepEqual(
      [error.code, error.detail],
      ['CAPTURE_DEPTH', `DISPLAY ${display.display} has 8 bits per pixel`],
    )
    assert.match(errorRows.CAPTURE_DEPTH.next, /imagemagick/)
    return true
  })
})

test('an aborted capture leaves nothing over', async () => {
  await using display = await startVirtualDisplay({ width: 640, height: 480 })
  await using folder = await toolFolder({ xrandr: 'real', import: hangs })
  const aborted = new AbortController()
  const env = { ...display.env, PATH: folder.path }
  const grabbing = screenshotDesktop({ env, grabProgram }).grab('all', aborted.signal)
  setTimeout(() => aborted.abort(new Error('enough')), 500)
  await assert.rejects(grabbing, /enough/)
  await waitFor('nothing to be left over', () => processesOf(folder.path).length === 0)
})

/** A stand-in for a program, or the real one; a program that is not named is not there. */
type Tools = Partial<Record<'xrandr' | 'import', string>>

/** A PATH on which only the shell's own tools and the named ones are. */
async function toolFolder(tools: Tools) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'tools-'))
  const shellTools = ['sh', 'cat', 'sleep', 'wc', 'dirname', 'echo']
  for (const [tool, script] of [
    ...Object.entries(tools),
    ...shellTools.map(tool => [tool, 'real'] as const),
  ]) {
    const file = join(folder.path, tool)
    if (script === 'real') await symlink(await realPath(tool), file)
    else {
      await writeFile(file, script)
      await chmod(file, 0o755)
    }
  }
  return folder
}

async function realPath(tool: string): Promise<string> {
  const { stdout } = await run('/bin/sh', [
    '-c',
    `command -v -- /usr/bin/${tool} || command -v -- /bin/${tool}`,
  ])
  return stdout.trim()
}

async function paint({ r, g, b }: Color, env: NodeJS.ProcessEnv): Promise<void> {
  const hex = [r, g, b].map(part => part.toString(16).padStart(2, '0')).join('')
  await run('xsetroot', ['-solid', `#${hex}`], { env })
}
