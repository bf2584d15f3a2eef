import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { AppError, type ErrorCode } from '../../../../protocol/errors.ts'
import { retryAfterMsOf } from '../../../delivery/retry-after.ts'
import { backoffMs } from '../../../kernel/backoff.ts'
import { budgets } from '../../../kernel/budgets.ts'
import { formatBucketAddress } from '../../../verify/source-address.ts'
import { type Connection, connect, type S3Access } from './connection.ts'
import { isS3Answer, toUploadError, unproven } from './errors.ts'
import { toReadError } from './read-errors.ts'
import { addressOf } from './request-address.ts'
import { bucketOf, type S3Settings } from './settings.ts'
import type { MostReply } from './transport.ts'

/** What one request lists: of a prefix, and not of what lies below further slashes. */
export type ListedPage = { objects: { key: string; size: number; stamp?: string }[]; folders: string[] }

/** Reading needs s3:ListBucket on the bucket and s3:GetObject on its objects, and no right to write. */
export type BucketReader = {
  /** In the order of the server. A page that fails after others fails the whole. @throws AppError READ_* and those of the way */
  pages(prefix: string, signal: AbortSignal): AsyncGenerator<ListedPage>
  /** @throws AppError FILE_UNREADABLE for what is about this object alone; READ_* and those of the way */
  get(key: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array>
}

/** Objects are larger than any other answer. */
const mostReply: MostReply = ({ query }, status) => {
  if (status >= 300) return budgets.serverReply.most
  return query?.['list-type'] === undefined ? budgets.objectBytes.most : budgets.listReply.most
}

export type ReadingWorld = Omit<S3Access, 'mostReply'> & {
  random: () => number
  stallMs?: number
  tries?: number
  /** Smaller in tests. */
  perPage?: number
}

/** Nothing is loaded or connected before the first request. */
export function readBucket(settings: S3Settings, world: ReadingWorld): BucketReader {
  const { bucket_name: bucket, region, endpoint } = settings
  const { stallMs = 30_000, tries = 6, perPage } = world
  let opened: Promise<Connection> | undefined

  return {
    async *pages(prefix, signal) {
      const where = formatBucketAddress({ bucket, prefix })
      let token: string | undefined
      do {
        const page = await ask({ action: 's3:ListBucket', resource: bucket, signal }, (connection, alive) =>
          listPage(connection, { prefix, token }, alive),
        )
        if (page.next !== undefined && page.next === token)
          throw new AppError('READ_NOT_S3', { detail: where })
        token = page.next
        yield page
      } while (token !== undefined)
    },

    get(key, mostBytes, signal) {
      const request = { action: 's3:GetObject', resource: `${bucket}/${key}`, signal }
      return ask(request, async ({ sdk, client }, alive) => {
        const command = new sdk.GetObjectCommand({ ...bucketOf(settings), Key: key })
        const path = formatBucketAddress({ bucket, prefix: key })
        try {
          const output = await client.send(command, { abortSignal: alive.signal })
          // A page that asks to sign in is no object that was changed.
          if (output.$metadata.requestId === undefined) throw unproven(output)
          return await readBody(output.Body, path, mostBytes, alive.touch)
        } catch (cause) {
          const own = ownFailures.find(([code]) => isS3Answer(cause, code))?.[1]
          throw own === undefined
            ? cause
            : new AppError('FILE_UNREADABLE', { detail: `${path}: ${own}`, cause })
        }
      })
    },
  }

  async function listPage(
    { sdk, client }: Connection,
    { prefix, token }: { prefix: string; token: string | undefined },
    { signal }: Alive,
  ): Promise<ListedPage & { next: string | undefined }> {
    const command = new sdk.ListObjectsV2Command({
      ...bucketOf(settings),
      Prefix: prefix,
      Delimiter: '/',
      // XML cannot hold every character that a key can.
      EncodingType: 'url',
      ...(perPage !== undefined && { MaxKeys: perPage }),
      ...(token !== undefined && { ContinuationToken: token }),
    })
    const output = await client.send(command, { abortSignal: signal })
    const page = v.safeParse(pageSchema, output)
    // A page that asks to sign in is no list without objects.
    if (output.IsTruncated === undefined) throw unproven(output)
    if (!page.success) throw new AppError('READ_NOT_S3', { detail: formatBucketAddress({ bucket, prefix }) })
    const { Contents, CommonPrefixes, EncodingType, IsTruncated, NextContinuationToken } = page.output
    const decode = EncodingType === 'url' ? decodeKey : (key: string) => key
    if (IsTruncated && !NextContinuationToken)
      throw new AppError('READ_NOT_S3', { detail: formatBucketAddress({ bucket, prefix }) })
    return {
      objects: Contents.map(({ Key, Size, ETag, LastModified }) => ({
        ...{ key: decode(Key), size: Size },
        ...(ETag !== undefined && LastModified && { stamp: `${Size} ${ETag} ${LastModified.getTime()}` }),
      })),
      folders: CommonPrefixes.map(({ Prefix }) => decode(Prefix)),
      next: IsTruncated ? NextContinuationToken : undefined,
    }
  }

  /** Tries again what may pass by itself. @throws AppError as its reader is to see it; the signal's reason */
  async function ask<T>(
    request: Asked,
    send: (connection: Connection, alive: Alive) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await once(request, send)
      } catch (error) {
        request.signal.throwIfAborted()
        const problem = await explain(error, request)
        const passes = passing.includes(problem.code) && attempt + 1 < tries
        if (!passes) throw toReadError(problem, attempt + 1)
        const retryAfterMs = retryAfterMsOf(problem)
        const waitMs = backoffMs(attempt, world.random(), { ...patience, retryAfterMs })
        await sleep(waitMs, undefined, { signal: request.signal })
      }
    }
  }

  async function once<T>(
    { signal }: Asked,
    send: (connection: Connection, alive: Alive) => Promise<T>,
  ): Promise<T> {
    opened ??= connect(settings, { ...world, mostReply })
    const mine = opened
    try {
      const connection = await mine
      return await whileAlive(stallMs, signal, alive => send(connection, alive))
    } catch (error) {
      if (opened === mine && !(await succeeds(mine))) opened = undefined
      throw error
    }
  }

  async function explain(error: unknown, { action, resource }: Asked): Promise<AppError> {
    if (error instanceof AppError) return error
    const connection = await opened?.catch(() => undefined)
    return toUploadError(error, {
      address: await addressOf({ bucket, region, endpoint }),
      proxyEnv: { ...(connection?.proxyEnv ?? world.env) },
      asked: { action, resource, region },
      renewal: connection?.renewal(),
    })
  }
}

type Asked = { action: string; resource: string; signal: AbortSignal }

/** `touch`: something arrived. */
type Alive = { signal: AbortSignal; touch(): void }

const patience = { firstMs: 250, longestMs: 8000 }

/** What may be over at the next try. */
const passing: readonly ErrorCode[] = [
  'NETWORK_NONE',
  'DNS_SILENT',
  'PROXY_FAILED',
  'PORT_DROPPED',
  'PORT_REFUSED',
  'CONNECTION_CUT',
  'CONNECTION_STALLED',
  'UPLOAD_BUSY',
  'UPLOAD_SERVER_ERROR',
  'UPLOAD_FAILED',
]

/** What S3 says of one object while others can be read. */
const ownFailures: [code: string, why: string][] = [
  ['NoSuchKey', 'it is no longer in the bucket'],
  ['InvalidObjectState', 'it is archived, and must be restored in the bucket first'],
]

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}

/** @throws AppError CONNECTION_STALLED when nothing arrives for so long; else what `work` throws */
async function whileAlive<T>(
  stallMs: number,
  signal: AbortSignal,
  work: (alive: Alive) => Promise<T>,
): Promise<T> {
  const stopped = new AbortController()
  const stop = () => stopped.abort(signal.reason)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  let stalled = false
  const timer = setTimeout(() => {
    stalled = true
    stopped.abort()
  }, stallMs)
  try {
    return await work({ signal: stopped.signal, touch: () => void timer.refresh() })
  } catch (error) {
    stopped.abort()
    if (!stalled || signal.aborted) throw error
    throw new AppError('CONNECTION_STALLED', { detail: 'no answer', cause: error })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

async function readBody(
  body: unknown,
  path: string,
  mostBytes: number,
  touch: () => void,
): Promise<Uint8Array> {
  if (!isReadable(body)) throw new AppError('READ_NOT_S3', { detail: path })
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body) {
    touch()
    length += piece.length
    if (length > mostBytes)
      throw new AppError('FILE_UNREADABLE', { detail: `${path} has more than ${mostBytes} bytes` })
    pieces.push(piece)
  }
  // Not Buffer.concat, whose small results share one memory.
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function isReadable(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

/** Some servers write a space as a plus, as forms do. @throws AppError READ_NOT_S3 */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', '%20'))
  } catch (cause) {
    throw new AppError('READ_NOT_S3', { detail: 'a key in its list is not encoded as it says', cause })
  }
}

const { listedObjects } = budgets
const pageSchema = v.object({
  Contents: v.optional(
    v.pipe(
      v.array(
        v.object({
          Key: v.string(),
          Size: v.optional(v.pipe(v.number(), v.minValue(0)), 0),
          ETag: v.optional(v.pipe(v.string(), v.maxLength(200))),
          LastModified: v.optional(v.date()),
        }),
      ),
      v.maxLength(listedObjects.most),
    ),
    [],
  ),
  CommonPrefixes: v.optional(
    v.pipe(v.array(v.object({ Prefix: v.string() })), v.maxLength(listedObjects.most)),
    [],
  ),
  EncodingType: v.optional(v.string()),
  IsTruncated: v.boolean(),
  NextContinuationToken: v.optional(v.pipe(v.string(), v.maxLength(4096))),
})
