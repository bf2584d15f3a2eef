import type { XClient, XDisplay, XShm } from 'x11'
import { AppError } from '../../../protocol/errors.ts'
import { keepOwnAtoms } from '../base/own-atoms.ts'
import { isDisplayName } from '../base/x-display-name.ts'

/** One connection to an X server, for as long as both sides keep it. */
export type XSession = Disposable & {
  client: XClient
  root: number
  /** undefined where the server cannot be handed memory: it is another computer, or old. */
  shm: XShm | undefined
  readonly ended: boolean
  /**
   * Calls `send` with a callback of X and resolves with what that gets.
   * @throws Error what X answers | the reason of `signal` | when the connection ends before
   */
  ask<T>(send: (callback: Callback<T>) => void, signal: AbortSignal): Promise<T>
}

/** True as the answer tells the library that an error was looked at. */
type Callback<T> = (error: Error | null, result: T) => boolean

const connectWithinMs = 3000

/** @throws AppError CAPTURE_NO_DISPLAY */
export async function openXSession(display: string, signal: AbortSignal): Promise<XSession> {
  if (!isDisplayName(display))
    throw new AppError('CAPTURE_NO_DISPLAY', { detail: `DISPLAY ${display} is no name of a display` })
  // Loaded only where there is an X server to talk to.
  const { default: x11 } = await import('x11')
  const timeout = AbortSignal.timeout(connectWithinMs)
  const soon = AbortSignal.any([signal, timeout])
  const gone = new AbortController()
  const end = (cause?: unknown) => gone.abort(new Error('the display has gone', { cause }))
  const connected = Promise.withResolvers<XDisplay>()
  const client = x11.createClient({ display }, (cause, connection) =>
    cause ? connected.reject(cause) : connected.resolve(connection),
  )
  // Without a listener an error would end the process.
  client.on('error', cause => {
    connected.reject(cause)
    if (!('error' in cause)) end(cause)
  })
  client.on('end', () => end())
  try {
    const { screen } = await settledBefore(connected.promise, AbortSignal.any([soon, gone.signal]))
    keepOwnAtoms(client)
    const [{ root, root_depth: depth }] = screen
    if (!depths.includes(depth)) throw new Error(`a display of ${depth} bits`)
    const session: XSession = {
      client,
      root,
      shm: undefined,
      get ended() {
        return gone.signal.aborted
      },
      ask(send, called) {
        const { promise, resolve, reject } =
          Promise.withResolvers<Parameters<Parameters<typeof send>[0]>[1]>()
        const until = AbortSignal.any([called, gone.signal])
        until.throwIfAborted()
        send((error, result) => {
          if (error) reject(error)
          else resolve(result)
          return true
        })
        return settledBefore(promise, until)
      },
      [Symbol.dispose]() {
        end()
        hangUp(client)
      },
    }
    session.shm = await sharedMemory(session, soon)
    return session
  } catch (cause) {
    end(cause)
    hangUp(client)
    signal.throwIfAborted()
    const detail = `DISPLAY ${display} does not answer`
    throw new AppError('CAPTURE_NO_DISPLAY', { detail, cause })
  }
}

function hangUp(client: XClient): void {
  // Before it was connected it has nothing to write to, and throws.
  if ('pack_stream' in client) client.terminate()
}

/** Eight bits for each of red, green and blue, in four bytes: all that is left of the many that X once had. */
const depths = [24, 32]

async function sharedMemory(session: XSession, signal: AbortSignal): Promise<XShm | undefined> {
  const known = await session.ask<{ present: number }>(
    callback => session.client.QueryExtension('MIT-SHM', callback),
    signal,
  )
  if (!known.present) return undefined
  const shm = await session.ask<XShm>(callback => session.client.require('shm', callback), signal)
  return shm.fdCapable ? shm : undefined
}

function settledBefore<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort))
}
