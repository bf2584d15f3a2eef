import type { XClient, XDisplay, XScreen } from 'x11'
import { settledBefore } from '../../kernel/lifetime.ts'
import { checkXAuthority } from './authority.ts'
import { isDisplayName, screenOf } from './display-name.ts'
import { keepOwnAtoms } from './own-atoms.ts'
import { boundReplies } from './replies.ts'

/** One connection to an X server, for as long as both sides keep it. */
export type XSession = Disposable & {
  client: XClient
  /** The window that is the whole screen. */
  root: number
  /** Bits of a pixel of it. */
  depth: number
  /** How a picture of it is laid out in memory. */
  pixels: XPixels
  /** Aborts when the connection ends, by either side. */
  gone: AbortSignal
  /**
   * Calls `send` with a callback of X and resolves with what that gets. The library forgets who waits for an answer
   * when it loses its connection; here no caller waits for ever.
   * @throws Error what X answers | the reason of `signal` | when the connection ends before
   */
  ask<T>(send: (callback: XCallback<T>) => void, signal?: AbortSignal): Promise<T>
}

/** `red`, `green` and `blue`: their bits in a pixel. Rows begin at multiples of `scanlinePad` bits. */
export type XPixels = {
  bitsPerPixel: number
  scanlinePad: number
  red: number
  green: number
  blue: number
  lowestByteFirst: boolean
}

/** True as the answer tells the library that an error was looked at. */
export type XCallback<T> = (error: Error | null, result: T) => boolean

/**
 * @param signal ends the waiting for a connection, and nothing after it
 * @param memory whether the server may be handed some (MIT-SHM)
 * @throws Error why there is no connection | the reason of `signal`
 */
export async function openXSession(
  display: string,
  signal: AbortSignal,
  { memory = false }: { memory?: boolean } = {},
): Promise<XSession> {
  if (!isDisplayName(display)) throw new Error(`${display} is no name of a display`)
  // Loaded only where there is an X server to talk to.
  const { default: x11 } = await import('x11')
  signal.throwIfAborted()
  checkXAuthority()
  const gone = new AbortController()
  const end = (cause?: unknown) => gone.abort(new Error('the display has gone', { cause }))
  const connected = Promise.withResolvers<XDisplay>()
  const client = x11.createClient({ display, ...(!memory && { shm: false }) }, (cause, connection) => {
    if (cause) return connected.reject(cause)
    boundReplies(client, end)
    connected.resolve(connection)
  })
  // Without a listener an error would end the process.
  client.on('error', cause => {
    connected.reject(cause)
    if (!('error' in cause)) end(cause)
  })
  client.on('end', () => end())
  try {
    const setup = await settledBefore(connected.promise, signal, gone.signal)
    const screen = setup.screen[screenOf(display)]
    if (screen === undefined) throw new Error(`${display} has no such screen`)
    keepOwnAtoms(client)
    const { root, root_depth: depth } = screen
    return {
      client,
      root,
      depth,
      pixels: pixelsOf(setup, screen),
      gone: gone.signal,
      async ask(send, called) {
        gone.signal.throwIfAborted()
        called?.throwIfAborted()
        const { promise, resolve, reject } =
          Promise.withResolvers<Parameters<Parameters<typeof send>[0]>[1]>()
        send((error, result) => {
          if (error) reject(error)
          else resolve(result)
          return true
        })
        return settledBefore(promise, gone.signal, ...(called ? [called] : []))
      },
      [Symbol.dispose]() {
        end()
        hangUp(client)
      },
    }
  } catch (cause) {
    end(cause)
    hangUp(client)
    throw cause
  }
}

function pixelsOf({ format, image_byte_order }: XDisplay, screen: XScreen): XPixels {
  const layout = format[screen.root_depth]
  const visual = screen.depths[screen.root_depth]?.[screen.root_visual]
  return {
    bitsPerPixel: layout?.bits_per_pixel ?? 0,
    scanlinePad: layout?.scanline_pad ?? 32,
    red: visual?.red_mask ?? 0,
    green: visual?.green_mask ?? 0,
    blue: visual?.blue_mask ?? 0,
    lowestByteFirst: image_byte_order === 0,
  }
}

function hangUp(client: XClient): void {
  // Before it was connected it has nothing to write to, and throws.
  if ('pack_stream' in client) client.terminate()
}
