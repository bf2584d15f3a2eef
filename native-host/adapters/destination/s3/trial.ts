import { createHash, hash } from 'node:crypto'
import { AppError } from '../../../../protocol/errors.ts'
import { bodyOf, checksumOf, isProof, signContents } from './body.ts'
import type { Connection } from './connection.ts'
import { type Dialect, inItsWords } from './dialect.ts'
import { httpStatusOf, isS3Answer, toUploadError, unproven } from './errors.ts'
import { createPutTemplate } from './put-form.ts'
import { extrasOf, sendPut } from './put-object.ts'
import { bucketOf, objectName, type S3Settings, storageOf } from './settings.ts'
import { watchUpload } from './upload-progress.ts'

/** The key is fixed, so an unfinished upload of this name shows its origin. */
const key = 'connection-test'
/** The probe takes less at any speed that is worth calling one. */
export const limits = { stallMs: 20_000, pace: undefined }

/** A connection on which every request names the right that it needs. */
export type Trial = Connection & {
  settings: S3Settings
  dialect: Dialect
  /** @throws AppError as `toUploadError` */
  ask<T>(action: string, request: () => Promise<T>): Promise<T>
}

export function createTrial(
  connection: Connection,
  settings: S3Settings,
  dialect: Dialect,
  address: () => Promise<URL>,
): Trial {
  const { bucket_name, region } = settings
  const resource = `${bucket_name}/${objectName(settings, key)}`
  return {
    ...connection,
    settings,
    dialect,
    async ask(action, request) {
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

/** Resolves with the id of the upload. */
export function beginUpload(
  { ask, sdk, client, settings, dialect }: Trial,
  signal: AbortSignal,
): Promise<string> {
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
export async function putInVain(trial: Trial, signal: AbortSignal): Promise<string> {
  const contents = { bytes: new Uint8Array(0), sha256: hash('sha256', '') }
  const condition = 'only if new'
  const { settings, dialect } = trial
  try {
    const putForm = await trial.ask('s3:PutObject', () => createPutTemplate(trial, settings))
    await trial.ask('s3:PutObject', () =>
      inItsWords(dialect, extrasOf(contents, trial, condition), extras =>
        watchUpload(limits, signal, progress =>
          sendPut({ ...trial, putForm }, { key, settings, contents, extras, condition, wrongMd5 }, progress),
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

export function abortUpload(
  { ask, sdk, client, settings }: Trial,
  UploadId: string,
  signal: AbortSignal,
): Promise<void> {
  return ask('s3:AbortMultipartUpload', async () => {
    const command = new sdk.AbortMultipartUploadCommand({
      ...bucketOf(settings),
      Key: objectName(settings, key),
      UploadId,
    })
    await watchUpload(limits, signal, ({ signal }) => client.send(command, { abortSignal: signal }))
  })
}

export function sendPart(
  { ask, sdk, client, settings, dialect }: Trial,
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

/** Of other bytes than the ones that are sent. */
const wrongMd5 = createHash('md5').update('another').digest('base64')
const storesNothing = ['BadDigest', 'InvalidDigest', 'XAmzContentSHA256Mismatch', 'PreconditionFailed']
/** As an object has it; see metadata.ts. */
const sampleMetadata = { 'chain-head': key }

class StoredAnyway extends Error {}

function isUnclear(error: unknown): boolean {
  return error instanceof AppError && error.code === 'UPLOAD_FAILED'
}
