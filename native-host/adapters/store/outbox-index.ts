import * as v from 'valibot'
import { AppError } from '../../../protocol/errors.ts'
import { coveredBy, formatName, type ItemName, keyOf, parseName, seqOf } from './outbox-name.ts'
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

/** As many as may be under way at once, and some. */
const mostGivenOut = 64

export type IndexEntry = { name: ItemName; device: string; bytes: number; queuedAt: Temporal.Instant }
export type OutboxIndex = ReturnType<typeof openOutboxIndex>

type State = {
  db: Database
  statements: ReturnType<typeof prepareStatements>
  waiting: IndexEntry[]
  /** Those that were last asked for: each is looked for twice more before it is delivered. */
  givenOut: Map<number, IndexEntry>
}

/**
 * Which files are in the outbox, in order, without reading the folder. The files are the truth and this follows: an
 * entry that cannot be stored waits in memory, and after a restart its file speaks for it.
 */
export function openOutboxIndex(db: Database) {
  const statements = prepareStatements(db)
  const state: State = { db, statements, waiting: [], givenOut: new Map() }
  const { givenOut } = state
  const one = (row: unknown) => (row === undefined ? undefined : toEntry(db, row))

  return {
    /**
     * Never throws, because there would be no way back: a commit whose fsync failed may still be found after a
     * crash, and if the file were gone by then, its records would count as delivered.
     */
    add(entries: readonly IndexEntry[]): void {
      state.waiting.push(...entries)
      try {
        storeWaiting(state)
      } catch {
        // Tried again at every addition and before every removal, which is where it is reported.
      }
    },

    /** @returns how many of them there were. @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
    remove(seqs: readonly number[]): number {
      storeWaiting(state)
      for (const seq of seqs) givenOut.delete(seq)
      return transaction(db, () =>
        seqs.reduce((sum, seq) => sum + Number(statements.remove.run(seq).changes), 0),
      )
    },

    /** The oldest, or the oldest of those that are younger than `after`. */
    first(after = 0): IndexEntry | undefined {
      const entry =
        one(inDatabase(db, () => statements.selectFirst.get(after))) ??
        state.waiting.find(({ name }) => name.seq > after)
      if (entry) giveOut(state, entry)
      return entry
    },

    /** By the key of the object that the item will be. */
    find(key: string): IndexEntry | undefined {
      const seq = seqOf(key)
      if (seq === undefined) return undefined
      const entry =
        givenOut.get(seq) ??
        one(inDatabase(db, () => statements.selectFrom.get(seq))) ??
        state.waiting.find(({ name }) => name.seq === seq)
      return entry && keyOf(entry.device, entry.name) === key ? entry : undefined
    },

    /** Many questions at once cost a third of as many single ones, each of which would lock the database by itself. */
    asking<T>(questions: () => T): T {
      return inDatabase(db, () => {
        db.exec('BEGIN')
        try {
          return questions()
        } finally {
          db.exec('COMMIT')
        }
      })
    },

    /** Whether the file with this number is in it, or any when no file is named. */
    has(seq: number, file?: string): boolean {
      const held = inDatabase(db, () => statements.selectFile.get(seq))
      return held !== undefined && (file === undefined || held.file === file)
    },

    /** One after the other, because there may be hundreds of thousands. */
    *files(): Generator<{ seq: number; file: string }> {
      for (const row of statements.selectFiles.iterate()) yield parseRow(db, fileRow, row)
    },

    totals(): { items: number; bytes: number } {
      const row = inDatabase(db, () => statements.selectTotals.get())
      const stored = parseRow(db, totalsRow, row)
      const waitingBytes = state.waiting.reduce((sum, entry) => sum + entry.bytes, 0)
      return { items: stored.items + state.waiting.length, bytes: stored.bytes + waitingBytes }
    },

    /** Of all entries there ever were. */
    highest(): { lastSeq: number; coveredThrough: number } {
      const row = inDatabase(db, () => statements.selectState.get()) ?? { last_seq: 0, covered_through: 0 }
      const stored = parseRow(db, stateRow, row)
      return state.waiting.reduce(
        ({ lastSeq, coveredThrough }, { name }) => ({
          lastSeq: Math.max(lastSeq, name.seq),
          coveredThrough: Math.max(coveredThrough, coveredBy(name)),
        }),
        { lastSeq: stored.last_seq, coveredThrough: stored.covered_through },
      )
    },
  }
}

function prepareStatements(db: Database) {
  const columns = 'file, device, bytes, queued_at'
  return {
    insert: db.prepare(`INSERT INTO outbox_item (seq, ${columns}) VALUES (?, ?, ?, ?, ?)`),
    remove: db.prepare('DELETE FROM outbox_item WHERE seq = ?'),
    selectFirst: db.prepare(`SELECT ${columns} FROM outbox_item WHERE seq > ? ORDER BY seq LIMIT 1`),
    selectFrom: db.prepare(`SELECT ${columns} FROM outbox_item WHERE seq = ?`),
    selectFiles: db.prepare('SELECT seq, file FROM outbox_item'),
    selectFile: db.prepare('SELECT file FROM outbox_item WHERE seq = ?'),
    selectTotals: db.prepare('SELECT count(*) AS items, coalesce(sum(bytes), 0) AS bytes FROM outbox_item'),
    selectState: db.prepare('SELECT last_seq, covered_through FROM outbox_state'),
    raiseState: db.prepare(
      `INSERT INTO outbox_state (only_row, last_seq, covered_through) VALUES (1, ?, ?)
       ON CONFLICT DO UPDATE SET last_seq = max(last_seq, excluded.last_seq),
         covered_through = max(covered_through, excluded.covered_through)`,
    ),
  }
}

/** Also stores the highest numbers there ever were, which outlive the entries. */
function storeWaiting(state: State): void {
  const { db, statements, waiting } = state
  if (waiting.length === 0) return
  transaction(db, () => {
    for (const { name, device, bytes, queuedAt } of waiting) {
      statements.insert.run(name.seq, formatName(name), device, bytes, queuedAt.toString())
      statements.raiseState.run(name.seq, coveredBy(name))
    }
  })
  state.waiting = []
}

function giveOut({ givenOut }: State, entry: IndexEntry): void {
  givenOut.set(entry.name.seq, entry)
  const [oldest] = givenOut.keys()
  if (oldest !== undefined && givenOut.size > mostGivenOut) givenOut.delete(oldest)
}

function toEntry(db: Database, row: unknown): IndexEntry {
  const { file, device, bytes, queued_at } = parseRow(db, itemRow, row)
  const name = parseName(file)
  if (!name) throw new AppError('STORE_DAMAGED', { detail: file })
  return { name, device, bytes, queuedAt: Temporal.Instant.from(queued_at) }
}
