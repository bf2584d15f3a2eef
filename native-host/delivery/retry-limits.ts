import type { ErrorCode } from '../../protocol/errors.ts'
import type { BackoffLimits } from '../kernel/backoff.ts'

/** At least one second between tries and at most five minutes, as docs/architecture.md promises. */
const ofServers: BackoffLimits = { firstMs: 2000, longestMs: 300_000 }
/** Checking a drive contacts no server, and the person who plugs it in or frees space on it is waiting. */
const ofThisComputer: BackoffLimits = { firstMs: 2000, longestMs: 10_000 }

const onThisComputer: readonly ErrorCode[] = [
  'DELIVERY_FOLDER_MISSING',
  'DELIVERY_FOLDER_NOT_WRITABLE',
  'DELIVERY_FOLDER_UNMARKED',
  'DISK_FULL',
  'STORE_NOT_WRITABLE',
  'STORE_DAMAGED',
  'FILE_UNREADABLE',
]

export function retryLimits(code: ErrorCode): BackoffLimits {
  return onThisComputer.includes(code) ? ofThisComputer : ofServers
}

/**
 * Answers of a server, or of a filter before it, that may concern one object only: its size, its name, its
 * bytes.
 */
const ofTheItem: readonly ErrorCode[] = [
  'CONNECTION_CUT',
  'CONNECTION_STALLED',
  'FILE_UNREADABLE',
  'FILTERED',
  'INTERNAL',
  'PROXY_FORBIDS',
  'UPLOAD_DENIED',
  'UPLOAD_FAILED',
  'UPLOAD_SERVER_ERROR',
]

/** Whether later items may succeed although this one fails. */
export function mayBeOfTheItem(code: ErrorCode): boolean {
  return ofTheItem.includes(code)
}
