import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempDisposable, readdir, readlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import x11, { type XDisplay } from 'x11'
import { x11Capture } from '../../native-host/adapters/capture/x11.ts'
import { keepOwnAtoms } from '../../native-host/platform/x11/own-atoms.ts'
import type { Grabbed, ScreenCapture } from '../../native-host/screenshots/ports.ts'
import { mountsAreForbidden } from '../support/private-mount.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { startVirtualDisplay } from '../support/virtual-display.ts'
import { waitFor } from '../support/wait-for.ts'
import { outcomeWith, sharpOf } from './screen-capture.ts'

const run = promisify(execFile)
const forever = new AbortController().signal
const [width, height] = [1280, 720]

/** A desktop that can have one monitor or two. */
async function twoMonitors() {
  const display = await startVirtualDisplay({ width, height })
  const xrandr = (...args: string[]) => run('xrandr', args, { env: display.env })
  return {
    env: display.env,
    capture: x11Capture({ env: display.env, grabProgram: '/no/such/file' }),
    async plugInTwo() {
      await xrandr('--setmonitor', 'left', '800/211x720/190+0+0', 'screen')
      await xrandr('--setmonitor', 'right', '480/64x600/80+800+100', 'none')
    },
    async unplugRight() {
      await xrandr('--delmonitor', 'right')
    },
    setPointer: (x: number, y: number) => run('xdotool', ['mousemove', `${x}`, `${y}`], { env: display.env }),
    [Symbol.asyncDispose]: display.stop,
  }
}

async function shot(capture: ScreenCapture, which: 'all' | 'active' = 'all') {
  using grabbed = await capture.grab(which, forever)
  return summary(grabbed)
}

function summary({ grabs, displays }: Grabbed) {
  return {
    displays,
    grabs: grabs.map(({ display, monitor, picture }) => ({
      display,
      name: monitor?.name,
      at: [monitor?.x, monitor?.y, monitor?.width, monitor?.height],
      scale: monitor?.scale,
      pixels: picture.form === 'raw' ? [picture.width, picture.height] : undefined,
    })),
  }
}

const left = { display: 1, name: 'left', at: [0, 0, 800, 720], scale: 1, pixels: [800, 720] }
const right = { display: 2, name: 'right', at: [800, 100, 480, 600], scale: 1.98, pixels: [480, 600] }

test('every monitor is a picture of its own, with its place and its scale', async () => {
  await using world = await twoMonitors()
  await world.plugInTwo()
  assert.deepEqual(await shot(world.capture), { displays: 2, grabs: [left, right] })
})

test('a monitor that comes or goes between two screenshots is there in the next one, or not', async () => {
  await using world = await twoMonitors()
  const counts: number[] = [(await shot(world.capture)).displays]
  await world.plugInTwo()
  counts.push((await shot(world.capture)).displays)
  await world.unplugRight()
  counts.push((await shot(world.capture)).displays)
  assert.deepEqual(counts, [1, 2, 1])
})

test('only the monitor with the pointer, when that is asked for', async () => {
  await using world = await twoMonitors()
  await world.plugInTwo()
  await world.setPointer(900, 300)
  assert.deepEqual(await shot(world.capture, 'active'), { displays: 2, grabs: [right] })
  await world.setPointer(20, 20)
  assert.deepEqual(await shot(world.capture, 'active'), { displays: 2, grabs: [left] })
})

test('the focused window counts more than the pointer', async () => {
  await using world = await twoMonitors()
  await world.plugInTwo()
  await world.setPointer(20, 20)
  await using _window = await whiteWindow(world.env, 900, 200)
  assert.deepEqual((await shot(world.capture, 'active')).grabs, [right])
})

test('letters that the desktop draws larger make the scale, where the monitor does not tell', async () => {
  await using world = await twoMonitors()
  const resources = run('xrdb', ['-merge'], { env: world.env })
  resources.child.stdin?.end('Xft.dpi: 192\n')
  await resources
  assert.deepEqual((await shot(world.capture)).grabs[0]?.scale, 2)
})

test('each pixel is where it is on the screen', async () => {
  await using world = await twoMonitors()
  await world.plugInTwo()
  await run('xsetroot', ['-solid', '#102030'], { env: world.env })
  await using _window = await whiteWindow(world.env, 800, 100)
  using grabbed = await world.capture.grab('all', forever)
  const [first, second] = grabbed.grabs
  assert.ok(first && second)
  assert.deepEqual([...(await pixelAt(first, 799, 100))], [0x10, 0x20, 0x30])
  assert.deepEqual([...(await pixelAt(second, 5, 5))], [255, 255, 255])
})

test('memory that is looked at is not used for the next screenshot before it was given back', async () => {
  await using world = await twoMonitors()
  await run('xsetroot', ['-solid', 'red'], { env: world.env })
  using before = await world.capture.grab('all', forever)
  await run('xsetroot', ['-solid', 'blue'], { env: world.env })
  using after = await world.capture.grab('all', forever)
  const [first, second] = [before.grabs[0], after.grabs[0]]
  assert.ok(first && second)
  assert.deepEqual([...(await pixelAt(first, 9, 9))], [255, 0, 0])
  assert.deepEqual([...(await pixelAt(second, 9, 9))], [0, 0, 255])
})

test('a display that dies is a state, and it works again when the display is back', async () => {
  const display = await startVirtualDisplay({ width, height })
  const capture = x11Capture({ env: display.env, grabProgram: '/no/such/file' })
  await using _end = { [Symbol.asyncDispose]: display.stop }
  assert.equal((await shot(capture)).displays, 1)
  await display.stop()
  assert.equal((await capture.obstacle(forever))?.code, 'CAPTURE_NO_DISPLAY')
  await assert.rejects(shot(capture), { code: 'CAPTURE_NO_DISPLAY' })
  const number = Number(display.display.slice(1))
  await using _again = await startVirtualDisplay({ width: 640, height: 480, number })
  assert.equal(await capture.obstacle(forever), undefined)
  assert.deepEqual((await shot(capture)).grabs[0]?.pixels, [640, 480])
})

test('a display that hangs is given up, and asked again the next time', async () => {
  await using display = await startVirtualDisplay({ width, height })
  const capture = x11Capture({ env: display.env, grabProgram: '/no/such/file' }, { giveUpAfterMs: 300 })
  assert.equal((await shot(capture)).displays, 1)
  process.kill(display.pid, 'SIGSTOP')
  await assert.rejects(shot(capture), { code: 'CAPTURE_TIMED_OUT' })
  process.kill(display.pid, 'SIGCONT')
  assert.equal((await shot(capture)).displays, 1)
})

test('of a display with several screens the one that DISPLAY names is taken', async () => {
  await using display = await startVirtualDisplay({ width: 320, height: 240, screens: 2 })
  const colors = { 0: [255, 0, 0], 1: [0, 0, 255] }
  const of = (number: string) => ({ ...display.env, DISPLAY: `${display.display}${number}` })
  await run('xsetroot', ['-solid', 'red'], { env: of('.0') })
  await run('xsetroot', ['-solid', 'blue'], { env: of('.1') })
  const seen = async (number: string) => {
    using grabbed = await x11Capture({ env: of(number), grabProgram: '/no/such/file' }).grab('all', forever)
    const [grab] = grabbed.grabs
    return grab && [...(await pixelAt(grab, 9, 9))]
  }
  assert.deepEqual([await seen(''), await seen('.0'), await seen('.1')], [colors[0], colors[0], colors[1]])
  await assert.rejects(seen('.2'), { code: 'CAPTURE_NO_DISPLAY' })
})

test('where /dev/shm is too small there is no picture, and it is said why', {
  skip: mountsAreForbidden() && 'needs namespaces',
}, async () => {
  await using display = await startVirtualDisplay({ width, height })
  await using folder = await mkdtempDisposable(join(tmpdir(), 'shm-'))
  await using disk = await mountSmallDisk(join(folder.path, 'disk'), 1024 * 1024)
  assert.ok(disk)
  const outcome = await outcomeWith(disk.folder, display.env)
  assert.deepEqual(outcome, 'CAPTURE_NO_ROOM 4 MiB needed')
})

test('where /dev/shm fills up before the server has written, there is no black picture', {
  skip: mountsAreForbidden() && 'needs namespaces',
}, async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'shm-'))
  await using disk = await mountSmallDisk(join(folder.path, 'disk'), 5 * 1024 * 1024)
  assert.ok(disk)
  for (const without of [[], ['MIT-SHM']]) {
    await using display = await startVirtualDisplay({ width, height, without })
    assert.match(await outcomeWith(disk.folder, display.env, 'fill'), /^CAPTURE_NO_ROOM/)
    await disk.free()
    assert.equal(await outcomeWith(disk.folder, display.env), 'a picture')
  }
})

test('after a while without screenshots no memory is kept', async () => {
  await using display = await startVirtualDisplay({ width, height })
  const capture = x11Capture({ env: display.env, grabProgram: '/no/such/file' }, { keepForMs: 60 })
  const before = await memoryFiles()
  const isForgotten = () =>
    waitFor('the memory to be given back', async () => (await memoryFiles()).isSubsetOf(before) || undefined)
  await shot(capture)
  await isForgotten()
  assert.equal((await shot(capture)).displays, 1)
  await isForgotten()
})

test('memory is kept while screenshots are frequent', async () => {
  await using display = await startVirtualDisplay({ width, height })
  const capture = x11Capture({ env: display.env, grabProgram: '/no/such/file' })
  const before = await memoryFiles()
  await shot(capture)
  const kept = (await memoryFiles()).difference(before)
  assert.equal(kept.size, 1)
  await shot(capture)
  assert.deepEqual((await memoryFiles()).difference(before), kept)
})

/** The names of those that this process holds open. */
async function memoryFiles(): Promise<Set<string>> {
  const open = await readdir('/proc/self/fd')
  const targets = await Promise.all(open.map(fd => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return new Set(targets.filter(target => target.startsWith('/dev/shm/activity-tracker-')))
}

async function pixelAt({ picture }: Grabbed['grabs'][number], x: number, y: number): Promise<Uint8Array> {
  return sharpOf(picture).extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer()
}

/** Of 100 × 100 pixels, and what a window manager calls the active one. */
async function whiteWindow({ DISPLAY = '' }: NodeJS.ProcessEnv, x: number, y: number) {
  const { client, screen } = await new Promise<XDisplay>((resolve, reject) =>
    x11.createClient({ display: DISPLAY, shm: false }, (error, display) =>
      error ? reject(error) : resolve(display),
    ),
  )
  keepOwnAtoms(client)
  const [{ root }] = screen
  const window = client.AllocID()
  client.CreateWindow(window, root, x, y, 100, 100, 0, 0, 0, 0, {
    backgroundPixel: 0xffffff,
    overrideRedirect: 1,
  })
  client.MapWindow(window)
  const property = await new Promise<number>((resolve, reject) =>
    client.InternAtom(false, '_NET_ACTIVE_WINDOW', (error, atom) => (error ? reject(error) : resolve(atom))),
  )
  const id = Buffer.alloc(4)
  id.writeUInt32LE(window)
  client.ChangeProperty(0, root, property, windowType, 32, id)
  await client.sync()
  return {
    [Symbol.asyncDispose]: () => new Promise<void>(resolve => client.close(() => resolve())),
  }
}

/** The predefined atom WINDOW. */
const windowType = 33
