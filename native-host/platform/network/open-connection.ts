import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { budgets } from '../../kernel/budgets.ts'
import { type Place, type ProxyPlace, type Route, showPlace } from '../../network/route.ts'
import { timedOut } from './network-error.ts'

/**
 * Connections for uploads through a proxy and for looking at the way itself. Errors are those of Node, and a proxy's
 * refusal has the form of the one that Node's agents throw.
 */

/** How long each step may take. A server that answers at all answers well within it. */
export const stepMs = 5000

/** @throws a network error; `connect` ETIMEDOUT when nothing answers */
export async function openTcp({ host, port }: Place, signal: AbortSignal, waitMs = stepMs): Promise<Socket> {
  const socket = connect({ host, port })
  await settled(socket, 'connect', timedOut('connect'), signal, waitMs)
  return socket
}

/** TLS with the target, over any route. `options` may add authorities or switch the check off. */
export async function openTls(
  route: Route,
  options: Pick<ConnectionOptions, 'ca' | 'rejectUnauthorized'>,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const { host } = route.target
  const socket = await openWay(route, signal)
  const encrypted = tlsConnect({
    ...options,
    socket,
    host,
    servername: nameToAsk(host),
    ALPNProtocols: ['http/1.1'],
  })
  await settled(encrypted, 'secureConnect', timedOut('read'), signal, stepMs)
  return encrypted
}

/** What carries bytes to the target: a connection to it, or a tunnel through the proxy. */
export async function openWay(route: Route, signal: AbortSignal): Promise<Socket> {
  return route.proxy === undefined
    ? openTcp(route.target, signal)
    : openTunnel(route.proxy, route.target, signal)
}

/** @throws ERR_PROXY_TUNNEL with the proxy's status */
export async function openTunnel(
  proxy: ProxyPlace,
  target: Place,
  signal: AbortSignal,
  waitMs = stepMs,
): Promise<Socket> {
  const socket = await openProxy(proxy, signal, waitMs)
  const to = showPlace(target)
  const login =
    proxy.authorization === undefined ? [] : [`proxy-authorization: ${proxy.authorization.reveal()}`]
  socket.write([`CONNECT ${to} HTTP/1.1`, `host: ${to}`, ...login, '', ''].join('\r\n'))
  const head = await readHead(socket, signal, waitMs)
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1])
  if (status === 200) return socket
  socket.destroy()
  const cause = Number.isNaN(status) ? {} : { statusCode: status }
  throw Object.assign(new Error('the proxy opened no tunnel'), { code: 'ERR_PROXY_TUNNEL', ...cause })
}

export async function openProxy(proxy: ProxyPlace, signal: AbortSignal, waitMs = stepMs): Promise<Socket> {
  const socket = await openTcp(proxy, signal, waitMs)
  if (!proxy.encrypted) return socket
  const encrypted = tlsConnect({
    socket,
    host: proxy.host,
    servername: nameToAsk(proxy.host),
    rejectUnauthorized: true,
  })
  await settled(encrypted, 'secureConnect', timedOut('connect'), signal, waitMs)
  return encrypted
}

/** Server names are names: an address in their place is forbidden (RFC 6066). */
function nameToAsk(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host
}

/** Up to the empty line. What follows it belongs to the tunnel, and no server of TLS speaks first. */
async function readHead(socket: Socket, signal: AbortSignal, waitMs: number): Promise<string> {
  let head = ''
  const complete = Promise.withResolvers<void>()
  const take = (chunk: Buffer) => {
    head += chunk.toString('latin1')
    const end = head.indexOf('\r\n\r\n')
    const length = end === -1 ? head.length : end + 4
    if (length > budgets.proxyHead.most)
      complete.reject(Object.assign(new Error('the proxy says too much'), { code: 'ERR_PROXY_TUNNEL' }))
    else if (end !== -1) complete.resolve()
  }
  const end = () => complete.reject(Object.assign(new Error('the proxy hung up'), { code: 'ECONNRESET' }))
  socket.on('data', take).once('end', end)
  try {
    await settled(socket, complete.promise, timedOut('CONNECT'), signal, waitMs)
    return head
  } finally {
    socket.off('data', take).off('end', end)
  }
}

/** Waits for an event or a promise; a failure, a deadline or the signal destroys the socket. */
async function settled(
  socket: Socket,
  success: string | Promise<void>,
  late: Error,
  signal: AbortSignal,
  waitMs: number,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => reject(late), waitMs)
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  socket.once('error', reject)
  if (typeof success === 'string') socket.once(success, resolve)
  else success.then(resolve, reject)
  try {
    signal.throwIfAborted()
    await promise
  } catch (error) {
    // A destroyed socket may fail once more, without a listener.
    socket.on('error', () => undefined)
    socket.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    socket.off('error', reject)
  }
}
