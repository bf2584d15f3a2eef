import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { copyReadableRows } from '../../native-host/adapters/store/sqlite-salvage.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'

const table = 'CREATE TABLE thing (number INTEGER PRIMARY KEY, said TEXT) STRICT'

/** How many rows of what `fill` writes are carried over. */
async function salvaged(fill: string, mostRows?: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  try {
    const path = join(folder, 'broken.db')
    const broken = new DatabaseSync(path)
    broken.exec(`${table}; ${fill}`)
    broken.close()
    using fresh = new DatabaseSync(':memory:')
    fresh.exec(table)
    copyReadableRows(path, fresh, mostRows)
    return Number(fresh.prepare('SELECT count(*) AS rows FROM thing').get()?.rows)
  } finally {
    await rm(folder, { recursive: true })
  }
}

export const salvageTrials = {
  async salvagedRows() {
    // The real limit takes nine seconds.
    const most = 1000
    const rows = (count: number) =>
      salvaged(
        `WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT ${count})
        INSERT INTO thing SELECT value, NULL FROM n`,
        most,
      )
    assert.equal(await rows(most + 1), most)
  },

  async salvagedRow() {
    const { most } = budgets.salvagedRow
    // The number counts 8 bytes or fewer as text: here one. What comes behind a row that is too large is not lost.
    const rows = (bytes: number) =>
      salvaged(`INSERT INTO thing VALUES (1, hex(zeroblob(${bytes / 2}))), (2, 'small')`)
    assert.equal(await rows(most - 2), 2)
    assert.equal(await rows(most), 1)
  },
}
