import { connect } from 'node:net'
import { join } from 'node:path'
import { type SessionVariables, sessionVariableNames } from '../../../protocol/session-variables.ts'
import { openXSession } from '../x11/session.ts'

/** What of this environment says which session of the desktop a program belongs to. */
export function sessionIn(env: NodeJS.ProcessEnv): SessionVariables {
  return Object.fromEntries(
    sessionVariableNames.flatMap(name => {
      const value = env[name]
      return value ? [[name, value]] : []
    }),
  )
}

/** The environment with another session in it: what the other one does not name is not left over from this one. */
export function withSession(env: NodeJS.ProcessEnv, session: SessionVariables): NodeJS.ProcessEnv {
  const rest = Object.entries(env).filter(([name]) => !sessionVariableNames.some(known => known === name))
  return { ...Object.fromEntries(rest), ...session }
}

const lookMs = 1000

/**
 * Whether a program of another session asks while the one of this process has gone: logged out, and in again at another
 * display. One that is there is never left for another.
 */
export async function shouldFollow(own: SessionVariables, offered: SessionVariables): Promise<boolean> {
  const isSame = sessionVariableNames.every(name => own[name] === offered[name])
  if (isSame || !(await isThere(offered))) return false
  return !(await answers(own))
}

/** With its own key (XAUTHORITY), which another login at the same display changes. */
async function answers(session: SessionVariables): Promise<boolean> {
  if (session.WAYLAND_DISPLAY) return isThere(session)
  if (!session.DISPLAY) return false
  try {
    using _session = await openXSession(session.DISPLAY, AbortSignal.timeout(lookMs))
    return true
  } catch {
    return false
  }
}

/** Whether anything listens at its display. Only of this computer: what is far away is not followed. */
async function isThere({ DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR }: SessionVariables): Promise<boolean> {
  const wayland =
    WAYLAND_DISPLAY &&
    (WAYLAND_DISPLAY.startsWith('/') ? WAYLAND_DISPLAY : join(XDG_RUNTIME_DIR ?? '/', WAYLAND_DISPLAY))
  if (wayland && (await listens(wayland))) return true
  const number = /^(?:unix)?:(\d{1,5})(?:\.\d+)?$/.exec(DISPLAY ?? '')?.[1]
  if (number === undefined) return false
  // Some servers listen at the abstract name only, some at the file only (X(7)).
  const file = `/tmp/.X11-unix/X${number}`
  return (await listens(file)) || (await listens(`\0${file}`))
}

function listens(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ path, signal: AbortSignal.timeout(lookMs) })
    socket.once('connect', () => end(true))
    socket.on('error', () => end(false))
    function end(found: boolean) {
      socket.destroy()
      resolve(found)
    }
  })
}
