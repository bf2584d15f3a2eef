import { Readable } from 'node:stream'
import { AppError } from '../../../../protocol/errors.ts'

/** Asked before each piece is handed over; resolves when it may be. Rejects with the signal's reason. */
export type Pace = (bytes: number, signal: AbortSignal) => Promise<void>

export type UploadLimits = {
  /** How long nothing may happen. Once a body is handed over, the system may still be sending a part of it. */
  stallMs: number
  pace: Pace | undefined
}

/**
 * Tells a slow upload from one that stands still. A timeout of the whole request would kill the slow one, and one of
 * the socket too, because a socket that is handed everything at once shows nothing of what leaves it. So the body is
 * handed over in small pieces, and every piece that the connection takes counts as life.
 */
export type UploadProgress = {
  /** Aborts when nothing happened for too long and when the caller's signal aborts. */
  signal: AbortSignal
  /** For one request: its length is that of the bytes. Each piece is asked for once the connection took those before. */
  pieces(bytes: Uint8Array): AsyncIterable<Uint8Array>
  /** The same as a stream, for the SDK. */
  body(bytes: Uint8Array): Readable
}

const pieceBytes = 64 * 1024
/** As much as a connection that is hardly alive takes in half a minute. */
const mostTogether = 4 * pieceBytes
/** S3 hangs up after 20 s of silence: where the pace is slow, pieces are smaller and come more often. */
const leastPieceBytes = 4 * 1024
const slowMs = 1000

/**
 * Runs one request.
 * @throws AppError CONNECTION_STALLED, such as "stalled after 65536 of 9000000 bytes"; the signal's reason when it
 * aborts; or else what `request` throws
 */
export async function watchUpload<T>(
  { stallMs, pace }: UploadLimits,
  signal: AbortSignal,
  request: (progress: UploadProgress) => Promise<T>,
): Promise<T> {
  // Not AbortSignal.any, which costs as much as the rest of this for each upload.
  const stopped = new AbortController()
  const stop = () => stopped.abort(signal.reason)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  let body: Readable | undefined
  let taken = 0
  let total = 0
  let waitsForPace = false
  let stalled = false
  const timer = setInterval(() => {
    if (waitsForPace) return
    stalled = true
    stopped.abort()
  }, stallMs)

  async function* pieces(bytes: Uint8Array) {
    taken = 0
    total = bytes.length
    timer.refresh()
    let most = pieceBytes
    for (let from = 0; from < bytes.length; ) {
      let to = from
      let waited = false
      // What needs no waiting goes together.
      while (to < bytes.length && to - from < mostTogether && !waited) {
        const end = Math.min(to + most, bytes.length)
        const waitedMs = await waitFor(end - to)
        most = waitedMs > slowMs ? Math.max(most / 2, leastPieceBytes) : Math.min(most * 2, pieceBytes)
        waited = waitedMs > 1
        to = end
      }
      yield bytes.subarray(from, to)
      // The generator goes on only when the connection asks for more.
      taken = from = to
      timer.refresh()
    }
  }

  async function waitFor(size: number): Promise<number> {
    if (!pace) return 0
    const begun = performance.now()
    waitsForPace = true
    await pace(size, stopped.signal)
    waitsForPace = false
    timer.refresh()
    return performance.now() - begun
  }

  try {
    return await request({
      signal: stopped.signal,
      pieces,
      body(bytes) {
        body = Readable.from(pieces(bytes), { objectMode: false, highWaterMark: mostTogether })
        return body
      },
    })
  } catch (error) {
    // An answer that came before the body was sent leaves a half request behind.
    stopped.abort()
    signal.throwIfAborted()
    if (!stalled) throw error
    throw new AppError('CONNECTION_STALLED', {
      detail: total === 0 ? 'no answer' : `stalled after ${taken} of ${total} bytes`,
      cause: error,
    })
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', stop)
    body?.destroy()
  }
}
