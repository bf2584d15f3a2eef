import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ProxyVariables, type Route, routeTo } from '../../../network/route.ts'
import { openProxy, openTunnel } from '../../../platform/network/open-connection.ts'

/** How a request gets to its server. */
export type Passage = { agent: HttpAgent | HttpsAgent; route: Route }

export type Agents = {
  /** @throws AppError PROXY_UNUSABLE */
  passageTo(address: URL): Passage
  destroy(): void
}

/**
 * One agent for each server and its route. The route is ours, and so are the tunnels: Node's agents read NO_PROXY in
 * their own way, go directly where they do not understand a proxy, and read what a proxy answers without an end.
 */
export function createAgents(env: ProxyVariables, ca: readonly string[] | undefined, waitMs: number): Agents {
  const passages = new Map<string, Passage>()
  const ended = new AbortController()

  function open(route: Route): Passage {
    const { target, proxy } = route
    if (!target.encrypted) {
      const agent =
        proxy === undefined
          ? new HttpAgent({ keepAlive: true })
          : new ForwardAgent(() => openProxy(proxy, ended.signal, waitMs))
      return { agent, route }
    }
    // Explicit, so that not even NODE_TLS_REJECT_UNAUTHORIZED=0 switches the checking off.
    const trust = { keepAlive: true, rejectUnauthorized: true, ...(ca && { ca: [...ca] }) }
    const agent =
      proxy === undefined
        ? new HttpsAgent(trust)
        : new TunnelAgent(trust, () => openTunnel(proxy, target, ended.signal, waitMs))
    return { agent, route }
  }

  return {
    passageTo(address) {
      const known = passages.get(address.origin)
      if (known) return known
      const passage = open(routeTo(address, env))
      passages.set(address.origin, passage)
      return passage
    },
    destroy() {
      ended.abort()
      for (const { agent } of passages.values()) agent.destroy()
    },
  }
}

type Opened = (error: Error | null, stream: Duplex) => void
type Opening = () => Promise<Socket>

/** Its connections lead to a proxy that is asked for whole addresses. */
class ForwardAgent extends HttpAgent {
  readonly #open: Opening
  constructor(open: Opening) {
    super({ keepAlive: true })
    this.#open = open
  }
  override createConnection(_options: object, opened?: Opened): undefined {
    hand(this.#open(), socket => socket, opened)
  }
}

/** Its connections are tunnels, in which it speaks TLS. */
class TunnelAgent extends HttpsAgent {
  readonly #open: Opening
  constructor(trust: ConstructorParameters<typeof HttpsAgent>[0], open: Opening) {
    super(trust)
    this.#open = open
  }
  override createConnection(
    options: Parameters<HttpsAgent['createConnection']>[0],
    opened?: Opened,
  ): undefined {
    hand(this.#open(), socket => super.createConnection({ ...options, socket } as typeof options), opened)
  }
}

function hand(
  opening: Promise<Socket>,
  dress: (socket: Socket) => Duplex | null | undefined,
  opened: Opened | undefined,
): void {
  opening.then(
    socket => opened?.(null, dress(socket) ?? socket),
    // Node's own form of a failure leaves the stream out.
    error => (opened as ((error: Error) => void) | undefined)?.(error),
  )
}
