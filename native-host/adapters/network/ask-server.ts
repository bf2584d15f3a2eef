import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { clockDetail, mostSkewMs, parseHttpDate } from '../../network/clock-skew.ts'
import type { BucketRoute } from '../../network/ports.ts'
import type { ProxyPlace } from '../../network/route.ts'
import { type Answer, isFromS3 } from '../../network/upload-answer.ts'
import { explainFailure } from '../../platform/network/explain-failure.ts'
import { timedOut } from '../../platform/network/network-error.ts'
import { openProxy, openTcp, openTls, stepMs } from '../../platform/network/open-connection.ts'

/**
 * Asks without credentials for something that only S3 knows, and looks at the answer: S3 refuses it in a form of its
 * own.
 */
export async function askServer(
  way: BucketRoute,
  trusted: Pick<ConnectionOptions, 'ca' | 'rejectUnauthorized'>,
  signal: AbortSignal,
): Promise<string> {
  const { target, proxy } = way.route
  if (proxy !== undefined && !target.encrypted) return judge(await askThroughProxy(way, proxy, signal), way)
  const socket = target.encrypted ? await openTls(way.route, trusted, signal) : await openTcp(target, signal)
  return judge(await ask(socket, `${way.address.pathname}?location`, way, [], signal), way)
}

/** The request line then holds the whole address (RFC 9112, 3.2.2). */
export async function askThroughProxy(
  way: BucketRoute,
  proxy: ProxyPlace,
  signal: AbortSignal,
): Promise<Answer> {
  const socket = await openProxy(proxy, signal)
  const login = proxy.authorization === undefined ? [] : ['proxy-authorization', proxy.authorization.reveal()]
  return ask(socket, `${way.address.origin}${way.address.pathname}?location`, way, login, signal)
}

/** @throws AppError of what answered, unless it is S3 and our clock is right enough for it */
async function judge(answer: Answer, way: BucketRoute): Promise<string> {
  if (!isFromS3(answer) || answer.status >= 500) {
    const { code, detail } = await explainFailure({ kind: 'answer', answer }, way.route, undefined)
    throw new AppError(code, detail === undefined ? {} : { detail })
  }
  const now = Temporal.Now.instant()
  const theirs = parseHttpDate(answer.headers.date) ?? now
  const clock = clockDetail(now, theirs)
  if (Math.abs(now.epochMilliseconds - theirs.epochMilliseconds) > mostSkewMs)
    throw new AppError('UPLOAD_CLOCK_WRONG', clock === undefined ? {} : { detail: clock })
  return `S3 answers${clock === undefined ? '' : `; ${clock}, which it still accepts`}`
}

async function ask(
  socket: Socket,
  path: string,
  { address }: BucketRoute,
  login: readonly string[],
  signal: AbortSignal,
): Promise<Answer> {
  const failed = Promise.withResolvers<never>()
  const late = setTimeout(() => failed.reject(timedOut('read')), stepMs)
  const abort = () => failed.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  socket.on('error', failed.reject)
  try {
    signal.throwIfAborted()
    const headers = ['host', address.host, 'user-agent', 'activity-tracker', 'connection', 'close', ...login]
    const asking = request({ createConnection: () => socket, path, headers })
    asking.on('error', failed.reject).end()
    const [response] = await Promise.race([once(asking, 'response'), failed.promise])
    return await Promise.race([readAnswer(response), failed.promise])
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', abort)
    socket.destroy()
  }
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const { most: mostBytes } = budgets.probeReply
  let body = ''
  for await (const chunk of response.setEncoding('latin1')) {
    body += chunk
    // Enough for an error of S3; a page may be longer, and is not read to its end.
    if (body.length >= mostBytes) break
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    ...fromXml(body.slice(0, mostBytes)),
  }
}

/** A page may quote anything: only the XML of S3's errors counts. */
function fromXml(body: string): Pick<Answer, 's3Code' | 's3Region'> {
  if (!/^\s*(<\?xml[^>]*>\s*)?<(Error|LocationConstraint)\b/.test(body)) return {}
  const s3Code =
    /<Code>([\w.]{1,64})<\/Code>/.exec(body)?.[1] ?? (body.includes('<LocationConstraint') ? '' : undefined)
  return { s3Code, s3Region: /<Region>([a-z0-9-]{1,40})<\/Region>/.exec(body)?.[1] }
}
