import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as v from 'valibot'
import { AppError } from '../../../protocol/errors.ts'
import { inStore, isSqliteError, sqlite } from '../../platform/files/store-error.ts'
import {
  brokenName,
  createPrivateFile,
  makeFolder,
  setAside,
  syncFolderNow,
} from '../../platform/files/write-durably.ts'
import { refillBallast, withBallast } from './sqlite-ballast.ts'
import { copyReadableRows } from './sqlite-salvage.ts'

export type Database = DatabaseSync

/**
 * The tables of state.db. A row is one step from one release to the next: never edit one, append.
 * STRICT makes SQLite refuse a value of the wrong type, which it otherwise stores.
 */
const migrations = [
  `CREATE TABLE record (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, line TEXT NOT NULL) STRICT;
   -- The last record ever written, so that the chain goes on when the records themselves are gone.
   CREATE TABLE chain_head (only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
     seq INTEGER NOT NULL, hash TEXT NOT NULL, at TEXT NOT NULL) STRICT;
   CREATE TABLE minute (date TEXT NOT NULL, minute INTEGER NOT NULL,
     keys INTEGER NOT NULL, clicks INTEGER NOT NULL, wheel INTEGER NOT NULL, distance_px INTEGER NOT NULL,
     active_seconds INTEGER NOT NULL, flagged_seconds INTEGER NOT NULL,
     PRIMARY KEY (date, minute)) STRICT, WITHOUT ROWID;
   CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE outbox_item (seq INTEGER PRIMARY KEY, file TEXT NOT NULL, device TEXT NOT NULL,
     bytes INTEGER NOT NULL, queued_at TEXT NOT NULL) STRICT;
   -- What must be known even when every item is gone.
   CREATE TABLE outbox_state (only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
     last_seq INTEGER NOT NULL, covered_through INTEGER NOT NULL) STRICT;`,
  `CREATE TABLE multipart_upload (key TEXT PRIMARY KEY, upload_id TEXT NOT NULL, place TEXT NOT NULL,
     part_bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE multipart_part (key TEXT NOT NULL, number INTEGER NOT NULL, etag TEXT NOT NULL, sha256 TEXT NOT NULL,
     PRIMARY KEY (key, number)) STRICT, WITHOUT ROWID;`,
  // What was taken out of each minute, so that a wrong verdict can be undone.
  `CREATE TABLE discarded_minute (date TEXT NOT NULL, minute INTEGER NOT NULL,
     keys INTEGER NOT NULL, clicks INTEGER NOT NULL, wheel INTEGER NOT NULL, distance_px INTEGER NOT NULL,
     active_seconds INTEGER NOT NULL, PRIMARY KEY (date, minute)) STRICT, WITHOUT ROWID;`,
  // Minutes by when they really began and the zone they were spent in: a local time comes twice when summer time ends,
  // and again after a flight. Those of before are moved here by the journal, which knows the zone.
  `CREATE TABLE spent_minute (start INTEGER NOT NULL, zone TEXT NOT NULL, date TEXT NOT NULL,
     keys INTEGER NOT NULL, clicks INTEGER NOT NULL, wheel INTEGER NOT NULL, distance_px INTEGER NOT NULL,
     active_seconds INTEGER NOT NULL, flagged_seconds INTEGER NOT NULL,
     PRIMARY KEY (start, zone)) STRICT, WITHOUT ROWID;
   CREATE INDEX spent_minute_date ON spent_minute (date);
   CREATE TABLE spent_discarded (start INTEGER NOT NULL, zone TEXT NOT NULL, date TEXT NOT NULL,
     keys INTEGER NOT NULL, clicks INTEGER NOT NULL, wheel INTEGER NOT NULL, distance_px INTEGER NOT NULL,
     active_seconds INTEGER NOT NULL, PRIMARY KEY (start, zone)) STRICT, WITHOUT ROWID;`,
  // The timeline of the last days. Records leave when they are sealed, and no program here can read them then.
  `CREATE TABLE course (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, line TEXT NOT NULL) STRICT;`,
]

/** How long to wait for another program, such as a backup, that holds the database. */
const busyMs = 2000

/**
 * Opens the database and updates its tables. A broken one is kept as state.broken-<time>.db, its readable rows are
 * carried over, and `problem` says so. Only the holder of the single-instance lock may call it, because it replaces the
 * database.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE | STORE_NEWER
 */
export function openDatabase(path: string): { db: Database; problem: AppError | undefined } {
  makeFolder(dirname(path))
  const opened = withBallast(path, () => openOrRebuild(path))
  refillBallast(path)
  return opened
}

/** All of `work` or nothing of it. @throws AppError DISK_FULL | STORE_NOT_WRITABLE | STORE_DAMAGED */
export function transaction<T>(db: Database, work: () => T): T {
  return inDatabase(db, () => {
    try {
      db.exec('BEGIN IMMEDIATE')
      const result = work()
      db.exec('COMMIT')
      return result
    } catch (error) {
      // SQLite has rolled back by itself when the disk is full.
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  })
}

/** For single statements. @throws AppError DISK_FULL | STORE_NOT_WRITABLE | STORE_DAMAGED */
export function inDatabase<T>(db: Database, work: () => T): T {
  return inStore(locationOf(db), work)
}

/**
 * For a deletion that a full disk must not prevent, because it is what makes room.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE | STORE_DAMAGED
 */
export function makingRoom<T>(db: Database, work: () => T): T {
  const path = locationOf(db)
  const result = withBallast(path, work)
  refillBallast(path)
  return result
}

/** @throws AppError STORE_DAMAGED when the row is not what was once written */
export function parseRow<S extends v.GenericSchema>(db: Database, schema: S, row: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, row)
  if (result.success) return result.output
  throw new AppError('STORE_DAMAGED', { detail: locationOf(db) })
}

function locationOf(db: Database): string {
  return db.location() ?? ':memory:'
}

function openOrRebuild(path: string): { db: Database; problem: AppError | undefined } {
  finishRebuild(path)
  try {
    return { db: openSound(path), problem: undefined }
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'STORE_DAMAGED')) throw error
    const aside = rebuild(path)
    const problem = new AppError('STORE_DAMAGED', { detail: aside, cause: error })
    return { db: openSound(path), problem }
  }
}

function openSound(path: string): Database {
  const db = inStore(path, () => {
    createPrivateFile(path)
    return new DatabaseSync(path, { timeout: busyMs })
  })
  try {
    return inStore(path, () => {
      readHeader(db)
      checkPages(db)
      migrate(db, path)
      // A file that SQLite could not open for writing just now, it has opened for reading for good. Better not at all.
      db.exec(`BEGIN; PRAGMA user_version = ${migrations.length}; ROLLBACK`)
      return db
    })
  } catch (error) {
    db.close()
    throw error
  }
}

/** The first look at the file. SQLite has a code of its own for most damage, but for a schema of an unknown form. */
function readHeader(db: Database): void {
  try {
    // FULL: with NORMAL a power cut loses the last transactions of a WAL database.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  } catch (cause) {
    if (!isSqliteError(cause, sqlite.error)) throw cause
    throw new AppError('STORE_DAMAGED', { detail: 'its schema is not known', cause })
  }
}

/** Found now, damage is repaired; found later, in the middle of an append, it would come back at every start. */
function checkPages(db: Database): void {
  const result = db.prepare('PRAGMA quick_check(1)').get()
  if (result?.quick_check === 'ok') return
  throw new AppError('STORE_DAMAGED', { detail: String(result?.quick_check) })
}

function migrate(db: Database, path: string): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version)
  if (version > migrations.length) throw new AppError('STORE_NEWER', { detail: path })
  for (const [index, statements] of migrations.entries()) {
    if (index < version) continue
    transaction(db, () => db.exec(`${statements} PRAGMA user_version = ${index + 1}`))
  }
}

/**
 * The new database is complete before the old one gives up its name, so that dying at any point costs nothing:
 * finishRebuild goes on from where it stopped.
 */
function rebuild(path: string): string {
  const rebuilt = rebuiltName(path)
  for (const suffix of fileSuffixes) rmSync(rebuilt + suffix, { force: true })
  const fresh = openSound(rebuilt)
  try {
    inStore(rebuilt, () => copyReadableRows(path, fresh))
  } finally {
    fresh.close()
  }
  const aside = brokenName(path)
  setAside(path, aside)
  finishRebuild(path, aside)
  return aside
}

/** The database gives up its name before its -wal does: without its -wal it would pass for sound, but older. */
const fileSuffixes = ['', '-wal', '-shm']

function rebuiltName(path: string): string {
  return `${path}.rebuilt`
}

function finishRebuild(path: string, aside = brokenName(path)): void {
  if (existsSync(path)) return
  for (const suffix of fileSuffixes) if (existsSync(path + suffix)) setAside(path + suffix, aside + suffix)
  if (!existsSync(rebuiltName(path))) return
  inStore(dirname(path), () => {
    renameSync(rebuiltName(path), path)
    syncFolderNow(dirname(path))
  })
}
