import { AppError, toProblem } from '../../../protocol/errors.ts'
import { createMemoryFile, type MemoryFile } from '../../platform/files/memory-file.ts'
import type { Grabbed, Monitor } from '../../screenshots/ports.ts'
import type { CaptureBackend, CaptureMeans } from './backend.ts'
import { openXCaptureSession, type XCaptureSession } from './x-capture-session.ts'
import { activeMonitor, listMonitors } from './x-monitors.ts'
import { isBgrx, toBgrx } from './x-pixels.ts'

const zPixmap = 2
const allPlanes = 0xffffffff
const bytesPerPixel = 4
/** What the fallback asks for at a time: an answer is in memory as a whole, several times over. */
const stripBytes = 1024 * 1024

type Open = { session: XCaptureSession; memory: Segment[] }
type State = {
  env: CaptureMeans['env']
  keepForMs: number
  open: Open | undefined
  forgetting: NodeJS.Timeout | undefined
}

/**
 * X11 through npm x11, in JavaScript alone: the server writes the pixels into memory that we hand it (MIT-SHM), and
 * nothing of them crosses the connection. Without shared memory they are asked for in strips.
 *
 * The connection stays open, which costs nothing until it is used. The memory is kept while screenshots are frequent.
 */
export function x11Capture(
  { env }: CaptureMeans,
  { giveUpAfterMs = 10_000, keepForMs = 30_000 }: { giveUpAfterMs?: number; keepForMs?: number } = {},
): CaptureBackend {
  const state: State = { env, keepForMs, open: undefined, forgetting: undefined }
  return {
    name: 'x11',
    fits: process.platform === 'linux' && !env.WAYLAND_DISPLAY && env.XDG_SESSION_TYPE !== 'wayland',
    async obstacle(signal) {
      if (!env.DISPLAY) return new AppError('CAPTURE_NO_DISPLAY', { detail: 'DISPLAY is not set' })
      return connect(state, signal).then(
        () => undefined,
        error => {
          signal.throwIfAborted()
          const { code, detail } = toProblem(error)
          return new AppError(code, { ...(detail && { detail }), cause: error })
        },
      )
    },
    async grab(which, signal) {
      const timeout = AbortSignal.timeout(giveUpAfterMs)
      const soon = AbortSignal.any([signal, timeout])
      // Once more, as a monitor may go between being listed and being looked at.
      return grabOnce(state, which, soon)
        .catch(error => {
          if (soon.aborted) throw error
          return grabOnce(state, which, soon)
        })
        .catch(cause => {
          signal.throwIfAborted()
          if (cause instanceof AppError) throw cause
          throw new AppError(timeout.aborted ? 'CAPTURE_TIMED_OUT' : 'CAPTURE_FAILED', { cause })
        })
    },
  }
}

async function connect(state: State, signal: AbortSignal): Promise<Open> {
  signal.throwIfAborted()
  if (state.open?.session.gone.aborted) close(state)
  if (state.open) return state.open
  const session = await openXCaptureSession(state.env.DISPLAY ?? '', signal)
  // Another call may have been quicker.
  if (state.open) session[Symbol.dispose]()
  else state.open = { session, memory: [] }
  return state.open
}

function close(state: State): void {
  forgetMemory(state)
  state.open?.session[Symbol.dispose]()
  state.open = undefined
}

function keepMemoryForNow(state: State): void {
  clearTimeout(state.forgetting)
  state.forgetting = setTimeout(() => forgetMemory(state), state.keepForMs)
  state.forgetting.unref()
}

function forgetMemory({ open }: State): void {
  for (const segment of open?.memory.splice(0) ?? []) releaseSegment(open?.session, segment)
}

async function grabOnce(state: State, which: 'all' | 'active', signal: AbortSignal): Promise<Grabbed> {
  const { session, memory } = await connect(state, signal)
  const monitors = await listMonitors(session, signal)
  const active = which === 'active' ? await activeMonitor(session, monitors, signal) : undefined
  const wanted = [...monitors.entries()].filter(([index]) => active === undefined || index === active)
  const bytes = wanted.reduce((sum, [, monitor]) => sum + bytesOf(monitor), 0)
  const segment = takeSegment(memory, bytes) ?? (await createSegment(session, bytes, signal))
  const giveBack = () => {
    // Kept for the next screenshot, unless the connection has ended since or another is kept already.
    if (state.open?.session !== session || memory.length > 0) return releaseSegment(session, segment)
    memory.push(segment)
    keepMemoryForNow(state)
  }
  try {
    const grabs = await readMonitors(session, wanted, segment, signal)
    signal.throwIfAborted()
    segment.file.proveWritten(bytes)
    return { grabs, displays: monitors.length, [Symbol.dispose]: once(giveBack) }
  } catch (error) {
    releaseSegment(session, segment)
    throw error
  }
}

/** Puts the pixels of the monitors into the segment, one after the other. */
async function readMonitors(
  session: XCaptureSession,
  wanted: readonly [index: number, monitor: Monitor][],
  segment: Segment,
  signal: AbortSignal,
): Promise<Grabbed['grabs']> {
  const file = segment.file.path
  let offset = 0
  const grabs: Grabbed['grabs'][number][] = []
  for (const [index, monitor] of wanted) {
    await readMonitor(session, monitor, { ...segment, offset }, signal)
    const { width, height } = monitor
    const picture = { form: 'raw', file, offset, width, height, order: 'bgrx' } as const
    grabs.push({ display: index + 1, monitor, picture })
    offset += bytesOf(monitor)
  }
  return grabs
}

/** Memory of ours, and what the server calls it if it has it too. */
type Segment = { file: MemoryFile; id: number | undefined }

/** One that is large enough and not far too large. */
function takeSegment(memory: Segment[], bytes: number): Segment | undefined {
  const at = memory.findIndex(({ file }) => file.bytes >= bytes && file.bytes <= 2 * bytes)
  return at < 0 ? undefined : memory.splice(at, 1)[0]
}

async function createSegment(
  { client, shm, ask }: XCaptureSession,
  bytes: number,
  signal: AbortSignal,
): Promise<Segment> {
  const file = createMemoryFile(bytes)
  if (!shm) return { file, id: undefined }
  const id = client.AllocID()
  // A server in a container or behind a tunnel may say that it can, and then cannot.
  const attached = await ask<void>(done => shm.AttachFd(id, file.fd, false, done), signal).then(
    () => true,
    () => false,
  )
  signal.throwIfAborted()
  return { file, id: attached ? id : undefined }
}

function releaseSegment(session: XCaptureSession | undefined, { file, id }: Segment): void {
  if (id !== undefined && session && !session.gone.aborted) session.shm?.Detach(id)
  file[Symbol.dispose]()
}

/** Puts the pixels of `monitor` into the segment at `offset`. */
async function readMonitor(
  { client, root, shm, ask, pixels }: XCaptureSession,
  { x, y, width, height }: Monitor,
  { file, id, offset }: Segment & { offset: number },
  signal: AbortSignal,
): Promise<void> {
  if (shm && id !== undefined) {
    await ask<{ size: number }>(
      done => shm.GetImage(root, x, y, width, height, allPlanes, zPixmap, id, offset, done),
      signal,
    )
    return
  }
  const rowBytes = bytesPerPixel * width
  const rowsAtOnce = Math.max(1, Math.floor(stripBytes / rowBytes))
  for (let row = 0; row < height; row += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, height - row)
    const { data } = await ask<{ data: Buffer }>(
      done => client.GetImage(zPixmap, root, x, y + row, width, rows, allPlanes, done),
      signal,
    )
    const laidOut = isBgrx(pixels) ? data : toBgrx(data, width, rows, pixels)
    file.write(laidOut.subarray(0, rows * rowBytes), offset + row * rowBytes)
  }
}

function bytesOf({ width, height }: { width: number; height: number }): number {
  return bytesPerPixel * width * height
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}
