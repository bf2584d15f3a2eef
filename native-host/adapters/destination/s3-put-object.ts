import { AppError } from '../../../protocol/errors.ts'
import type { SealedBytes } from '../../ports.ts'
import type { S3Answer } from './s3-answer.ts'
import { bodyOf, type Contents, checksumOf, isProof, signContents } from './s3-body.ts'
import { type Connection, inItsWords } from './s3-connection.ts'
import { httpStatusOf, isS3Answer, unproven } from './s3-errors.ts'
import { type Put, type PutForm, putByForm } from './s3-put-form.ts'
import { bucketOf, objectName, type S3Settings, storageOf } from './s3-settings.ts'
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
  const { putForm } = connection
  const contents: Contents = { bytes: await bytes.slice(0, bytes.size), sha256: bytes.sha256 }
  try {
    const output = await inItsWords(connection, extras =>
      watchUpload<S3Answer>(limits, signal, progress => {
        const put = { key, settings, contents, extras }
        return putForm ? putByForm(connection, putForm, put, progress) : putBySdk(connection, put, progress)
      }),
    )
    if (!isProof(output, contents)) throw unproven(output)
  } catch (error) {
    if (!isS3Answer(error, 'PreconditionFailed')) throw error
    await checkSame(connection, object, signal)
  }
}

function putBySdk(
  { sdk, client, asksFrom }: Connection,
  { key, settings, contents, extras }: Put,
  progress: UploadProgress,
): Promise<S3Answer> {
  const command = new sdk.PutObjectCommand({
    ...bucketOf(settings),
    ...storageOf(settings),
    Key: objectName(settings, key),
    ...bodyOf(contents, progress),
    ...(extras === 'sent' && { IfNoneMatch: '*', ChecksumSHA256: checksumOf(contents) }),
  })
  signContents(command, contents, asksFrom)
  return client.send(command, { abortSignal: progress.signal })
}

/** What these statuses say to a look at an object: not allowed, not there for you, not supported. */
const noLook = [400, 401, 403, 404, 405, 501]

/** The key was taken: by an earlier try of ours whose reply was lost, unless it looks otherwise. */
export async function checkSame(
  connection: Connection,
  object: NewObject,
  signal: AbortSignal,
): Promise<void> {
  // s3:PutObject alone does not allow the look, and the name holds the hash of the contents anyway.
  if ((await lookAt(connection, object, signal)) !== 'another') return
  throw new AppError('UPLOAD_FAILED', { detail: `another object is already at ${object.key}` })
}

export async function lookAt(
  { sdk, client }: Connection,
  { key, bytes, settings, limits }: NewObject,
  signal: AbortSignal,
): Promise<'same' | 'another' | 'not seen'> {
  const command = new sdk.HeadObjectCommand({
    ...bucketOf(settings),
    Key: objectName(settings, key),
    ChecksumMode: 'ENABLED',
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
    if (noLook.includes(httpStatusOf(error) ?? 0)) return 'not seen'
    throw error
  }
}
