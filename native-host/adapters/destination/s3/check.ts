import { createHash, hash } from 'node:crypto'
import { formatBytes } from '../../../../protocol/byte-size.ts'
import { AppError } from '../../../../protocol/errors.ts'
import { checkTogether } from '../../../../protocol/settings-together.ts'
import type { DestinationCheck } from '../../../network/ports.ts'
import { proxyVariables } from '../../../network/proxy-variables.ts'
import { routeTo } from '../../../network/route.ts'
import { bodyOf, checksumOf, isProof, signContents } from './body.ts'
import { type Connection, connect, readCertificates, type S3Access } from './connection.ts'
import { createDialect, inItsWords } from './dialect.ts'
import { httpStatusOf, isS3Answer, toUploadError, unproven } from './errors.ts'
import { createPutTemplate } from './put-form.ts'
import { extrasOf, sendPut } from './put-object.ts'
import { addressOf } from './request-address.ts'
import { bucketOf, objectName, type S3Settings, showBucket, storageOf } from './settings.ts'
import { watchUpload } from './upload-progress.ts'

/** The key is fixed, so an unfinished upload of this name shows its origin. */
const key = 'connection-test'

/** Large enough to be limited by the network and not by its delay, small enough for a phone's. */
const probeBytes = 256 * 1024
/** A screenshot in some seconds. */
const slowestPerSecond = 50_000
/** The probe takes less at any speed that is worth calling one. */
const limits = { stallMs: 20_000, pace: undefined }

/**
 * Tries what delivering needs with an upload in parts that is never completed: it wants the same rights as storing an
 * object, s3:PutObject and s3:AbortMultipartUpload, and once it is aborted nothing of it is left
 * (docs/decisions/0008). Begun and aborted once before anything is sent, so that where aborting is not allowed no
 * bytes stay behind.
 */
export function checkBucket(
  settings: S3Settings,
  world: S3Access,
): Extract<DestinationCheck, { kind: 's3' }> {
  const { bucket_name: bucket, region, endpoint, proxy, ca_file } = settings
  const resource = `${bucket}/${objectName(settings, key)}`
  const dialect = createDialect(settings, world.dialects)
  const address = () => addressOf({ bucket, region, endpoint })

  return {
    kind: 's3',
    where: showBucket(settings),

    async findRoute() {
      checkTogether(settings)
      const login = proxy === '' ? undefined : await world.proxyLogin()
      const authorities = ca_file === '' ? undefined : await readCertificates(ca_file)
      const to = await address()
      return { address: to, route: routeTo(to, proxyVariables(proxy, login, world.env)), authorities }
    },

    async tryOut(signal) {
      const connection = await connect(settings, world, dialect)
      try {
        const upload = createTrial(connection)
        await abort(upload, await begin(upload, signal), signal)
        const left = await putInVain(upload, signal)
        const uploadId = await begin(upload, signal)
        let perSecond: number
        try {
          perSecond = await measure(upload, uploadId, signal)
        } finally {
          await abort(upload, uploadId, signal)
        }
        const speed = showSpeed(perSecond)
        if (perSecond < slowestPerSecond) throw new AppError('UPLOAD_SLOW', { detail: speed })
        return `writable; ${probeBytes / 1024} kB sent at ${speed} and removed${left}`
      } finally {
        connection.client.destroy()
      }
    },
  }

  /** Every request names the right that it needs. */
  function createTrial(connection: Connection) {
    return {
      ...connection,
      async ask<T>(action: string, request: () => Promise<T>): Promise<T> {
        try {
          return await request()
        } catch (error) {
          const asked = { action, resource, region }
          const { proxyEnv, renewal } = connection
          throw await toUploadError(error, { address: await address(), proxyEnv, asked, renewal: renewal() })
        }
      },
    }
  }
  type Trial = ReturnType<typeof createTrial>

  function begin({ ask, sdk, client }: Trial, signal: AbortSignal): Promise<string> {
    return ask('s3:PutObject', async () => {
      const output = await inItsWords(dialect, ['checksum', 'metadata'], extras => {
        const command = new sdk.CreateMultipartUploadCommand({
          ...bucketOf(settings),
          ...storageOf(settings),
          Key: objectName(settings, key),
          ...(extras.has('metadata') && { Metadata: sampleMetadata }),
          ...(extras.has('checksum') && { ChecksumAlgorithm: 'SHA256' }),
        })
        return watchUpload(limits, signal, ({ signal }) => client.send(command, { abortSignal: signal }))
      })
      if (!output.UploadId) throw unproven(output)
      return output.UploadId
    })
  }

  /**
   * Small objects go in one request, which is tried with a sum that does not fit: every server compares it at last, and
   * stores nothing. One that stores it keeps an empty object, which is reported.
   */
  async function putInVain(trial: Trial, signal: AbortSignal): Promise<string> {
    const contents = { bytes: new Uint8Array(0), sha256: hash('sha256', '') }
    const condition = 'only if new'
    try {
      const putForm = await trial.ask('s3:PutObject', () => createPutTemplate(trial, settings))
      await trial.ask('s3:PutObject', () =>
        inItsWords(dialect, extrasOf(contents, trial, condition), extras =>
          watchUpload(limits, signal, progress =>
            sendPut(
              { ...trial, putForm },
              { key, settings, contents, extras, condition, wrongMd5 },
              progress,
            ),
          ).catch(error => {
            if (!storesNothing.some(code => isS3Answer(error, code))) throw error
            return 'refused for its sum' as const
          }),
        ).then(answer => {
          if (answer !== 'refused for its sum') throw new StoredAnyway()
        }),
      )
      return ''
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof AppError && error.cause instanceof StoredAnyway)
        return `; an empty object ${key} is left there`
      // An answer in its own words that never changes: most likely it is about the checksum.
      if (httpStatusOf(error instanceof AppError ? error.cause : error) === 400 && isUnclear(error)) return ''
      throw error
    }
  }

  function abort({ ask, sdk, client }: Trial, UploadId: string, signal: AbortSignal): Promise<void> {
    return ask('s3:AbortMultipartUpload', async () => {
      const command = new sdk.AbortMultipartUploadCommand({
        ...bucketOf(settings),
        Key: objectName(settings, key),
        UploadId,
      })
      await watchUpload(limits, signal, ({ signal }) => client.send(command, { abortSignal: signal }))
    })
  }

  /** In bytes a second. What a kilobyte takes says whether anything gets through, the rest how fast. */
  async function measure(trial: Trial, uploadId: string, signal: AbortSignal): Promise<number> {
    await sendPart(trial, uploadId, 1, 1024, signal)
    const begun = performance.now()
    try {
      await sendPart(trial, uploadId, 2, probeBytes, signal)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'CONNECTION_STALLED') throw error
      return (probeBytes / limits.stallMs) * 1000
    }
    return (probeBytes / (performance.now() - begun)) * 1000
  }

  function sendPart(
    { ask, sdk, client }: Trial,
    UploadId: string,
    PartNumber: number,
    size: number,
    signal: AbortSignal,
  ): Promise<void> {
    const bytes = new Uint8Array(size)
    const contents = { bytes, sha256: hash('sha256', bytes) }
    return ask('s3:PutObject', () =>
      inItsWords(dialect, ['checksum'], extras =>
        watchUpload(limits, signal, async progress => {
          const command = new sdk.UploadPartCommand({
            ...bucketOf(settings),
            Key: objectName(settings, key),
            UploadId,
            PartNumber,
            ...bodyOf(contents, progress),
            ...(extras.has('checksum') && { ChecksumSHA256: checksumOf(contents) }),
          })
          signContents(command, contents)
          const output = await client.send(command, { abortSignal: progress.signal })
          if (!isProof(output, contents)) throw unproven(output)
        }),
      ),
    )
  }
}

/** Of other bytes than the ones that are sent. */
const wrongMd5 = createHash('md5').update('another').digest('base64')
const storesNothing = ['BadDigest', 'InvalidDigest', 'XAmzContentSHA256Mismatch', 'PreconditionFailed']
/** As an object has it; see s3-metadata.ts. */
const sampleMetadata = { 'chain-head': key }

class StoredAnyway extends Error {}

function isUnclear(error: unknown): boolean {
  return error instanceof AppError && error.code === 'UPLOAD_FAILED'
}

function showSpeed(perSecond: number): string {
  return `${formatBytes(perSecond)}/s`
}
