import { AppError, type ErrorCode } from '../../protocol/errors.ts'

/** A failure for which the server said when to come back. To everybody else it is an error like any other. */
class BusyError extends AppError {
  readonly retryAfterMs: number

  constructor(code: ErrorCode, options: { detail?: string; cause?: unknown; retryAfterMs: number }) {
    super(code, options)
    this.retryAfterMs = options.retryAfterMs
  }
}

/** @param retryAfterMs what the server asked for, when it asked for anything */
export function errorWithRetryAfter(
  code: ErrorCode,
  options: { detail?: string; cause?: unknown },
  retryAfterMs: number | undefined,
): AppError {
  return retryAfterMs === undefined
    ? new AppError(code, options)
    : new BusyError(code, { ...options, retryAfterMs })
}

/** How long the server asked to be left alone; a lower bound for the next try. */
export function retryAfterMsOf(error: unknown): number | undefined {
  return error instanceof BusyError ? error.retryAfterMs : undefined
}

/** A server that asks for more is not heard: the person may have corrected it long before. */
const longestMs = 3_600_000

/** The header of RFC 9110, 10.2.3: seconds, or a date. */
export function parseRetryAfter(header: string, now: Temporal.Instant): number | undefined {
  const text = header.trim()
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.epochMilliseconds
  if (Number.isNaN(ms)) return undefined
  return Math.min(Math.max(ms, 0), longestMs)
}
