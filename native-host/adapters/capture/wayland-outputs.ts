import { connect } from 'node:net'
import {
  boundGlobals,
  decodeWayland,
  encodeWayland,
  readGlobal,
  readText,
  type WaylandMessage,
} from '../../platform/wayland/messages.ts'
import type { Monitor } from '../../screenshots/ports.ts'

export type WaylandOutputs = {
  /** In the order of the compositor. Lengths are in its own units, which are `scale` pixels each. */
  monitors: Monitor[]
  /** Whether it lets programs copy the screen in the way of wlroots (wlr-screencopy-unstable-v1). */
  canBeCopied: boolean
}

/**
 * Objects of this connection: 1 is the display by definition, the others are numbered by us, without leaving one out.
 * From `first` on there are two for each output: itself, and its place. One more ends the list.
 */
const ids = { display: 1, registry: 2, listed: 3, manager: 4, first: 5 } as const
const outputId = (index: number) => ids.first + 2 * index
const placeId = (index: number) => outputId(index) + 1

/** The versions that first tell what is needed: the name of wl_output, and of zxdg_output_v1 for older compositors. */
const versions = { wl_output: 4, zxdg_output_manager_v1: 2 }

/** Asks the compositor once. @throws Error when none answers | the reason of `signal` */
export async function listOutputs(path: string, signal: AbortSignal): Promise<WaylandOutputs> {
  signal.throwIfAborted()
  const socket = connect(path)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  const globals: { number: number; name: string; version: number }[] = []
  const monitors: Monitor[] = []
  const pixels: number[] = []
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', reject)
  socket.once('close', () => reject(new Error('the compositor has gone')))
  socket.on('data', (chunk: Buffer) => {
    try {
      const decoded = decodeWayland(Buffer.concat([rest, chunk]))
      rest = decoded.rest
      for (const message of decoded.messages) take(message)
    } catch (error) {
      reject(error)
    }
  })
  socket.write(
    Buffer.concat([encodeWayland(ids.display, 1, ids.registry), encodeWayland(ids.display, 0, ids.listed)]),
  )
  try {
    await promise
  } finally {
    signal.removeEventListener('abort', abort)
    socket.destroy()
  }
  for (const [index, monitor] of monitors.entries()) {
    const across = pixels[index] ?? 0
    if (across > 0 && monitor.width > 0) monitor.scale = Math.max(1, across / monitor.width)
  }
  return {
    monitors: monitors.filter(({ width, height }) => width > 0 && height > 0),
    canBeCopied: globals.some(({ name }) => name === 'zwlr_screencopy_manager_v1'),
  }

  function take({ object, code, content }: WaylandMessage): void {
    if (object === ids.display && code === 0) throw new Error('the compositor refuses')
    if (object === ids.registry && code === 0) {
      globals.push(readGlobal(content))
      boundGlobals(globals.length)
    }
    if (object === ids.listed) askForOutputs()
    if (object < ids.first) return
    const index = (object - ids.first) >> 1
    if (object === placeId(index)) takePlace(index, code, content)
    else if (index === monitors.length) resolve()
    else takeOutput(index, code, content)
  }

  function askForOutputs(): void {
    const manager = globals.find(({ name }) => name === 'zxdg_output_manager_v1')
    if (!manager) throw new Error('the compositor does not tell where its outputs are')
    const outputs = globals.filter(({ name }) => name === 'wl_output')
    const bind = ({ number, name, version }: (typeof globals)[number], newest: number, id: number) =>
      encodeWayland(ids.registry, 0, number, name, Math.min(version, newest), id)
    const requests = [bind(manager, versions.zxdg_output_manager_v1, ids.manager)]
    for (const [index, output] of outputs.entries()) {
      monitors.push({ name: '', x: 0, y: 0, width: 0, height: 0, scale: 1 })
      requests.push(
        bind(output, versions.wl_output, outputId(index)),
        encodeWayland(ids.manager, 1, placeId(index), outputId(index)),
      )
    }
    socket.write(Buffer.concat([...requests, encodeWayland(ids.display, 0, outputId(outputs.length))]))
  }

  /** Events of wl_output: 1 is its mode in pixels, of which the first flag says that it is the present one; 4 its name. */
  function takeOutput(index: number, code: number, content: Buffer): void {
    const monitor = monitors[index]
    if (!monitor) return
    if (code === 1 && (content.readUInt32LE(0) & 1) === 1) pixels[index] = content.readInt32LE(4)
    if (code === 4) monitor.name = readText(content, 0)
  }

  /** Events of zxdg_output_v1: 0 is where it stands, 1 its size there, 3 its name. */
  function takePlace(index: number, code: number, content: Buffer): void {
    const monitor = monitors[index]
    if (!monitor) return
    if (code === 0) Object.assign(monitor, { x: content.readInt32LE(0), y: content.readInt32LE(4) })
    if (code === 1) Object.assign(monitor, { width: content.readInt32LE(0), height: content.readInt32LE(4) })
    if (code === 3) monitor.name = readText(content, 0)
  }
}
