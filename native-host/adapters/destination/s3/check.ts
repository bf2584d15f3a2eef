import { formatBytes } from '../../../../protocol/byte-size.ts'
import { AppError } from '../../../../protocol/errors.ts'
import { checkTogether } from '../../../../protocol/settings-together.ts'
import type { DestinationCheck } from '../../../network/ports.ts'
import { proxyVariables } from '../../../network/proxy-variables.ts'
import { routeTo } from '../../../network/route.ts'
import { connect, readCertificates, type S3Access } from './connection.ts'
import { createDialect } from './dialect.ts'
import { addressOf } from './request-address.ts'
import { type S3Settings, showBucket } from './settings.ts'
import { abortUpload, beginUpload, createTrial, limits, putInVain, sendPart, type Trial } from './trial.ts'

/** Large enough to be limited by the network and not by its delay, small enough for a phone's. */
const probeBytes = 256 * 1024
/** A screenshot in some seconds. */
const slowestPerSecond = 50_000

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
        const upload = createTrial(connection, settings, dialect, address)
        await abortUpload(upload, await beginUpload(upload, signal), signal)
        const left = await putInVain(upload, signal)
        const uploadId = await beginUpload(upload, signal)
        let perSecond: number
        try {
          perSecond = await measure(upload, uploadId, signal)
        } finally {
          await abortUpload(upload, uploadId, signal)
        }
        const speed = showSpeed(perSecond)
        if (perSecond < slowestPerSecond) throw new AppError('UPLOAD_SLOW', { detail: speed })
        return `writable; ${probeBytes / 1024} kB sent at ${speed} and removed${left}`
      } finally {
        connection.client.destroy()
      }
    },
  }
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

function showSpeed(perSecond: number): string {
  return `${formatBytes(perSecond)}/s`
}
