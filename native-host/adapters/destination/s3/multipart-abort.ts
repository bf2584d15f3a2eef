import type { Connection } from './connection.ts'
import { httpStatusOf, isS3Answer } from './errors.ts'
import { bucketOf, objectName, parsePlace, type S3Settings } from './settings.ts'
import { type UploadLimits, watchUpload } from './upload-progress.ts'

/** Whether the server says that there is no such upload: it was completed or cleared away. Ceph has its own word. */
export function isGone(error: unknown): boolean {
  return isS3Answer(error, 'NoSuchUpload') || (isS3Answer(error, 'NoSuchKey') && httpStatusOf(error) === 404)
}

type Begun = { key: string; settings: S3Settings; limits: UploadLimits }

/**
 * Aborts an upload that was begun with these or earlier settings. What belongs to another server is left alone: its
 * credentials are not these.
 * @returns whether there is no such upload any more
 */
export async function abortIfPossible(
  connection: Connection,
  { key, settings, limits }: Begun,
  { uploadId, place: text }: { uploadId: string; place: string },
  signal: AbortSignal,
): Promise<boolean> {
  const place = parsePlace(text)
  if (place?.endpoint !== settings.endpoint || place.region !== settings.region) return false
  try {
    await abortUpload(connection, { key, uploadId, settings: { ...settings, ...place }, limits }, signal)
    return true
  } catch {
    signal.throwIfAborted()
    return false
  }
}

/** Frees the parts, which are paid for otherwise. That the upload is gone already is as good. */
async function abortUpload(
  { sdk, client }: Connection,
  { key, uploadId, settings, limits }: Begun & { uploadId: string },
  signal: AbortSignal,
): Promise<void> {
  const command = new sdk.AbortMultipartUploadCommand({
    ...bucketOf(settings),
    Key: objectName(settings, key),
    UploadId: uploadId,
  })
  try {
    await watchUpload(limits, signal, progress => client.send(command, { abortSignal: progress.signal }))
  } catch (error) {
    if (!isGone(error)) throw error
  }
}
