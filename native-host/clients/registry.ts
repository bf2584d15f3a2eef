import type { ClientMessage } from '../../protocol/messages.ts'
import { createSignal, type ReadonlySignal } from '../kernel/signals.ts'
import type { Asker } from '../privacy/asker.ts'
import type { AskedBrowser } from '../screenshots/ports.ts'
import type { ClientChannel } from './ports.ts'

export type Hello = Extract<ClientMessage, { type: 'hello' }>

export type Client = {
  readonly channel: ClientChannel
  /** Fixed by the first hello, until the client disconnects. */
  asker: Asker | undefined
  /** The kind of client that may say hello next. */
  nextHello: readonly Hello['program'][]
  subscription: 'none' | 'saved' | 'live'
  /** Only the bridge, which the browser starts, states it; an extension behind it cannot state another. */
  browserPid: number | undefined
  /** Registers an extension that can be asked for its windows. */
  browser: AskedBrowser | undefined
  /** Aborts when the client leaves. */
  readonly left: AbortController
  testing: boolean
  /** Ends the decryption of days that this client asked for last. */
  opening: AbortController | undefined
}

export type ClientCounts = { browsers: number; all: number }

/** The connected clients. It does not depend on their commands, so that any part may depend on it. */
export type ClientRegistry = {
  /** How many browsers are connected, and how many clients in all have said hello. */
  counts: ReadonlySignal<ClientCounts>
  add(channel: ClientChannel): Client
  remove(client: Client): void
  /** Call it once a client has said hello. */
  recount(): void
  all(): Iterable<Client>
}

export function createClientRegistry(): ClientRegistry {
  const connected = new Set<Client>()
  const counts = createSignal<ClientCounts>({ browsers: 0, all: 0 })
  const recount = () => {
    const askers = [...connected].flatMap(({ asker }) => asker ?? [])
    counts.value = { browsers: askers.filter(({ viaBrowser }) => viaBrowser).length, all: askers.length }
  }
  return {
    counts,
    recount,
    all: () => connected,

    add(channel) {
      const client: Client = {
        channel,
        asker: undefined,
        nextHello: ['bridge', 'extension', 'command-line'],
        subscription: 'none',
        browserPid: undefined,
        browser: undefined,
        left: new AbortController(),
        testing: false,
        opening: undefined,
      }
      connected.add(client)
      recount()
      return client
    },

    remove(client) {
      connected.delete(client)
      recount()
    },
  }
}
