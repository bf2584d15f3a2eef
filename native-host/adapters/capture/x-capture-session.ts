import type { XShm } from 'x11'
import { AppError } from '../../../protocol/errors.ts'
import { openXSession, type XSession } from '../base/x-session.ts'

/** A connection to a display whose pixels can be read. */
export type XCaptureSession = XSession & {
  /** undefined where the server cannot be handed memory: it is another computer, or old. */
  shm: XShm | undefined
}

const connectWithinMs = 3000

/** Eight bits for each of red, green and blue, in four bytes: all that is left of the many that X once had. */
const depths = [24, 32]

/** @throws AppError CAPTURE_NO_DISPLAY */
export async function openXCaptureSession(display: string, signal: AbortSignal): Promise<XCaptureSession> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(connectWithinMs)])
  let session: XSession | undefined
  try {
    session = await openXSession(display, soon, { memory: true })
    if (!depths.includes(session.depth)) throw new Error(`a display of ${session.depth} bits`)
    return { ...session, shm: await sharedMemory(session, soon) }
  } catch (cause) {
    session?.[Symbol.dispose]()
    signal.throwIfAborted()
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
