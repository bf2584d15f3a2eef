import { AppError, type ErrorCode } from '../../../protocol/errors.ts'

/**
 * What a failure of the file system or of SQLite means to the person at the computer. Errors of neither kind,
 * such as our own, come back as they are.
 */
export function toStoreError(error: unknown, path: string): unknown {
  const code = sqliteCode(error) ?? fileCode(error)
  return code ? new AppError(code, { detail: path, cause: error }) : error
}

/** Runs `work` and translates what it throws. `path` is the thing that could not be written. */
export function inStore<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw toStoreError(error, path)
  }
}

export async function inStoreLater<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toStoreError(error, path)
  }
}

/** Result codes of https://sqlite.org/rescode.html. Extended ones hold the primary code in their lowest byte. */
export const sqlite = {
  /** Of a statement that makes no sense, or of a schema whose form SQLite does not know. */
  error: 1,
  busy: 5,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
}

/** SQLite could not make its shared memory file larger, which happens when a full disk is opened. */
const ioShmSize = 4874

export function isSqliteError(error: unknown, ...primaryCodes: number[]): boolean {
  const full = sqliteResult(error)
  return full !== undefined && primaryCodes.includes(full & 0xff)
}

function sqliteCode(error: unknown): ErrorCode | undefined {
  if (sqliteResult(error) === ioShmSize || isSqliteError(error, sqlite.full)) return 'DISK_FULL'
  if (isSqliteError(error, sqlite.corrupt, sqlite.notADatabase)) return 'STORE_DAMAGED'
  if (isSqliteError(error, sqlite.busy, sqlite.readOnly, sqlite.io, sqlite.cannotOpen))
    return 'STORE_NOT_WRITABLE'
  return undefined
}

function sqliteResult(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

function fileCode(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined
  return error.code === 'ENOSPC' || error.code === 'EDQUOT' ? 'DISK_FULL' : 'STORE_NOT_WRITABLE'
}

/** Whether a file system call failed for this reason, such as ENOENT. */
export function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
