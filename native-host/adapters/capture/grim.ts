import { readSync } from 'node:fs'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { createMemoryFile, type MemoryFile } from '../../platform/files/memory-file.ts'
import { spawnTool } from '../../platform/process/start-program.ts'
import { waylandSocket } from '../../platform/wayland/messages.ts'
import type { Grab, Monitor } from '../../screenshots/ports.ts'
import type { CaptureBackend, CaptureMeans } from './backend.ts'
import { isOnPath } from './on-path.ts'
import { listOutputs } from './wayland-outputs.ts'

const answerWithinMs = 3000

type RawPicture = Extract<Grab['picture'], { form: 'raw' }>

/**
 * Wayland desktops that let programs copy the screen, those of wlroots (sway and others), through the program grim. It
 * writes the pixels into memory that it is handed; which outputs there are the compositor tells us itself.
 */
export function grim({ env }: CaptureMeans, giveUpAfterMs: number = 10_000): CaptureBackend {
  const socket = process.platform === 'linux' ? waylandSocket(env) : undefined
  return {
    name: 'grim',
    fits: socket !== undefined,
    async obstacle(signal) {
      const outputs = await outputsOf(signal).catch(cause => {
        signal.throwIfAborted()
        return new AppError('CAPTURE_NO_DISPLAY', { detail: 'the Wayland compositor does not answer', cause })
      })
      if (outputs instanceof AppError) return outputs
      if (!outputs.canBeCopied) return new AppError('CAPTURE_WAYLAND')
      if (outputs.monitors.length === 0) return new AppError('CAPTURE_NO_DISPLAY')
      if (await isOnPath('grim', env)) return undefined
      return new AppError('CAPTURE_TOOL_MISSING', { detail: 'grim, from the package grim' })
    },
    async grab(which, signal) {
      const timeout = AbortSignal.timeout(giveUpAfterMs)
      const soon = AbortSignal.any([signal, timeout])
      const files = new DisposableStack()
      try {
        const { monitors } = await outputsOf(soon)
        const grabs: Grab[] = []
        // Where the focus is only the desktop of each kind tells, in a way of its own.
        for (const [index, monitor] of monitors.slice(0, which === 'all' ? undefined : 1).entries()) {
          const file = files.use(createMemoryFile(0))
          const picture = await copyOutput(monitor, file, env, soon).catch(error => {
            soon.throwIfAborted()
            file.proveRoom(neededBytes(monitor))
            throw error
          })
          grabs.push({ display: index + 1, monitor, picture })
        }
        if (grabs.length === 0) throw new AppError('CAPTURE_NO_DISPLAY')
        return { grabs, displays: monitors.length, [Symbol.dispose]: () => files.dispose() }
      } catch (cause) {
        files.dispose()
        signal.throwIfAborted()
        if (cause instanceof AppError) throw cause
        throw new AppError(timeout.aborted ? 'CAPTURE_TIMED_OUT' : 'CAPTURE_FAILED', { cause })
      }
    },
  }

  function outputsOf(signal: AbortSignal) {
    return listOutputs(socket ?? '', AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]))
  }
}

/** The compositor writes four bytes a pixel into memory that grim makes in the same place, and grim three for us. */
function neededBytes({ width, height, scale }: Monitor): number {
  return (4 + pixelBytes) * Math.ceil(width * scale) * Math.ceil(height * scale)
}
const pixelBytes = 3

/** @throws Error, also when the picture is larger than `mostBytes` | the reason of `signal` */
export async function copyOutput(
  { name }: Pick<Monitor, 'name'>,
  file: MemoryFile,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  mostBytes: number = budgets.toolFile.most,
): Promise<RawPicture> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const program = spawnTool('screen-tool', 'grim', ['-t', 'ppm', '-o', name, '/proc/self/fd/3'], {
    ...{ env, signal, file: file.fd, mostBytes },
  })
  program.once('error', reject)
  program.once('exit', code => (code === 0 ? resolve() : reject(new Error(`grim ended with ${code}`))))
  await promise.catch(error => {
    signal.throwIfAborted()
    throw error
  })
  const picture = readHeader(file)
  file.proveWritten(picture.offset + pixelBytes * picture.width * picture.height)
  return picture
}

/** Of a PPM with 8 bits for each colour (netpbm, ppm(5)), as grim writes it. */
function readHeader({ fd, path }: MemoryFile): RawPicture {
  const start = Buffer.alloc(40)
  readSync(fd, start, 0, start.length, 0)
  const header = /^P6 *\n(?<width>\d{1,5}) (?<height>\d{1,5})\n255\n/.exec(start.toString('latin1'))
  if (!header?.groups) throw new Error('no picture of the kind that was asked for')
  const { width, height } = header.groups
  return {
    form: 'raw',
    file: path,
    offset: header[0].length,
    width: Number(width),
    height: Number(height),
    order: 'rgb',
  }
}
