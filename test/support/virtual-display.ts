import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { atExit } from './at-exit.ts'

export type VirtualDisplay = AsyncDisposable & {
  /** Such as `:7`. */
  display: string
  pid: number
  /** The environment of a process that shall see this display and no other. */
  env: NodeJS.ProcessEnv
  /** Ends this server and nothing else; resolves once it is gone. Repeating the call is harmless. */
  stop(): Promise<void>
}

/**
 * Starts an X server without a screen. It chooses a free number by itself, so that tests can run side by side;
 * give `number` only to bring a server back where one was before.
 * `without` names extensions of X that it shall not have.
 * Its one screen is `width` × `height` at 24 bits, or another depth; more screens are independent ones (`:7.1`, `:7.2`).
 */
export async function startVirtualDisplay(
  options: {
    width?: number
    height?: number
    screens?: number
    number?: number
    without?: string | readonly string[]
    depth?: 8 | 15 | 16 | 24 | 30
  } = {},
  signal?: AbortSignal,
): Promise<VirtualDisplay> {
  const { width = 1920, height = 1080, screens = 1, depth = 24, number, without = [] } = options
  const size = `${width}x${height}x${depth}`
  const server = spawn(
    'Xvfb',
    [
      ...(number === undefined ? [] : [`:${number}`]),
      ...['-displayfd', '3', '-nolisten', 'tcp', '-noreset', '-s', '0'],
      ...[without].flat().flatMap(extension => ['-extension', extension]),
      ...Array.from({ length: screens }, (_, index) => ['-screen', String(index), size]).flat(),
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  )
  // A test that fails badly must not leave a server behind.
  const killNow = () => server.kill('SIGKILL')
  server.once('exit', atExit(killNow))

  const display = `:${await reportedNumber(server)}`
  const stop = () => stopServer(server)
  signal?.addEventListener('abort', () => void stop(), { once: true })
  if (signal?.aborted) await stop()
  return { display, pid: server.pid ?? 0, env: environmentFor(display), stop, [Symbol.asyncDispose]: stop }
}

/** What Xvfb writes to `-displayfd` once it accepts connections. */
async function reportedNumber(server: ChildProcess): Promise<string> {
  let complaint = ''
  server.stderr?.setEncoding('utf8').on('data', chunk => {
    complaint = (complaint + chunk).slice(-2000)
  })
  const pipe = server.stdio[3]
  if (!pipe || !('setEncoding' in pipe)) throw new Error('Xvfb was started without its pipe')
  pipe.setEncoding('utf8')
  return new Promise((resolve, reject) => {
    let text = ''
    pipe.on('data', chunk => {
      text += chunk
      if (text.endsWith('\n')) resolve(text.trim())
    })
    server.once('error', cause => reject(new Error('Xvfb cannot be started (apt install xvfb)', { cause })))
    server.once('exit', code => reject(new Error(`Xvfb ended with ${code}: ${complaint}`)))
  })
}

/** A number that no server chooses by itself, for a display that shall stay away once it is stopped. */
export function ownDisplayNumber(): number {
  return 1000 + (process.pid % 10_000)
}

function environmentFor(display: string): NodeJS.ProcessEnv {
  const { WAYLAND_DISPLAY, XDG_SESSION_TYPE, XAUTHORITY, ...rest } = process.env
  return { ...rest, DISPLAY: display }
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  server.kill('SIGTERM')
  const timer = setTimeout(() => server.kill('SIGKILL'), 3000)
  await gone
  clearTimeout(timer)
}
