import { createHash } from 'node:crypto'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { PutObjectCommand, PutObjectCommandOutput, S3Client } from '@aws-sdk/client-s3'
import { AppError, type ErrorCode } from '../../../protocol/errors.ts'
import type { Destination } from '../../ports.ts'
import { addressOf } from './request-address.ts'
import { httpStatusOf, isS3Answer, toUploadError, unproven } from './s3-errors.ts'
import { type UploadProgress, watchUpload } from './upload-progress.ts'

/** As the settings say it. An endpoint makes it another server than AWS, addressed in path style. */
export type Bucket = { bucket: string; region: string; endpoint: string; prefix: string }

export type S3World = {
  /** undefined: the SDK looks for them where all AWS tools do. Asked again after a bucket refused the last ones. */
  credentials(): Promise<CredentialProvider | undefined>
  /** For HTTPS_PROXY, HTTP_PROXY and NO_PROXY, which the SDK does not know. */
  env: NodeJS.ProcessEnv
  connectMs?: number
  /** How long nothing may happen. Once a body is handed over, the system may still be sending a part of it. */
  stallMs?: number
}
export type CredentialProvider = () => Promise<{
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}>

/**
 * A bucket, of which only s3:PutObject below the prefix is needed. Every object is written once: a second put of the
 * same key finds it there and is done. Nothing is retried here; whoever drains the outbox decides when.
 */
export function s3Destination(place: Bucket, world: S3World): Destination {
  const { connectMs = 10_000, stallMs = 60_000 } = world
  const prefix = place.prefix.replace(/^\/+|\/+$/g, '')
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true, proxyEnv: world.env }),
    httpsAgent: new HttpsAgent({ keepAlive: true, proxyEnv: world.env }),
  }
  let opened: Promise<Connection> | undefined
  /** Servers that know no conditions or checksums answer 501 to them. */
  let extras: 'sent' | 'not known' = 'sent'

  async function putOnce(connection: Connection, object: NewObject, progress: UploadProgress): Promise<void> {
    try {
      const output = await send(connection, object, progress, extras)
      if (!isProof(output, object.bytes)) {
        throw unproven(output)
      }
    } catch (error) {
      if (isS3Answer(error, 'PreconditionFailed')) return checkSame(connection, object, progress)
      if (httpStatusOf(error) !== 501 || extras === 'not known') throw error
      extras = 'not known'
      return putOnce(connection, object, progress)
    }
  }

  return {
    kind: 's3',
    atOnce: 4,
    where: prefix === '' ? place.bucket : `${place.bucket}/${prefix}`,
    async put(key, bytes, signal) {
      signal.throwIfAborted()
      using progress = watchUpload(stallMs, signal)
      const whole = await bytes.slice(0, bytes.size)
      const object = { bucket: place.bucket, key: prefix === '' ? key : `${prefix}/${key}`, bytes: whole }
      try {
        opened ??= connect(place, world, agents, connectMs)
        await putOnce(await opened, object, progress)
      } catch (error) {
        // An answer that came before the body was sent leaves a half request behind.
        progress.abort()
        signal.throwIfAborted()
        const stalled = progress.stalled()
        if (stalled) throw new AppError('CONNECTION_STALLED', { detail: stalled, cause: error })
        const problem = await toUploadError(error, {
          address: await addressOf(place),
          proxyEnv: world.env,
          asked: { action: 's3:PutObject', resource: `${place.bucket}/${object.key}`, region: place.region },
        })
        if (credentialCodes.includes(problem.code)) opened = undefined
        throw problem
      }
    },
  }
}

/** After these, other credentials may have been set meanwhile. */
const credentialCodes: readonly ErrorCode[] = [
  'UPLOAD_NO_CREDENTIALS',
  'UPLOAD_CREDENTIALS_EXPIRED',
  'UPLOAD_KEY_UNKNOWN',
  'UPLOAD_SIGNATURE_WRONG',
  'UPLOAD_DENIED',
]

type Sdk = typeof import('@aws-sdk/client-s3')
type Connection = { sdk: Sdk; client: S3Client }
type NewObject = { bucket: string; key: string; bytes: Uint8Array }

async function connect(
  { region, endpoint }: Bucket,
  world: S3World,
  agents: { httpAgent: HttpAgent; httpsAgent: HttpsAgent },
  connectMs: number,
): Promise<Connection> {
  // 35 MB that nobody needs who delivers to a folder.
  const sdk = await import('@aws-sdk/client-s3')
  const credentials = await world.credentials()
  const client = new sdk.S3Client({
    region,
    ...(endpoint !== '' && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    maxAttempts: 1,
    requestHandler: { ...agents, connectionTimeout: connectMs, requestTimeout: 0, socketTimeout: 0 },
    // Our own checksum is sent. The SDK's would need a trailer behind the body, which many servers refuse.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    logger: silent,
  })
  return { sdk, client }
}

/** The SDK would tell the console of every failed request. */
const silent = { debug() {}, info() {}, warn() {}, error() {} }

async function send(
  { sdk, client }: Connection,
  { bucket, key, bytes }: NewObject,
  progress: UploadProgress,
  extras: 'sent' | 'not known',
): Promise<PutObjectCommandOutput> {
  const sha256 = createHash('sha256').update(bytes).digest()
  const body = progress.body(bytes)
  const command = new sdk.PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: body,
    ContentLength: bytes.length,
    ContentType: 'application/octet-stream',
    ...(extras === 'sent' && { IfNoneMatch: '*', ChecksumSHA256: sha256.toString('base64') }),
  })
  signContents(command, sha256.toString('hex'))
  try {
    return await client.send(command, { abortSignal: progress.signal })
  } finally {
    body.destroy()
  }
}

/** The SDK signs the contents of buffers only. Signed here too, every server refuses a body that was changed. */
function signContents(command: PutObjectCommand, sha256: string): void {
  command.middlewareStack.add(
    next => args => {
      if (hasHeaders(args.request)) args.request.headers['x-amz-content-sha256'] = sha256
      return next(args)
    },
    { step: 'build' },
  )
}

function hasHeaders(request: unknown): request is { headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request
}

/**
 * A network login page answers 200 to everything, which the SDK takes for success. S3 gives an ETag and a request id;
 * R2 leaves the id out, but its ETag is the MD5 of what it stored.
 */
function isProof({ ETag, $metadata }: PutObjectCommandOutput, bytes: Uint8Array): boolean {
  if (ETag === undefined) return false
  if ($metadata.requestId !== undefined) return true
  return ETag === `"${createHash('md5').update(bytes).digest('hex')}"`
}

/** What these statuses say to a look at an object: not allowed, not there for you, not supported. */
const noLook = [400, 401, 403, 404, 405, 501]

/** The key was taken: by an earlier try of ours whose reply was lost, unless it looks otherwise. */
async function checkSame(
  { sdk, client }: Connection,
  { bucket, key, bytes }: NewObject,
  { signal }: UploadProgress,
): Promise<void> {
  const command = new sdk.HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' })
  try {
    const there = await client.send(command, { abortSignal: signal })
    const sha256 = createHash('sha256').update(bytes).digest('base64')
    const same = there.ContentLength === bytes.length && (there.ChecksumSHA256 ?? sha256) === sha256
    if (!same) throw new AppError('UPLOAD_FAILED', { detail: `another object is already at ${key}` })
  } catch (error) {
    // s3:PutObject alone does not allow the look, and the name holds the hash of the contents anyway.
    if (!noLook.includes(httpStatusOf(error) ?? 0)) throw error
  }
}
