import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { budgets } from '../../kernel/budgets.ts'
import { isSqliteError, sqlite } from '../../platform/files/store-error.ts'

type Row = Record<string, SQLOutputValue>

/**
 * Copies the rows that can be read of the broken database at `path` into the empty tables of `fresh`: so many and so
 * large as their budgets say, as what is broken may hold anything.
 */
export function copyReadableRows(
  path: string,
  fresh: DatabaseSync,
  mostRows: number = budgets.salvagedRows.most,
): void {
  const tables = fresh.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  fresh.exec('BEGIN IMMEDIATE')
  for (const { name } of tables) {
    const table = String(name)
    const columns = fresh
      .prepare('SELECT name FROM pragma_table_info(?)')
      .all(table)
      .map(row => String(row.name))
    const insert = insertIfSane(fresh, table, columns)
    let damaged = false
    const copyRows = () => {
      const rows = readableRows({ path, table, mostRows }, () => {
        damaged = true
      })
      for (const row of rows) insert(row)
    }
    copyRows()
    // A disk that stumbles once has lost nothing. What the first look has copied is not inserted again.
    if (damaged) copyRows()
  }
  // All of it into the database file itself, which is about to be renamed without its -wal.
  fresh.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
}

/**
 * Ends, rather than throws, where the damage begins.
 * @throws Error of SQLite when it is not the damage that is in the way but the moment: later there may be more to read
 */
function* readableRows(
  { path, table, mostRows }: { path: string; table: string; mostRows: number },
  onDamage: () => void,
): Generator<Row> {
  let broken: DatabaseSync | undefined
  try {
    // Read-only also keeps the evidence as it is: an ordinary connection empties the -wal file when it closes.
    broken = new DatabaseSync(path, { readOnly: true })
    const columns = broken.prepare('SELECT name FROM pragma_table_info(?)').all(table)
    // Tells the length of a value without reading it.
    const bytes = columns.map(
      ({ name }) => `coalesce(octet_length("${String(name).replaceAll('"', '""')}"), 0)`,
    )
    const rows = broken.prepare(`SELECT * FROM ${table} WHERE ${[0, ...bytes].join(' + ')} <= ? LIMIT ?`)
    yield* rows.iterate(budgets.salvagedRow.most, mostRows)
  } catch (error) {
    if (mayPass(error)) throw error
    onDamage()
  } finally {
    broken?.close()
  }
}

/** Extended codes of SQLite for what a disk that loses its contents says: there it is the damage. */
const unreadable = [266, 522]

function mayPass(error: unknown): boolean {
  if (error instanceof Error && 'errcode' in error && unreadable.some(code => code === error.errcode))
    return false
  return isSqliteError(error, sqlite.busy, sqlite.io, sqlite.full, sqlite.cannotOpen)
}

/** A column that an older or a damaged schema lacks gets its default, or else the row is not sane. */
function insertIfSane(fresh: DatabaseSync, table: string, columns: string[]): (row: Row) => void {
  const statements = new Map<string, StatementSync>()
  return row => {
    const known = columns.filter(column => column in row)
    const names = known.join(', ')
    try {
      const statement =
        statements.get(names) ??
        fresh.prepare(`INSERT INTO ${table} (${names}) VALUES (${known.map(() => '?').join(', ')})`)
      statements.set(names, statement)
      statement.run(...known.map(column => row[column] ?? null))
    } catch (error) {
      if (!isSqliteError(error, sqlite.constraint)) throw error
    }
  }
}
