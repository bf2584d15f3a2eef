import { budgets } from '../../kernel/budgets.ts'
import type { XSession } from '../../platform/x11/session.ts'
import type { Monitor } from '../../screenshots/ports.ts'

/** Predefined atoms of the X11 protocol, appendix B. */
const atoms = { resourceManager: 23, string: 31, window: 33 } as const

/** RandR 1.5: https://gitlab.freedesktop.org/xorg/proto/xorgproto/-/blob/master/randrproto.txt */
const getMonitors = { minorOpcode: 42, headerBytes: 24, monitorBytes: 24 } as const

const ordinaryDotsPerInch = 96

/**
 * The monitors of a display in the order of the server, the mirror of another left out. A display that knows of none,
 * such as one without RandR 1.5, is one monitor as a whole.
 */
export async function listMonitors(session: XSession, signal: AbortSignal): Promise<Monitor[]> {
  const { client, root, ask } = session
  const whole = await ask<{ width: number; height: number }>(done => client.GetGeometry(root, done), signal)
  const scale = await desktopScale(session, signal)
  const said = await askMonitors(session, signal)
  const monitors = said
    .map(monitor => clipped({ ...monitor, scale: Math.max(scale, monitor.scale) }, whole))
    .filter(({ width, height }) => width > 0 && height > 0)
  const seen = new Set<string>()
  const distinct = monitors.filter(({ x, y, width, height }) => {
    const place = `${x} ${y} ${width} ${height}`
    return !seen.has(place) && seen.add(place)
  })
  return distinct.length > 0
    ? distinct
    : [{ name: 'screen', x: 0, y: 0, width: whole.width, height: whole.height, scale }]
}

/** The monitor on which most of the work happens: under the focused window's middle, else under the pointer. */
export async function activeMonitor(
  { client, root, ask }: XSession,
  monitors: readonly Monitor[],
  signal: AbortSignal,
): Promise<number> {
  const focus = await focusedPoint().catch(() => undefined)
  signal.throwIfAborted()
  const pointer = () => ask<{ rootX: number; rootY: number }>(done => client.QueryPointer(root, done), signal)
  const { rootX, rootY } = focus ?? (await pointer())
  const found = monitors.findIndex(
    ({ x, y, width, height }) => rootX >= x && rootX < x + width && rootY >= y && rootY < y + height,
  )
  return Math.max(0, found)

  async function focusedPoint(): Promise<{ rootX: number; rootY: number } | undefined> {
    const atom = await ask<number>(done => client.InternAtom(true, '_NET_ACTIVE_WINDOW', done), signal)
    if (atom === 0) return undefined
    const { data } = await ask<{ data: Buffer }>(
      done => client.GetProperty(0, root, atom, atoms.window, 0, 1, done),
      signal,
    )
    const window = data.length >= 4 ? data.readUInt32LE(0) : 0
    if (window === 0) return undefined
    const size = await ask<{ width: number; height: number }>(
      done => client.GetGeometry(window, done),
      signal,
    )
    const middle = await ask<{ destX: number; destY: number }>(
      done => client.TranslateCoordinates(window, root, size.width >> 1, size.height >> 1, done),
      signal,
    )
    return { rootX: middle.destX, rootY: middle.destY }
  }
}

async function askMonitors({ client, root, ask }: XSession, signal: AbortSignal): Promise<Monitor[]> {
  const randr = await ask<{ present: number; majorOpcode: number }>(
    done => client.QueryExtension('RANDR', done),
    signal,
  )
  if (!randr.present) return []
  const reply = await ask<Buffer>(done => {
    const request = Buffer.alloc(12)
    request.writeUInt8(randr.majorOpcode, 0)
    request.writeUInt8(getMonitors.minorOpcode, 1)
    request.writeUInt16LE(request.length / 4, 2)
    request.writeUInt32LE(root, 4)
    request.writeUInt8(1, 8) // only those in use
    client.seq_num++
    client.pack_stream.put(request)
    client.replies[client.seq_num] = [body => body, (error, body) => done(error, Buffer.from(asBuffer(body)))]
    client.pack_stream.submit(true)
  }, signal).catch(() => {
    // A server of before 2015 does not know the question.
    signal.throwIfAborted()
    return undefined
  })
  if (reply === undefined) return []
  const count = reply.readUInt32LE(4)
  if (count > budgets.xMonitors.most) throw new RangeError(`the display names ${count} monitors`)
  const monitors: Monitor[] = []
  for (let at = getMonitors.headerBytes, index = 0; index < count; index++) {
    const name = await ask<string>(done => client.GetAtomName(reply.readUInt32LE(at), done), signal)
    const [width, height] = [reply.readUInt16LE(at + 12), reply.readUInt16LE(at + 14)]
    monitors.push({
      name,
      x: reply.readInt16LE(at + 8),
      y: reply.readInt16LE(at + 10),
      width,
      height,
      scale: scaleOf(width, reply.readUInt32LE(at + 16)),
    })
    at += getMonitors.monitorBytes + 4 * reply.readUInt16LE(at + 6)
  }
  return monitors
}

function asBuffer(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(getMonitors.headerBytes)
}

/** From what the monitor says of its size, which televisions and virtual ones say wrongly. */
function scaleOf(pixels: number, millimetres: number): number {
  const dotsPerInch = millimetres > 0 ? pixels / (millimetres / 25.4) : ordinaryDotsPerInch
  return withinReason(dotsPerInch / ordinaryDotsPerInch)
}

/** How large the desktop draws its letters: Xft.dpi among the X resources. */
async function desktopScale({ client, root, ask }: XSession, signal: AbortSignal): Promise<number> {
  const { data } = await ask<{ data: Buffer }>(
    done => client.GetProperty(0, root, atoms.resourceManager, atoms.string, 0, 16_384, done),
    signal,
  )
  const dotsPerInch = /^Xft\.dpi:\s*(?<dpi>\d{2,3})/m.exec(data.toString('latin1'))?.groups?.dpi
  return withinReason(Number(dotsPerInch ?? ordinaryDotsPerInch) / ordinaryDotsPerInch)
}

function withinReason(scale: number): number {
  return Math.round(100 * Math.min(4, Math.max(1, scale))) / 100
}

/** What stands beyond the edge of the desktop has no pixels. */
function clipped(monitor: Monitor, whole: { width: number; height: number }): Monitor {
  const [x, y] = [Math.max(0, monitor.x), Math.max(0, monitor.y)]
  const width = Math.min(monitor.x + monitor.width, whole.width) - x
  const height = Math.min(monitor.y + monitor.height, whole.height) - y
  return { ...monitor, x, y, width, height }
}
