import { type ClientRequest, type IncomingMessage, request as sendHttp } from 'node:http'
import { request as sendHttps } from 'node:https'
import { pipeline, Readable, Transform } from 'node:stream'
import { budgets } from '../../../kernel/budgets.ts'
import { timedOut } from '../../../platform/network/network-error.ts'
import type { Agents } from './agents.ts'
import { hasOwnLimits } from './lent-replies.ts'

/** What the SDK hands over, as far as it counts here. */
type Request = {
  protocol: string
  hostname: string
  port?: number
  method: string
  path: string
  query?: Record<string, string | string[] | null>
  headers: Record<string, string>
  body?: unknown
}
export type TransportResponse = {
  statusCode: number
  reason?: string
  headers: Record<string, string>
  body: Readable
}

/** How many bytes of an answer of this status are taken. */
export type MostReply = (request: Pick<Request, 'query'>, status: number) => number

const forUploads: MostReply = () => budgets.serverReply.most

/**
 * How the SDK's requests are sent. Its own handler goes around the agents, and so around proxy and certificates, for a
 * request that waits for leave to send its body; and without that, the early refusal of a large body is not read:
 * writing goes on into a closed connection, and the answer in it is lost.
 */
export function s3Transport(agents: Agents, connectMs: number, mostReply: MostReply = forUploads) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (request: Request, { abortSignal }: { abortSignal?: AbortSignal } = {}) =>
      // Uploads have a watch of their own. Services that lend credentials answer at once or not at all.
      send(request, { agents, connectMs, mostReply }, abortSignal ?? AbortSignal.timeout(lendingMs)),
    destroy: agents.destroy,
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  }
}

function send(
  request: Request,
  { agents, connectMs, mostReply }: { agents: Agents; connectMs: number; mostReply: MostReply },
  signal: AbortSignal | undefined,
): Promise<{ response: TransportResponse }> {
  const encrypted = request.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const address = addressOf(request)
    const { agent, route } = agents.passageTo(address)
    // It is asked for the whole address, and for nothing else than to pass this request on.
    const forwarding = encrypted ? undefined : route.proxy
    const path = request.path + queryOf(request.query)
    const options = {
      agent,
      hostname: request.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: request.port,
      method: request.method,
      path: forwarding === undefined ? path : `${address.origin}${path}`,
      headers: {
        ...request.headers,
        ...(forwarding?.authorization && { 'proxy-authorization': forwarding.authorization.reveal() }),
      },
    }
    const sent = encrypted ? sendHttps(options) : sendHttp(options)
    hasOwnLimits(sent)
    // A request that has no connection yet, as while a proxy is silent, would tell of its end only once it has one.
    const giveUp = (reason: Error) => {
      reject(reason)
      sent.destroy(reason)
    }
    // The way through a proxy has limits of its own, one for each step.
    if (route.proxy === undefined) limitConnecting(sent, connectMs, giveUp)
    const abort = () => giveUp(signal?.reason)
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    sent.once('close', () => signal?.removeEventListener('abort', abort))
    sent.once('response', answer => {
      const { statusCode = 0, statusMessage, headers } = answer
      const response = {
        statusCode,
        headers: joined(headers),
        body: bounded(answer, mostReply(request, statusCode)),
      }
      resolve({ response: { ...response, ...(statusMessage && { reason: statusMessage }) } })
    })
    sent.on('error', reject)
    void sendBody(sent, request)
  })
}

/** For every event of a request that has no other listener. */
const lendingMs = 30_000

/** A server that does not end fills no memory. */
function bounded(answer: IncomingMessage, mostBytes: number): Readable {
  let taken = 0
  const limiter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      taken += chunk.length
      if (taken <= mostBytes) return done(null, chunk)
      done(Object.assign(new Error('the answer is too long'), { code: 'ERR_REPLY_TOO_LONG' }))
    },
  })
  // The reader gets a failure of either.
  pipeline(answer, limiter, () => undefined)
  return limiter
}

function addressOf({ protocol, hostname, port }: Request): URL {
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname
  return new URL(`${protocol}//${host}${port === undefined ? '' : `:${port}`}`)
}

function limitConnecting(sent: ClientRequest, connectMs: number, giveUp: (reason: Error) => void): void {
  const timer = setTimeout(() => giveUp(timedOut('connect')), connectMs)
  const stop = () => clearTimeout(timer)
  sent.once('socket', socket => (socket.connecting ? socket.once('connect', stop) : stop()))
  sent.once('close', stop)
}

/** As curl does: some servers never give leave, and get the body after that. */
const leaveMs = 1000

async function sendBody(sent: ClientRequest, { headers, body }: Request): Promise<void> {
  if (headers.Expect !== undefined && !(await hasLeave(sent))) {
    if (body instanceof Readable) body.destroy()
    return
  }
  if (isPieces(body)) return sendPieces(sent, body)
  if (body instanceof Readable) {
    // The connection has failed, and that is reported: no other code reads on.
    sent.once('close', () => body.destroy())
    body.once('error', error => sent.destroy(error))
    body.pipe(sent)
  } else if (typeof body === 'string' || body instanceof Uint8Array) sent.end(body)
  else sent.end()
}

/** A stream would do, and takes twice the time for its own. */
function isPieces(body: unknown): body is AsyncIterable<Uint8Array> {
  return (
    !(body instanceof Readable) && typeof body === 'object' && body !== null && Symbol.asyncIterator in body
  )
}

async function sendPieces(sent: ClientRequest, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const piece of pieces) {
      if (sent.destroyed) return
      if (!sent.write(piece)) await canTakeMore(sent)
    }
    sent.end()
  } catch (error) {
    sent.destroy(error instanceof Error ? error : undefined)
  }
}

function canTakeMore(sent: ClientRequest): Promise<void> {
  return new Promise(resolve => {
    const go = () => {
      sent.off('drain', go).off('close', go)
      resolve()
    }
    sent.on('drain', go).on('close', go)
  })
}

/** Whether the body is to be sent: not when the answer is there before it. */
function hasLeave(sent: ClientRequest): Promise<boolean> {
  return new Promise(resolve => {
    sent.flushHeaders()
    const timer = setTimeout(() => resolve(true), leaveMs)
    sent.once('continue', () => resolve(true))
    for (const end of ['response', 'close'] as const) sent.once(end, () => resolve(false))
    sent.once('close', () => clearTimeout(timer))
  })
}

function queryOf(query: Request['query'] = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (Array.isArray(value)) return value.map(each => `${encoded(name)}=${encoded(each)}`)
    return value === null ? [encoded(name)] : [`${encoded(name)}=${encoded(value)}`]
  })
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** As the SDK does it, and therefore as it is signed. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function joined(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}
