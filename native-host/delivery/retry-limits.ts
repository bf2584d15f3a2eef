import type { ErrorCode } from '../../protocol/errors.ts'
import type { BackoffLimits } from '../kernel/backoff.ts'

/** At least one second between tries and at most five minutes, as docs/architecture.md promises. */
const ofServers: BackoffLimits = { firstMs: 2000, longestMs: 300_000 }
/** Looking whether a drive is back asks nobody's server, and whoever plugs it in or makes room on it watches. */
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

/** What a server, or a filter before it, says of one object and not of the next: of its size, its name, its bytes. */
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

/** Whether those behind an item may fare better than the item itself. */
export function mayBeOfTheItem(code: ErrorCode): boolean {
  return ofTheItem.includes(code)
}
