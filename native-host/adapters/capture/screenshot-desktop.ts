import { type ChildProcess, execFile, fork } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { AppError } from '../../../protocol/errors.ts'
import type { CaptureBackend, CaptureMeans } from './backend.ts'
import type { GrabMessage } from './grab-channel.ts'

/**
 * npm screenshot-desktop, in a process of its own (screen-grab.ts). It works on every system and is the slowest way:
 * on Linux it starts xrandr and ImageMagick's import for each display.
 */
export function screenshotDesktop(
  { env, grabProgram }: CaptureMeans,
  giveUpAfterMs: number = 10_000,
): CaptureBackend {
  return {
    name: 'screenshot-desktop',
    obstacle: signal =>
      process.platform === 'linux' ? obstacleOnX11(env, signal) : Promise.resolve(undefined),
    async grab(signal) {
      const timeout = AbortSignal.timeout(giveUpAfterMs)
      const message = await runGrab(grabProgram, env, AbortSignal.any([signal, timeout])).catch(cause => {
        signal.throwIfAborted()
        throw timeout.aborted ? new AppError('CAPTURE_TIMED_OUT', { cause }) : cause
      })
      if (message.kind === 'failed') throw new AppError('CAPTURE_FAILED', { detail: message.reason })
      if (message.pictures.length === 0) throw new AppError('CAPTURE_NO_DISPLAY')
      return message.pictures.map((bytes, index) => ({ display: index + 1, bytes }))
    },
  }
}

/** The programs that the library runs on Linux, and the Debian packages that have them. */
const tools = { xrandr: 'x11-xserver-utils', import: 'imagemagick' }
const answerWithinMs = 3000

async function obstacleOnX11(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<AppError | undefined> {
  // There X11 shows black instead of the screen.
  if (env.WAYLAND_DISPLAY || env.XDG_SESSION_TYPE === 'wayland') return new AppError('CAPTURE_WAYLAND')
  if (!env.DISPLAY) return new AppError('CAPTURE_NO_DISPLAY', { detail: 'DISPLAY is not set' })
  for (const [tool, debianPackage] of Object.entries(tools)) {
    if (await isOnPath(tool, env)) continue
    return new AppError('CAPTURE_TOOL_MISSING', { detail: `${tool}, of the package ${debianPackage}` })
  }
  try {
    await promisify(execFile)('xrandr', ['--current'], { env, signal, timeout: answerWithinMs })
    return undefined
  } catch (cause) {
    signal.throwIfAborted()
    return new AppError('CAPTURE_NO_DISPLAY', { detail: `DISPLAY ${env.DISPLAY} does not answer`, cause })
  }
}

async function isOnPath(tool: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const candidates = (env.PATH ?? '').split(delimiter).map(folder => join(folder, tool))
  const found = await Promise.all(
    candidates.map(file =>
      access(file, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}

const grabMessageSchema: v.GenericSchema<unknown, GrabMessage> = v.variant('kind', [
  v.object({ kind: v.literal('pictures'), pictures: v.array(v.instance(Uint8Array)) }),
  v.object({ kind: v.literal('failed'), reason: v.pipe(v.string(), v.maxLength(200)) }),
])

/** Resolves with what the process says. Nothing that it has started is left when this settles. */
async function runGrab(path: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<GrabMessage> {
  signal.throwIfAborted()
  const grab = fork(path, [], {
    env,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Makes it the leader of a process group of its own.
    detached: process.platform !== 'win32',
  })
  const { promise, resolve, reject } = Promise.withResolvers<GrabMessage>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  grab.once('error', cause => reject(new AppError('CAPTURE_FAILED', { cause })))
  grab.once('message', raw => {
    const parsed = v.safeParse(grabMessageSchema, raw)
    if (parsed.success) resolve(parsed.output)
    else reject(new AppError('CAPTURE_FAILED', { detail: 'MESSAGE_INVALID' }))
  })
  // After the message, if there was one: 'disconnect' comes when everything was read.
  grab.once('disconnect', () =>
    reject(new AppError('CAPTURE_FAILED', { detail: 'it ended without a picture' })),
  )
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', abort)
    await end(grab)
  }
}

async function end(grab: ChildProcess): Promise<void> {
  if (grab.pid === undefined) return
  const exited = new Promise(resolve => {
    if (grab.exitCode !== null || grab.signalCode !== null) resolve(undefined)
    else grab.once('exit', resolve)
  })
  killGroup(grab.pid)
  await exited
}

function killGroup(leader: number): void {
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL')
  } catch {
    // ESRCH: everything in it has ended already, which is the ordinary case.
  }
}
