import type { XShm } from 'x11'
import { AppError } from '../../../protocol/errors.ts'
import { openXSession, type XSession } from '../../platform/x11/session.ts'
import { hasColours, isBgrx } from './x-pixels.ts'

/** A connection to a display whose pixels can be read. */
export type XCaptureSession = XSession & {
  /** undefined where the server cannot be handed memory: it is another computer, or old; or its pixels are not as ours. */
  shm: XShm | undefined
}

const connectWithinMs = 3000

/** @throws AppError CAPTURE_NO_DISPLAY | CAPTURE_DEPTH */
export async function openXCaptureSession(display: string, signal: AbortSignal): Promise<XCaptureSession> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(connectWithinMs)])
  let session: XSession | undefined
  try {
    session = await openXSession(display, soon, { memory: true })
    if (!hasColours(session.pixels))
      throw new AppError('CAPTURE_DEPTH', {
        detail: `DISPLAY ${display} has ${session.depth} bits per pixel`,
      })
    // What has to be laid out again is asked for in parts.
    return { ...session, shm: isBgrx(session.pixels) ? await sharedMemory(session, soon) : undefined }
  } catch (cause) {
    session?.[Symbol.dispose]()
    signal.throwIfAborted()
    if (cause instanceof AppError) throw cause
    const detail = `DISPLAY ${display} does not answer`
    throw new AppError('CAPTURE_NO_DISPLAY', { detail, cause })
  }
}

async function sharedMemory({ ask, client }: XSession, signal: AbortSignal): Promise<XShm | undefined> {
  const known = await ask<{ present: number }>(done => client.QueryExtension('MIT-SHM', done), signal)
  if (!known.present) return undefined
  const shm = await ask<XShm>(done => client.require('shm', done), signal)
  return shm.fdCapable ? shm : undefined
}
