import { AppError, type ErrorCode } from '../../protocol/errors.ts'

/** A failure for which the server stated when to try again. All other code treats it as an ordinary error. */
class BusyError extends AppError {
  readonly retryAfterMs: number

  constructor(code: ErrorCode, options: { detail?: string; cause?: unknown; retryAfterMs: number }) {
    super(code, options)
    this.retryAfterMs = options.retryAfterMs
  }
}

/** @param retryAfterMs the wait that the server asked for, if any */
export function errorWithRetryAfter(
  code: ErrorCode,
  options: { detail?: string; cause?: unknown },
  retryAfterMs: number | undefined,
): AppError {
  return retryAfterMs === undefined
    ? new AppError(code, options)
    : new BusyError(code, { ...options, retryAfterMs })
}

/** How long the server asked the client to wait; a lower bound for the next try. */
export function retryAfterMsOf(error: unknown): number | undefined {
  return error instanceof BusyError ? error.retryAfterMs : undefined
}

/** A longer request is cut to this: the person may have corrected the problem long before. */
const longestMs = 3_600_000

/** The header of RFC 9110, 10.2.3: seconds, or a date. */
export function parseRetryAfter(header: string, now: Temporal.Instant): number | undefined {
  const text = header.trim()
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.epochMilliseconds
  if (Number.isNaN(ms)) return undefined
  return Math.min(Math.max(ms, 0), longestMs)
}
