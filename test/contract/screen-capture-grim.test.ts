import assert from 'node:assert/strict'
import { mkdtempDisposable } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { grim } from '../../native-host/adapters/capture/grim.ts'
import { encodeWayland } from '../../native-host/platform/wayland/messages.ts'
import { mountsAreForbidden } from '../support/private-mount.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { waitFor } from '../support/wait-for.ts'
import { startWaylandSession, type WaylandSession } from '../support/wayland-session.ts'
import { averageColor, type Color, outcomeWith, screenCaptureContract, sharpOf } from './screen-capture.ts'

const forever = new AbortController().signal
const captureOf = ({ env }: { env: NodeJS.ProcessEnv }) =>
  grim({ env: { ...process.env, ...env }, grabProgram: '/no/such/file' })

screenCaptureContract('grim', async () => {
  const session = await startWaylandSession()
  const capture = captureOf(session)
  return {
    capture,
    width: 1280,
    height: 720,
    paint: color => paint(session, color),
    [Symbol.asyncDispose]: session[Symbol.asyncDispose],
  }
})

describe('grim', () => {
  test('takes a picture of every output, with its place and scale, as they come', async () => {
    await using session = await startWaylandSession()
    const capture = captureOf(session)
    assert.equal(await capture.obstacle(forever), undefined)
    assert.equal((await summary(capture)).length, 1)
    await session.tell('create_output')
    await session.tell('output', 'HEADLESS-2', 'resolution', '800x600', 'position', '1280', '0', 'scale', '2')
    assert.deepEqual(await summary(capture), [
      { display: 1, of: 2, name: 'HEADLESS-1', at: [0, 0, 1280, 720], scale: 1, pixels: [1280, 720] },
      { display: 2, of: 2, name: 'HEADLESS-2', at: [1280, 0, 400, 300], scale: 2, pixels: [800, 600] },
    ])
    await session.tell('output', 'HEADLESS-2', 'disable')
  })

  test('a compositor that dies is a state', async () => {
    await using session = await startWaylandSession()
    const capture = captureOf(session)
    assert.equal((await summary(capture)).length, 1)
    await session.crash()
    assert.equal((await capture.obstacle(forever))?.code, 'CAPTURE_NO_DISPLAY')
    await assert.rejects(summary(capture), { code: 'CAPTURE_FAILED' })
  })

  test('it is said when the program is missing', async () => {
    await using session = await startWaylandSession()
    const capture = grim({ env: { ...process.env, ...session.env, PATH: '/nowhere' }, grabProgram: '' })
    const obstacle = await capture.obstacle(forever)
    assert.deepEqual(
      [obstacle?.code, obstacle?.detail],
      ['CAPTURE_TOOL_MISSING', 'grim, from the package grim'],
    )
  })

  for (const mebibytes of [1, 3, 5])
    test(`where /dev/shm has ${mebibytes} MiB and a picture takes more, that is said`, {
      skip: mountsAreForbidden() && 'needs namespaces',
    }, async () => {
      await using session = await startWaylandSession()
      await using folder = await mkdtempDisposable(join(tmpdir(), 'shm-'))
      await using disk = await mountSmallDisk(join(folder.path, 'disk'), mebibytes * 1024 * 1024)
      assert.ok(disk)
      assert.match(
        await outcomeWith(disk.folder, { ...process.env, ...session.env }),
        /^CAPTURE_NO_ROOM \d+ MiB needed$/,
      )
    })

  test('where /dev/shm has room for a picture, it is taken', {
    skip: mountsAreForbidden() && 'needs namespaces',
  }, async () => {
    await using session = await startWaylandSession()
    await using folder = await mkdtempDisposable(join(tmpdir(), 'shm-'))
    await using disk = await mountSmallDisk(join(folder.path, 'disk'), 8 * 1024 * 1024)
    assert.ok(disk)
    assert.equal(await outcomeWith(disk.folder, { ...process.env, ...session.env }), 'a picture')
  })

  test('a desktop that lets no program copy its screen is reported', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'wayland-'))
    const path = join(folder.path, 'wayland-0')
    await using _desktop = await reservedDesktop(path)
    const capture = captureOf({ env: { WAYLAND_DISPLAY: path } })
    assert.equal((await capture.obstacle(forever))?.code, 'CAPTURE_WAYLAND')
  })
})

async function summary(capture: ReturnType<typeof captureOf>) {
  using grabbed = await capture.grab('all', forever)
  return grabbed.grabs.map(({ display, monitor, picture }) => ({
    display,
    of: grabbed.displays,
    name: monitor?.name,
    at: [monitor?.x, monitor?.y, monitor?.width, monitor?.height],
    scale: monitor?.scale,
    pixels: picture.form === 'raw' ? [picture.width, picture.height] : undefined,
  }))
}

/** Resolves once it is on the screen: sway starts a program for it. */
async function paint(session: WaylandSession, color: Color): Promise<void> {
  const hex = [color.r, color.g, color.b].map(part => part.toString(16).padStart(2, '0')).join('')
  await session.tell('output', 'HEADLESS-1', 'bg', `#${hex}`, 'solid_color')
  const capture = captureOf(session)
  await waitFor(`${hex} on the screen`, async () => {
    using grabbed = await capture.grab('all', forever)
    const [grab] = grabbed.grabs
    const seen = grab && (await averageColor(sharpOf(grab.picture)))
    return seen && Math.abs(seen.r - color.r) < 6 && Math.abs(seen.b - color.b) < 6 ? true : undefined
  })
}

/** Says what GNOME says: outputs, and nothing that copies them. */
async function reservedDesktop(path: string): Promise<AsyncDisposable> {
  const server = createServer(socket => {
    let asked = 0
    socket.on('error', () => undefined)
    socket.on('data', () => {
      if (asked++ === 0) {
        socket.write(encodeWayland(2, 0, 1, 'zxdg_output_manager_v1', 3))
        socket.write(encodeWayland(3, 0, 0))
      } else socket.write(encodeWayland(5, 0, 0))
    })
  })
  await new Promise<void>(resolve => server.listen(path, resolve))
  return {
    [Symbol.asyncDispose]: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}
