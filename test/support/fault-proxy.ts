import { once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * A reverse proxy that stands in front of a real S3 server and spoils what its rules say. The Host header stays as
 * the client signed it, so that signatures hold and every request that is not spoiled is judged by the real server.
 */
export type FaultProxy = AsyncDisposable & {
  /** Give this to the client as its endpoint. */
  endpoint: string
  /** In force from the next request on; the first one that matches counts. May be replaced at any time. */
  rules: readonly FaultRule[]
  /** How often each fault really happened. A test that needs one asserts that its counter is over 0. */
  readonly hits: Readonly<Record<FaultName, number>>
  /** Every request in order, for questions such as how many there were in a second. */
  readonly asked: readonly Asked[]
}

export type FaultRule = {
  fault: FaultName
  /** Every method when left out. */
  method?: 'PUT' | 'POST' | 'GET' | 'HEAD' | 'DELETE'
  /** Against path and query, such as /uploadId=/. */
  path?: RegExp
  /** Only requests with a header of such a name. */
  header?: RegExp
  /** Asked with 1, 2, 3 … for the requests that match so far; always when left out. */
  nth?: (count: number) => boolean
  /** For answers that are errors: the seconds of a Retry-After. */
  retryAfterS?: number
  /** For 'slow-answer'. */
  delayMs?: number
}

export type Asked = {
  method: string
  path: string
  atMs: number
  fault: FaultName | undefined
  bytes: number
}

export type FaultName = keyof typeof faults

export const first = (times: number) => (count: number) => count <= times
export const only =
  (...counts: number[]) =>
  (count: number) =>
    counts.includes(count)
export const every = (step: number) => (count: number) => count % step === 0

type Spoiling = {
  request: IncomingMessage
  response: ServerResponse
  rule: FaultRule
  /** Reads the whole body, which goes nowhere. */
  swallow(): Promise<void>
  /** Passes the request on and waits for all of the real answer. */
  forward(): Promise<RealAnswer>
  /** Counts the fault: it is about to be felt. */
  happens(): void
}
type RealAnswer = { status: number; headers: string[]; body: Buffer }

/** One row for each way in which a network or a server fails. */
const faults = {
  'slow-down': answering(503, 'SlowDown'),
  'server-error': answering(500, 'InternalError'),
  denied: answering(403, 'AccessDenied'),
  /** What servers say to a header that they do not know. */
  refused: answering(400, 'InvalidRequest'),
  'not-implemented': answering(501, 'NotImplemented'),
  skewed: answering(403, 'RequestTimeTooSkewed'),
  'storage-full': answering(507, 'QuotaExceeded'),
  conflict: answering(409, 'ConditionalRequestConflict'),
  'no-such-upload': answering(404, 'NoSuchUpload'),
  /** As if another tracker had stored an object of that name. */
  taken: answering(412, 'PreconditionFailed'),
  /** What AWS does when joining the parts fails after it began to answer. Nothing was stored. */
  'error-in-success': answering(200, 'InternalError'),
  /** A network login page, which answers 200 to everything. */
  'login-page': async ({ swallow, happens, response }: Spoiling) => {
    await swallow()
    happens()
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Sign in</body></html>')
  },
  'reset-before-body': async ({ request, happens }: Spoiling) => {
    happens()
    request.socket.resetAndDestroy()
  },
  /** In the middle of the body, which the real server never sees. */
  'reset-in-body': async ({ request, response, happens }: Spoiling) => {
    giveLeave(request, response)
    await Promise.race([once(request, 'data'), once(request, 'end')])
    happens()
    request.socket.resetAndDestroy()
  },
  /** The body arrived here, and the real server never sees it. */
  'reset-after-body': async ({ request, swallow, happens }: Spoiling) => {
    await swallow()
    happens()
    request.socket.resetAndDestroy()
  },
  /** The real server did what was asked; the client never learns it. */
  'lost-reply': async ({ request, forward, happens }: Spoiling) => {
    await forward()
    happens()
    request.socket.resetAndDestroy()
  },
  /** The real server did what was asked; half of its answer arrives. */
  'truncated-answer': async ({ request, forward, happens }: Spoiling) => {
    const answer = rawAnswer(await forward())
    happens()
    request.socket.end(answer.subarray(0, Math.floor(answer.length / 2)))
  },
  /** Nothing is read and nothing is said until the client gives up. */
  stall: async ({ request, happens }: Spoiling) => {
    request.pause()
    happens()
    if (!request.socket.destroyed) await once(request.socket, 'close')
  },
  /** The real server did what was asked, and its answer never comes. */
  'stall-after-commit': async ({ request, forward, happens }: Spoiling) => {
    await forward()
    happens()
    if (!request.socket.destroyed) await once(request.socket, 'close')
  },
  'slow-answer': async ({ response, forward, rule, happens }: Spoiling) => {
    const answer = await forward()
    happens()
    await sleep(rule.delayMs ?? 1000)
    passOn(response, answer)
  },
}

export const faultNames = Object.keys(faults) as FaultName[]

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const upstream = new URL(target)
  const agent = new Agent({ keepAlive: true })
  const counts = new Map<FaultRule, number>()
  const hits = Object.fromEntries(faultNames.map(name => [name, 0])) as Record<FaultName, number>
  const asked: Asked[] = []

  const handle = (incoming: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = incoming
    const rule = proxy.rules.find(candidate => applies(candidate, method, url, headers))
    const bytes = Number(headers['content-length'] ?? 0)
    asked.push({ method, path: url, atMs: performance.now(), fault: rule?.fault, bytes })
    // A client that leaves is the end of its request and of nothing else.
    incoming.on('error', () => undefined)
    const work = rule ? spoil(rule, incoming, response) : stream(incoming, response)
    work.catch(() => incoming.socket.destroy())
  }
  const server = createServer(handle)
  // Without this, Node gives leave to send a body before the real server was asked.
  server.on('checkContinue', handle)

  function spoil(rule: FaultRule, request: IncomingMessage, response: ServerResponse): Promise<void> {
    return faults[rule.fault]({
      request,
      response,
      rule,
      async swallow() {
        giveLeave(request, response)
        request.resume()
        if (!request.readableEnded) await once(request, 'end')
      },
      async forward() {
        const answer = await send(upstream, agent, request, response)
        return { status: answer.statusCode ?? 502, headers: answer.rawHeaders, body: await buffer(answer) }
      },
      happens() {
        hits[rule.fault] += 1
      },
    })
  }

  function applies(rule: FaultRule, method: string, url: string, headers: IncomingHttpHeaders): boolean {
    if (rule.method !== undefined && rule.method !== method) return false
    if (rule.path !== undefined && !rule.path.test(url)) return false
    const { header } = rule
    if (header !== undefined && !Object.keys(headers).some(name => header.test(name))) return false
    const count = (counts.get(rule) ?? 0) + 1
    counts.set(rule, count)
    return rule.nth === undefined || rule.nth(count)
  }

  async function stream(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await send(upstream, agent, incoming, response)
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(response)
    await once(answer, 'close')
    if (!answer.complete) incoming.socket.destroy()
  }

  // Slow uploads are what it is for.
  server.requestTimeout = 0
  await once(server.listen(0, '127.0.0.1'), 'listening')
  // TypeScript cannot know that a server on a TCP port has no path as its address.
  const { port } = server.address() as AddressInfo
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${port}`,
    rules: [],
    hits,
    asked,
    async [Symbol.asyncDispose]() {
      agent.destroy()
      const closed = once(server.close(), 'close')
      server.closeAllConnections()
      await closed
    },
  }
  return proxy
}

function answering(status: number, code: string) {
  return async ({ swallow, happens, response, rule }: Spoiling) => {
    await swallow()
    happens()
    const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message></Error>`
    const wait = rule.retryAfterS === undefined ? {} : { 'retry-after': String(rule.retryAfterS) }
    const headers = { 'content-type': 'application/xml', 'x-amz-request-id': 'tx-fault', ...wait }
    response.writeHead(status, headers).end(body)
  }
}

function giveLeave({ headers }: IncomingMessage, response: ServerResponse): void {
  if (headers.expect !== undefined) response.writeContinue()
}

async function send(
  upstream: URL,
  agent: Agent,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<IncomingMessage> {
  const { method, url: path, rawHeaders } = incoming
  const { hostname, port } = upstream
  const outgoing = request({ agent, hostname, port, method, path, headers: rawHeaders, setHost: false })
  incoming.once('close', () => {
    if (!incoming.complete) outgoing.destroy()
  })
  outgoing.once('continue', () => response.writeContinue())
  const answered = once(outgoing, 'response')
  // After its answer the real server may hang up, also with data still on its way to it.
  answered.finally(() => outgoing.on('error', () => undefined)).catch(() => undefined)
  incoming.pipe(outgoing)
  const [answer] = (await answered) as [IncomingMessage]
  return answer
}

function passOn(response: ServerResponse, { status, headers, body }: RealAnswer): void {
  response.writeHead(status, headers).end(body)
}

function rawAnswer({ status, headers, body }: RealAnswer): Buffer {
  const lines = [`HTTP/1.1 ${status} x`]
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`)
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body])
}
