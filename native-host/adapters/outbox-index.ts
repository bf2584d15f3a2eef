import * as v from 'valibot'
import { AppError } from '../../protocol/errors.ts'
import { coveredBy, formatName, type ItemName, keyOf, parseName } from './outbox-name.ts'
import { type Database, inDatabase, parseRow, transaction } from './sqlite.ts'

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const itemRow = v.object({
  file: v.string(),
  device: v.string(),
  bytes: whole,
  queued_at: v.pipe(v.string(), v.isoTimestamp()),
})
const fileRow = v.object({ seq: whole, file: v.string() })
const totalsRow = v.object({ items: whole, bytes: whole })
const stateRow = v.object({ last_seq: whole, covered_through: whole })

export type IndexEntry = { name: ItemName; device: string; bytes: number; queuedAt: Temporal.Instant }
export type OutboxIndex = ReturnType<typeof openOutboxIndex>

/** Which files are in the outbox, in order, without reading the folder. The files are the truth; this follows. */
export function openOutboxIndex(db: Database) {
  const columns = 'file, device, bytes, queued_at'
  const insert = db.prepare(`INSERT INTO outbox_item (seq, ${columns}) VALUES (?, ?, ?, ?, ?)`)
  const remove = db.prepare('DELETE FROM outbox_item WHERE seq = ?')
  const selectFirst = db.prepare(`SELECT ${columns} FROM outbox_item ORDER BY seq LIMIT 1`)
  const selectFrom = db.prepare(`SELECT ${columns} FROM outbox_item WHERE seq = ?`)
  const selectFiles = db.prepare('SELECT seq, file FROM outbox_item')
  const selectTotals = db.prepare(
    'SELECT count(*) AS items, coalesce(sum(bytes), 0) AS bytes FROM outbox_item',
  )
  const selectState = db.prepare('SELECT last_seq, covered_through FROM outbox_state')
  const raiseState = db.prepare(
    `INSERT INTO outbox_state (only_row, last_seq, covered_through) VALUES (1, ?, ?)
     ON CONFLICT DO UPDATE SET last_seq = max(last_seq, excluded.last_seq),
       covered_through = max(covered_through, excluded.covered_through)`,
  )

  return {
    /** Also remembers for good the highest numbers seen, whatever becomes of the entries. */
    add(entries: readonly IndexEntry[]): void {
      transaction(db, () => {
        for (const { name, device, bytes, queuedAt } of entries) {
          insert.run(name.seq, formatName(name), device, bytes, queuedAt.toString())
          raiseState.run(name.seq, coveredBy(name))
        }
      })
    },

    /** @returns how many of them there were */
    remove(seqs: readonly number[]): number {
      return transaction(db, () => seqs.reduce((sum, seq) => sum + Number(remove.run(seq).changes), 0))
    },

    first(): IndexEntry | undefined {
      return toEntry(inDatabase(db, () => selectFirst.get()))
    },

    /** By the key of the object that the item will be. */
    find(key: string): IndexEntry | undefined {
      const seq = /\/(\d+)-[0-9a-f]{64}\.[^/]*$/.exec(key)?.[1]
      const entry = seq && toEntry(inDatabase(db, () => selectFrom.get(Number(seq))))
      return entry && keyOf(entry.device, entry.name) === key ? entry : undefined
    },

    files(): { seq: number; file: string }[] {
      return inDatabase(db, () => selectFiles.all()).map(row => parseRow(db, fileRow, row))
    },

    totals(): { items: number; bytes: number } {
      return parseRow(
        db,
        totalsRow,
        inDatabase(db, () => selectTotals.get()),
      )
    },

    highest(): { lastSeq: number; coveredThrough: number } {
      const row = inDatabase(db, () => selectState.get())
      if (!row) return { lastSeq: 0, coveredThrough: 0 }
      const state = parseRow(db, stateRow, row)
      return { lastSeq: state.last_seq, coveredThrough: state.covered_through }
    },
  }

  function toEntry(row: unknown): IndexEntry | undefined {
    if (row === undefined) return undefined
    const { file, device, bytes, queued_at } = parseRow(db, itemRow, row)
    const name = parseName(file)
    if (!name) throw new AppError('STORE_DAMAGED', { detail: file })
    return { name, device, bytes, queuedAt: Temporal.Instant.from(queued_at) }
  }
}
