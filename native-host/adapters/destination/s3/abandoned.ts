import { connect, type S3World } from './connection.ts'
import { abortIfPossible } from './multipart-abort.ts'
import { formatPlace, type S3Settings } from './settings.ts'

/**
 * Aborts the uploads that were begun and will not be continued: their item is gone, or it goes elsewhere now. What
 * cannot be reached stays known for the next time.
 * @param access how the bucket is reached; may be the settings before the change that made uploads needless
 * @returns how many were aborted. @throws as connect does
 */
export async function abortAbandoned(
  {
    access,
    current,
    isWaiting,
  }: { access: S3Settings; current: S3Settings; isWaiting(key: string): boolean },
  world: S3World,
  signal: AbortSignal,
): Promise<number> {
  const place = current.bucket_name === '' ? undefined : formatPlace(current)
  const abandoned = world.uploads.all().filter(upload => upload.place !== place || !isWaiting(upload.key))
  if (abandoned.length === 0) return 0
  const { stallMs = 60_000 } = world
  const connection = await connect(access, world)
  let aborted = 0
  try {
    for (const upload of abandoned) {
      const begun = { key: upload.key, settings: access, limits: { stallMs, pace: undefined } }
      if (!(await abortIfPossible(connection, begun, upload, signal))) continue
      world.uploads.forget(upload.key)
      aborted += 1
    }
  } finally {
    connection.client.destroy()
  }
  return aborted
}
