import { AppError, type ErrorCode } from '../../../../protocol/errors.ts'
import type { Destination } from '../../../delivery/ports.ts'
import { largeBytes } from './body.ts'
import { connect, type S3World } from './connection.ts'
import { createDialect } from './dialect.ts'
import { toUploadError } from './errors.ts'
import { putInParts, smallestInParts } from './multipart.ts'
import { createPutTemplate } from './put-form.ts'
import { type PuttingConnection, putObject } from './put-object.ts'
import { addressOf } from './request-address.ts'
import { objectName, type S3Settings, showBucket } from './settings.ts'

/**
 * A bucket, of which only s3:PutObject and s3:AbortMultipartUpload below the prefix are needed. Every object is written
 * once: a second put of the same key finds it there and is done. The caller decides when to try again: it drains the
 * outbox.
 */
export function s3Destination(settings: S3Settings, world: S3World): Destination {
  const { bucket_name: bucket, region, endpoint } = settings
  const limits = { stallMs: world.stallMs ?? 60_000, pace: world.pace }
  const dialect = createDialect(settings, world.dialects)
  let opened: Promise<PuttingConnection> | undefined

  async function open(): Promise<PuttingConnection> {
    const connection = await connect(settings, world, dialect)
    return { ...connection, putForm: await createPutTemplate(connection, settings) }
  }

  return {
    kind: 's3',
    atOnce: 4,
    where: showBucket(settings),
    async put(key, bytes, signal) {
      signal.throwIfAborted()
      opened ??= open()
      const mine = opened
      try {
        const connection = await mine
        const object = { key, bytes, settings, limits, uploads: world.uploads }
        const put = bytes.size < smallestInParts ? putObject : putInParts
        await put(connection, object, signal)
        connection.asksFrom = largeBytes
      } catch (error) {
        signal.throwIfAborted()
        // No server was asked, and some settings make no address.
        if (error instanceof AppError && error.code === 'SETTING_INVALID') throw error
        const connection = await mine.catch(() => undefined)
        const problem = await toUploadError(error, {
          address: await addressOf({ bucket, region, endpoint }),
          proxyEnv: { ...(connection?.proxyEnv ?? world.env) },
          asked: { action: 's3:PutObject', resource: `${bucket}/${objectName(settings, key)}`, region },
          renewal: connection?.renewal(),
        })
        // Perhaps it was refused, and there was an answer that was never read.
        if (connection && problem.code === 'CONNECTION_CUT') connection.asksFrom = 0
        const outdated = connection === undefined || outdatedCodes.includes(problem.code)
        if (outdated && opened === mine) opened = undefined
        throw problem
      }
    },
  }
}

/** After these, other credentials or certificates may have been set meanwhile. */
const outdatedCodes: readonly ErrorCode[] = [
  'UPLOAD_NO_CREDENTIALS',
  'UPLOAD_CREDENTIALS_EXPIRED',
  'UPLOAD_CREDENTIALS_WAIT',
  'UPLOAD_KEY_UNKNOWN',
  'UPLOAD_SIGNATURE_WRONG',
  'UPLOAD_DENIED',
  'PROXY_LOGIN_NEEDED',
  'TLS_INTERCEPTED',
]
