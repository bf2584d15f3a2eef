import { Readable } from 'node:stream'

/**
 * Tells a slow upload from one that stands still. A timeout of the whole request would kill the slow one, and one of
 * the socket too, because a socket that is handed everything at once shows nothing of what leaves it. So the body is
 * handed over in small pieces, and every piece that the connection takes counts as life.
 */
export type UploadProgress = Disposable & {
  /** Aborts when nothing happened for too long, when the caller's signal aborts, and at `abort`. */
  signal: AbortSignal
  /** For one request: its length is that of the bytes. */
  body(bytes: Uint8Array): Readable
  /** In words, such as "stalled after 65536 of 9000000 bytes"; undefined while it goes on. */
  stalled(): string | undefined
  abort(): void
}

/** As much as a connection that is hardly alive takes in some seconds. */
const pieceBytes = 64 * 1024

export function watchUpload(stallMs: number, signal: AbortSignal): UploadProgress {
  const stopped = new AbortController()
  let taken = 0
  let total = 0
  let stalled = false
  const timer = setTimeout(() => {
    stalled = true
    stopped.abort()
  }, stallMs)

  function* pieces(bytes: Uint8Array) {
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      yield bytes.subarray(from, from + pieceBytes)
      // The generator goes on only when the connection asks for more.
      taken = Math.min(from + pieceBytes, bytes.length)
      timer.refresh()
    }
  }

  return {
    signal: AbortSignal.any([signal, stopped.signal]),
    body(bytes) {
      taken = 0
      total = bytes.length
      timer.refresh()
      return Readable.from(pieces(bytes), { objectMode: false, highWaterMark: pieceBytes })
    },
    stalled: () => (stalled ? `stalled after ${taken} of ${total} bytes` : undefined),
    abort: () => stopped.abort(),
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}
