import { lstatSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../../protocol/errors.ts'
import { isOwn, whyNotOwn } from '../../platform/files/own-files.ts'
import { inStore, isSqliteError, sqlite } from '../../platform/files/store-error.ts'
import { createPrivateFile, makeFolder } from '../../platform/files/write-durably.ts'

export type Lock = { [Symbol.dispose](): void }

/**
 * Of several that start together all but one find the file busy; this long, each waits for the others to give way.
 * Each another time: two that wait for each other equally long give up at the same moment, and neither has the lock.
 */
const contentionMs = () => Math.round(150 + Math.random() * 350)

/** Keeps the garbage collector away: it closes a database without references, and the lock would be gone. */
const held = new Set<DatabaseSync>()

/**
 * The single-instance lock: an exclusive transaction on its own database, which the operating system ends with the
 * process. Undefined when another process holds it.
 *
 * No other code may open the file, not even to read it: POSIX drops all locks of a process on a file when it closes any
 * descriptor of it.
 * @throws AppError STORE_NOT_WRITABLE | DISK_FULL
 */
export function acquireLock(path: string): Lock | undefined {
  makeFolder(dirname(path))
  return inStore(dirname(path), () => {
    createPrivateFile(path)
    refuseForeignFile(path)
    try {
      return lockDatabase(path)
    } catch (error) {
      if (!isSqliteError(error, sqlite.notADatabase, sqlite.corrupt)) throw error
      // Something else wrote into it. Emptied, not replaced: two that do this at once still meet in one file.
      truncateSync(path)
      return lockDatabase(path)
    }
  })
}

/** What another user can write, or put in its place, locks nothing. */
function refuseForeignFile(path: string): void {
  const entry = lstatSync(path)
  if (!entry.isFile()) throw new AppError('STORE_NOT_WRITABLE', { detail: `${path} is not a file` })
  const why = isOwn(entry) ? whyNotOwn(entry) : 'belongs to another user'
  if (why !== undefined) throw new AppError('STORE_NOT_WRITABLE', { detail: `${path} ${why}` })
}

function lockDatabase(path: string): Lock | undefined {
  const db = new DatabaseSync(path, { timeout: contentionMs() })
  try {
    // No journal file: it would need room on a full disk, and after kill -9 the next holder would have to
    // undo it. The change is never written. On a read-only disk BEGIN EXCLUSIVE alone succeeds, for all
    // processes at the same time.
    db.exec(`PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;
      PRAGMA user_version = 1`)
  } catch (error) {
    db.close()
    if (isSqliteError(error, sqlite.busy)) return undefined
    throw error
  }
  held.add(db)
  return {
    [Symbol.dispose]() {
      if (held.delete(db)) db.close()
    },
  }
}
