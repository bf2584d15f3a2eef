import { wireBudgets } from './budgets.ts'
import { AppError } from './errors.ts'

/**
 * Frames as browsers define them for native messaging, used on stdio and on the local socket alike:
 * a 32-bit length in native byte order (little-endian on every platform we run on), then that many bytes of
 * UTF-8 JSON. https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging
 */

/** Bytes a client may send in one message. Ours are some hundred bytes; a screenshot never goes this way. */
export const maxBytesIn = wireBudgets.frameIn.most
/** Bytes the agent may send in one message: browsers end the connection above 1 MiB. */
export const maxBytesOut = wireBudgets.frameOut.most
/** JSON.parse takes 500,000 nested arrays and JSON.stringify of the result throws, so depth is bounded first. */
export const maxDepth = wireBudgets.jsonDepth.most

const headerBytes = 4

/** @throws AppError FRAME_TOO_LARGE */
export function encodeFrame(message: unknown, maxBytes: number): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(message))
  if (body.length > maxBytes) throw new AppError('FRAME_TOO_LARGE', { detail: `${body.length} bytes` })
  const frame = new Uint8Array(headerBytes + body.length)
  new DataView(frame.buffer).setUint32(0, body.length, true)
  frame.set(body, headerBytes)
  return frame
}

/**
 * Cuts a byte stream into messages. Holds at most one frame: a length over `maxBytes` is refused before a byte
 * of it is kept. After an error the stream is out of step and must be closed.
 */
export function createFrameDecoder(maxBytes: number) {
  let buffer = new Uint8Array(0)
  let start = 0
  let end = 0

  return {
    /** The messages that `chunk` completes. @throws AppError FRAME_TOO_LARGE | FRAME_MALFORMED */
    *push(chunk: Uint8Array): Generator<unknown> {
      append(chunk)
      while (end - start >= headerBytes) {
        const length = new DataView(buffer.buffer).getUint32(start, true)
        if (length > maxBytes) throw new AppError('FRAME_TOO_LARGE', { detail: `${length} bytes` })
        if (end - start < headerBytes + length) return
        const body = buffer.subarray(start + headerBytes, start + headerBytes + length)
        start += headerBytes + length
        yield parseBody(body)
      }
      if (start === end) release()
    },
  }

  function release(): void {
    buffer = new Uint8Array(0)
    start = end = 0
  }

  /** Room doubles, or a frame that drips in byte by byte would be copied once for each of them. */
  function append(chunk: Uint8Array): void {
    if (end + chunk.length > buffer.length) {
      const rest = buffer.subarray(start, end)
      buffer = new Uint8Array(Math.max(rest.length + chunk.length, rest.length * 2))
      buffer.set(rest)
      start = 0
      end = rest.length
    }
    buffer.set(chunk, end)
    end += chunk.length
  }
}

function parseBody(body: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    boundDepth(text)
    return JSON.parse(text)
  } catch (cause) {
    // The text itself is never put into the error: errors are logged, messages are not.
    throw cause instanceof AppError ? cause : new AppError('FRAME_MALFORMED')
  }
}

/** Brackets inside strings do not count. Runs before JSON.parse, over text that may not be JSON at all. */
function boundDepth(text: string): void {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (inString) {
      if (char === '\\') i++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') {
      if (++depth > maxDepth)
        throw new AppError('FRAME_MALFORMED', { detail: `nested deeper than ${maxDepth}` })
    } else if (char === '}' || char === ']') depth--
  }
}
