import * as v from 'valibot'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { runProgram } from '../../platform/process/run-program.ts'
import { runTool } from '../../platform/process/start-program.ts'
import type { Grab } from '../../screenshots/ports.ts'
import type { CaptureBackend, CaptureMeans } from './backend.ts'
import { isOnPath } from './on-path.ts'

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
    // Under Wayland X11 shows black instead of the screen.
    fits: !env.WAYLAND_DISPLAY && env.XDG_SESSION_TYPE !== 'wayland',
    obstacle: signal =>
      process.platform === 'linux' ? obstacleOnX11(env, signal) : Promise.resolve(undefined),
    async grab(which, signal) {
      const timeout = AbortSignal.timeout(giveUpAfterMs)
      const run = { env, answer, signal: AbortSignal.any([signal, timeout]) }
      const reply = await runProgram('screen-grab', grabProgram, run).catch(cause => {
        signal.throwIfAborted()
        throw new AppError(timeout.aborted ? 'CAPTURE_TIMED_OUT' : 'CAPTURE_FAILED', { cause })
      })
      if (reply.kind === 'failed') throw new AppError('CAPTURE_FAILED', { detail: reply.reason })
      if (reply.pictures.length === 0) throw new AppError('CAPTURE_NO_DISPLAY')
      const all = reply.pictures.map(
        (bytes, index): Grab => ({
          display: index + 1,
          monitor: undefined,
          picture: { form: 'encoded', bytes },
        }),
      )
      // The library does not tell where the focus is.
      const grabs = which === 'all' ? all : all.slice(0, 1)
      return { grabs, displays: all.length, [Symbol.dispose]: () => undefined }
    },
  }
}

/** The programs that the library runs on Linux, and the Debian packages that have them. */
const tools = { xrandr: 'x11-xserver-utils', import: 'imagemagick' }
const answerWithinMs = 3000

async function obstacleOnX11(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<AppError | undefined> {
  if (!env.DISPLAY) return new AppError('CAPTURE_NO_DISPLAY', { detail: 'DISPLAY is not set' })
  for (const [tool, debianPackage] of Object.entries(tools)) {
    if (await isOnPath(tool, env)) continue
    return new AppError('CAPTURE_TOOL_MISSING', { detail: `${tool}, from the package ${debianPackage}` })
  }
  try {
    await runTool('screen-tool', 'xrandr', ['--current'], { env, signal, timeout: answerWithinMs })
    return undefined
  } catch (cause) {
    signal.throwIfAborted()
    return new AppError('CAPTURE_NO_DISPLAY', { detail: `DISPLAY ${env.DISPLAY} does not answer`, cause })
  }
}

/** `reason` is for the log; it never quotes what is on the screen. */
export type GrabAnswer = { kind: 'pictures'; pictures: Uint8Array[] } | { kind: 'failed'; reason: string }

const answer: v.GenericSchema<unknown, GrabAnswer> = v.variant('kind', [
  v.object({
    kind: v.literal('pictures'),
    pictures: v.pipe(v.array(v.instance(Uint8Array)), v.maxLength(budgets.xMonitors.most)),
  }),
  v.object({
    kind: v.literal('failed'),
    reason: v.pipe(v.string(), v.maxLength(budgets.answerOfOurs.most)),
  }),
])
