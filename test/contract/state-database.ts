import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../native-host/adapters/store/sqlite.ts'

/** A state database in a folder of its own, which restarts and fills up when the test says so. */
export function stateDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'state-'))
  let db: Database | undefined

  return {
    folder,
    reopen(): Database {
      db?.close()
      db = openDatabase(join(folder, 'state.db')).db
      return db
    },
    // SQLite then takes no more pages than it has, and says exactly what it says of a full disk.
    fillDisk: () => db?.exec('PRAGMA max_page_count = 1'),
    freeDisk: () => db?.exec('PRAGMA max_page_count = 1000000'),
    [Symbol.dispose]() {
      db?.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** One that is open and stays so. */
export function openStateDatabase(): Disposable & { db: Database } {
  const state = stateDatabase()
  return { db: state.reopen(), [Symbol.dispose]: () => state[Symbol.dispose]() }
}
