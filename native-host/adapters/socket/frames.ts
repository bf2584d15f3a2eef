import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import { createFrameDecoder } from '../../../protocol/framing.ts'

/**
 * The messages of a byte stream, unparsed; ends with the stream. The stream is read only as fast as messages
 * are taken, so a flood waits in the sender. It stays open, also after an error: its owner closes it.
 * @throws AppError FRAME_TOO_LARGE | FRAME_MALFORMED
 */
export async function* readFrames(stream: Readable, maxBytes: number): AsyncGenerator<unknown> {
  const decoder = createFrameDecoder(maxBytes)
  try {
    // By default the end of the loop destroys the stream, and no reason could be sent any more.
    for await (const chunk of stream.iterator({ destroyOnReturn: false }))
      if (Buffer.isBuffer(chunk)) yield* decoder.push(chunk)
  } catch (error) {
    if (!isHangUp(error)) throw error
  }
}

/** The other side went away without a goodbye: the end of a conversation, not a failure of ours. */
function isHangUp(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return (
    code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ABORT_ERR'
  )
}
