import { AppError } from '../../../../protocol/errors.ts'
import type { SealedBytes } from '../../../delivery/ports.ts'
import type { Extra } from '../../../delivery/upload-extras.ts'
import type { S3Answer } from './answer.ts'
import { bodyOf, type Contents, checksumOf, isProof, signContents } from './body.ts'
import type { Connection } from './connection.ts'
import { inItsWords } from './dialect.ts'
import { httpStatusOf, isS3Answer, unproven } from './errors.ts'
import { metadataOf } from './metadata.ts'
import { type Condition, type Put, type PutForm, putByForm } from './put-form.ts'
import { bucketOf, objectName, type S3Settings, storageOf } from './settings.ts'
import { type UploadLimits, type UploadProgress, watchUpload } from './upload-progress.ts'

export type NewObject = { key: string; bytes: SealedBytes; settings: S3Settings; limits: UploadLimits }

/** With what all uploads have in common; undefined where each has to be laid out by the SDK. */
export type PuttingConnection = Connection & { putForm: PutForm | undefined }

/** In one request, which stores all of it or nothing. */
export async function putObject(
  connection: PuttingConnection,
  object: NewObject,
  signal: AbortSignal,
): Promise<void> {
  const { key, bytes, settings, limits } = object
  await bytes.proven()
  const contents: Contents = { bytes: await bytes.slice(0, bytes.size), sha256: bytes.sha256 }
  const send = async (condition: Condition) => {
    const uses = extrasOf(contents, connection, condition)
    const output = await inItsWords(connection.dialect, uses, extras =>
      watchUpload<S3Answer>(limits, signal, progress =>
        sendPut(connection, { key, settings, contents, extras, condition }, progress),
      ),
    )
    if (!isProof(output, contents)) throw unproven(output)
  }
  try {
    await send('only if new')
  } catch (error) {
    if (!isS3Answer(error, 'PreconditionFailed')) throw error
    if ((await checkTaken(connection, object, signal)) === 'not there') await send('whatever is there')
  }
}

/** What such a request has beside the object, as far as the server takes it. */
export function extrasOf({ bytes }: Contents, { asksFrom }: Connection, condition: Condition): Extra[] {
  return [
    'checksum',
    ...(condition === 'only if new' ? (['condition'] as const) : []),
    ...(Object.keys(metadataOf(bytes)).length > 0 ? (['metadata'] as const) : []),
    ...(bytes.length >= asksFrom ? (['expect'] as const) : []),
  ]
}

export function sendPut(
  connection: PuttingConnection,
  put: Put,
  progress: UploadProgress,
): Promise<S3Answer> {
  const { putForm } = connection
  return putForm ? putByForm(connection, putForm, put, progress) : putBySdk(connection, put, progress)
}

function putBySdk(
  { sdk, client, asksFrom }: Connection,
  { key, settings, contents, extras, condition, wrongMd5 }: Put,
  progress: UploadProgress,
): Promise<S3Answer> {
  const command = new sdk.PutObjectCommand({
    ...bucketOf(settings),
    ...storageOf(settings),
    Key: objectName(settings, key),
    ...bodyOf(contents, progress),
    ...(extras.has('metadata') && { Metadata: metadataOf(contents.bytes) }),
    ...(wrongMd5 !== undefined && { ContentMD5: wrongMd5 }),
    ...(extras.has('checksum') && { ChecksumSHA256: checksumOf(contents) }),
    ...(extras.has('condition') && condition === 'only if new' && { IfNoneMatch: '*' }),
  })
  signContents(command, contents, extras.has('expect') ? asksFrom : Infinity)
  return client.send(command, { abortSignal: progress.signal })
}

/** What these statuses say to a look at an object: not allowed, not supported. */
const noLook = [400, 401, 403, 405, 501]

/**
 * The server says that the key is taken: by an earlier try whose reply was lost, unless a look finds nothing.
 *
 * Then the object was removed, is hidden, or the server fails every condition. The key holds the hash of the contents,
 * so the item is stored once more without the condition.
 * @throws AppError UPLOAD_FAILED when other contents are there
 */
export async function checkTaken(
  connection: Connection,
  object: NewObject,
  signal: AbortSignal,
): Promise<'there' | 'not there'> {
  const seen = await lookAt(connection, object, signal)
  if (seen === 'nothing') return 'not there'
  // s3:PutObject alone does not allow the look, and then the server's word counts.
  if (seen !== 'another') return 'there'
  throw new AppError('UPLOAD_FAILED', { detail: `another object is already at ${object.key}` })
}

export async function lookAt(
  { sdk, client, dialect }: Connection,
  { key, bytes, settings, limits }: NewObject,
  signal: AbortSignal,
): Promise<'same' | 'another' | 'nothing' | 'not seen'> {
  const command = new sdk.HeadObjectCommand({
    ...bucketOf(settings),
    Key: objectName(settings, key),
    ...(!dialect.refused.has('checksum') && { ChecksumMode: 'ENABLED' }),
  })
  try {
    const there = await watchUpload(limits, signal, progress =>
      client.send(command, { abortSignal: progress.signal }),
    )
    const { ContentLength, ChecksumSHA256 } = there
    // That of an object in parts is made of the sums of its parts, and ends in their number.
    const sum = ChecksumSHA256 === undefined || /-\d+$/.test(ChecksumSHA256) ? undefined : ChecksumSHA256
    return ContentLength === bytes.size && (sum ?? checksumOf(bytes)) === checksumOf(bytes)
      ? 'same'
      : 'another'
  } catch (error) {
    const status = httpStatusOf(error)
    if (status === 404) return 'nothing'
    if (status !== undefined && noLook.includes(status)) return 'not seen'
    throw error
  }
}
