import { connect } from 'node:net'
import type { Problem } from '../../../protocol/errors.ts'

/**
 * Why there is no X server to listen to; undefined when one accepts connections.
 *
 * The hook library aborts or hangs without one, so this is asked first. It only connects and says nothing: a client
 * that completes the greeting and leaves as the last one makes some servers reset (see `-noreset` in Xserver(1)).
 */
export async function xDisplayProblem(env: NodeJS.ProcessEnv): Promise<Problem | undefined> {
  const display = env.DISPLAY
  if (!display) return { code: 'INPUT_NO_DISPLAY', detail: 'DISPLAY is not set' }
  for (const address of addressesOf(display)) if (await accepts(address)) return undefined
  return { code: 'INPUT_NO_DISPLAY', detail: `DISPLAY ${display} does not answer` }
}

type Address = { path: string } | { host: string; port: number }

/** `[unix][host]:number[.screen]`, see DISPLAY NAMES in X(7). */
export function addressesOf(display: string): Address[] {
  const match = /^(?<host>.*?):(?<number>\d{1,5})(\.\d+)?$/.exec(display)
  if (!match?.groups) return []
  const { host = '', number = '' } = match.groups
  if (host !== '' && host !== 'unix') {
    const port = 6000 + Number(number)
    return port < 65536 ? [{ host, port }] : []
  }
  const path = `/tmp/.X11-unix/X${number}`
  // Linux servers also listen on the same name in the abstract namespace; in a container only one may be reachable.
  return process.platform === 'linux' ? [{ path }, { path: `\0${path}` }] : [{ path }]
}

function accepts(address: Address): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(address)
  socket.setTimeout(answerWithinMs)
  socket.once('connect', () => resolve(true))
  socket.once('timeout', () => resolve(false))
  socket.once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

const answerWithinMs = 2000
