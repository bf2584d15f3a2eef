import { once } from 'node:events'
import { connect } from 'node:net'
import {
  boundGlobals,
  decodeWayland,
  encodeWayland,
  readGlobal,
  type WaylandMessage,
} from '../../platform/wayland/messages.ts'
import type { PresenceReport } from '../../presence/presence-sources.ts'

/**
 * How a compositor is asked to tell of idleness: ext-idle-notify-v1 (wayland-protocols, staging), or what KDE had
 * before it, which wlroots speaks too. Both say the same two things of a notification: 0 idled, 1 resumed.
 */
const protocols = [
  {
    name: 'ext_idle_notifier_v1',
    // From the second version on there is one that does not mistake a video for a person at the keyboard.
    newest: 2,
    ask: (notifier: number, version: number, id: number, ms: number, seat: number) =>
      encodeWayland(notifier, version >= 2 ? 2 : 1, id, ms, seat),
  },
  {
    name: 'org_kde_kwin_idle',
    newest: 1,
    ask: (notifier: number, _version: number, id: number, ms: number, seat: number) =>
      encodeWayland(notifier, 0, id, seat, ms),
  },
] as const

/** Objects of this connection: 1 is the display by definition, the others are numbered by us. */
const ids = { display: 1, registry: 2, listed: 3, seat: 4, notifier: 5, notification: 6 } as const

/** Listens until the compositor is gone. Rejects when it cannot tell. */
export async function watchWayland(
  path: string,
  onReport: (sign: PresenceReport) => void,
  stillMs: number,
  signal: AbortSignal,
): Promise<void> {
  const socket = connect(path)
  const ended = Promise.withResolvers<void>()
  const leave = () => void socket.destroy()
  signal.addEventListener('abort', leave, { once: true })
  socket.on('error', ended.reject)
  socket.once('close', () => ended.resolve())
  const offered = new Map<string, { number: number; version: number }>()
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    try {
      const decoded = decodeWayland(Buffer.concat([rest, chunk]))
      rest = decoded.rest
      for (const message of decoded.messages) take(message)
    } catch (error) {
      ended.reject(error)
    }
  })
  try {
    if (signal.aborted) return
    await Promise.race([once(socket, 'connect'), ended.promise])
    socket.write(
      Buffer.concat([encodeWayland(ids.display, 1, ids.registry), encodeWayland(ids.display, 0, ids.listed)]),
    )
    await ended.promise
  } finally {
    signal.removeEventListener('abort', leave)
    socket.destroy()
  }

  function take({ object, code, content }: WaylandMessage): void {
    if (object === ids.display && code === 0) throw new Error('the compositor refuses')
    if (object === ids.registry && code === 0) {
      const { name, ...global } = readGlobal(content)
      if (!offered.has(name)) offered.set(name, global)
      boundGlobals(offered.size)
    }
    // The list of what is offered is complete.
    if (object === ids.listed) ask()
    if (object === ids.notification)
      onReport(
        code === 0
          ? { kind: 'still', source: 'wayland', forMs: stillMs }
          : { kind: 'active', source: 'wayland' },
      )
  }

  function ask(): void {
    const seat = offered.get('wl_seat')
    const protocol = protocols.find(({ name }) => offered.has(name))
    const notifier = protocol && offered.get(protocol.name)
    if (!seat || !notifier) throw new Error('the compositor does not tell')
    const version = Math.min(notifier.version, protocol.newest)
    socket.write(
      Buffer.concat([
        encodeWayland(ids.registry, 0, seat.number, 'wl_seat', 1, ids.seat),
        encodeWayland(ids.registry, 0, notifier.number, protocol.name, version, ids.notifier),
        protocol.ask(ids.notifier, version, ids.notification, stillMs, ids.seat),
      ]),
    )
    onReport({ kind: 'active', source: 'wayland' })
  }
}
