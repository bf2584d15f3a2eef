import { hash } from 'node:crypto'
import * as v from 'valibot'
import { chainStart, type Entry, type JournalRecord } from '../../../protocol/records.ts'
import { isoOf, localMinute, offsetAt } from '../../core/instants.ts'
import type { Clock, Journal, MinuteTotals } from '../../ports.ts'
import { type Database, inDatabase, parseRow, transaction } from './sqlite.ts'

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const headRow = v.object({ seq: whole, hash: v.string(), at: v.string() })
const recordRow = v.object({ seq: whole, at: v.string(), line: v.string() })
const minuteRow: v.GenericSchema<unknown, MinuteTotals> = v.object({
  minute: whole,
  keys: whole,
  clicks: whole,
  wheel: whole,
  distance_px: whole,
  active_seconds: whole,
  flagged_seconds: whole,
})

type Head = v.InferOutput<typeof headRow>

/**
 * The journal keeps the very lines that will be sealed, because the chain is over their bytes. `coveredThrough` is
 * what the outbox says of itself: a database that was lost and made anew goes on after those numbers, since a
 * record that got one of them again would be forgotten unsealed.
 */
export function openJournal(db: Database, clock: Pick<Clock, 'now' | 'zone'>, coveredThrough = 0): Journal {
  const selectHead = db.prepare('SELECT seq, hash, at FROM chain_head')
  const writeHead = db.prepare('REPLACE INTO chain_head (only_row, seq, hash, at) VALUES (1, ?, ?, ?)')
  const insertRecord = db.prepare('INSERT INTO record (seq, at, line) VALUES (?, ?, ?)')
  const selectRecords = db.prepare('SELECT seq, at, line FROM record ORDER BY seq LIMIT ?')
  const deleteRecords = db.prepare('DELETE FROM record WHERE seq <= ?')
  const selectMinutes = db.prepare(
    `SELECT minute, keys, clicks, wheel, distance_px, active_seconds, flagged_seconds
     FROM minute WHERE date = ? ORDER BY minute`,
  )
  const addToMinute = db.prepare(
    `INSERT INTO minute (date, minute, keys, clicks, wheel, distance_px, active_seconds, flagged_seconds)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (date, minute) DO UPDATE SET
       keys = keys + excluded.keys, clicks = clicks + excluded.clicks, wheel = wheel + excluded.wheel,
       distance_px = distance_px + excluded.distance_px,
       active_seconds = active_seconds + excluded.active_seconds,
       flagged_seconds = flagged_seconds + excluded.flagged_seconds`,
  )
  const addToDiscarded = db.prepare(
    `INSERT INTO discarded_minute (date, minute, keys, clicks, wheel, distance_px, active_seconds)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (date, minute) DO UPDATE SET
       keys = keys + excluded.keys, clicks = clicks + excluded.clicks, wheel = wheel + excluded.wheel,
       distance_px = distance_px + excluded.distance_px,
       active_seconds = active_seconds + excluded.active_seconds`,
  )
  /** Of a minute: a local date and a number are in order as texts are. */
  const within = '(date, minute) >= (?, ?) AND (date, minute) <= (?, ?)'
  const countAgain = [
    `UPDATE minute SET flagged_seconds = 0 WHERE ${within}`,
    `INSERT INTO minute SELECT date, minute, keys, clicks, wheel, distance_px, active_seconds, 0
     FROM discarded_minute WHERE ${within}
     ON CONFLICT (date, minute) DO UPDATE SET
       keys = keys + excluded.keys, clicks = clicks + excluded.clicks, wheel = wheel + excluded.wheel,
       distance_px = distance_px + excluded.distance_px,
       active_seconds = active_seconds + excluded.active_seconds`,
    `DELETE FROM discarded_minute WHERE ${within}`,
  ].map(statement => db.prepare(statement))
  const flagMinutes = db.prepare(
    'UPDATE minute SET flagged_seconds = active_seconds WHERE date = ? AND minute > ? AND minute < ?',
  )

  return {
    append(entry) {
      const now = clock.now()
      const zone = clock.zone()
      const at = isoOf(now)
      return transaction(db, () => {
        // Read anew each time: after a failed write only the database knows how far the chain got.
        const { seq: last, hash: prev } = chainEnd()
        const record: JournalRecord = {
          seq: last + 1,
          prev,
          at,
          zone,
          offset: offsetAt(now, zone),
          ...entry,
        }
        const line = JSON.stringify(record)
        insertRecord.run(record.seq, at, line)
        writeHead.run(record.seq, hash('sha256', line), at)
        addInterval(entry, zone)
        withdrawVerdict(entry, zone)
        return record
      })
    },

    lastWrite() {
      const head = inDatabase(db, readHead)
      return head && Temporal.Instant.from(head.at)
    },

    head() {
      const head = inDatabase(db, readHead)
      return head && { seq: head.seq, hash: head.hash }
    },

    unsealed(limit) {
      const rows = inDatabase(db, () => selectRecords.all(limit)).map(row => parseRow(db, recordRow, row))
      const [first] = rows
      const last = rows.at(-1)
      if (!first || !last) return undefined
      return {
        from: first.seq,
        to: last.seq,
        lines: rows.map(row => `${row.line}\n`).join(''),
        oldest: Temporal.Instant.from(first.at),
        count: rows.length,
        head: { seq: last.seq, hash: hash('sha256', last.line) },
      }
    },

    forget(seq) {
      inDatabase(db, () => deleteRecords.run(seq))
    },

    minutesOf(date) {
      return inDatabase(db, () => selectMinutes.all(date)).map(row => parseRow(db, minuteRow, row))
    },
  }

  function readHead(): Head | undefined {
    const row = selectHead.get()
    return row && parseRow(db, headRow, row)
  }

  function chainEnd(): Pick<Head, 'seq' | 'hash'> {
    const head = readHead()
    if (head && head.seq >= coveredThrough) return head
    return { seq: coveredThrough, hash: chainStart }
  }

  /** In whole minutes: a minute that is partly in the span is withdrawn as well. */
  function withdrawVerdict(entry: Entry, zone: string): void {
    if (entry.kind !== 'verdict.withdrawn') return
    const from = localMinute(Temporal.Instant.from(entry.from), zone)
    const to = localMinute(Temporal.Instant.from(entry.to), zone)
    for (const statement of countAgain) statement.run(from.date, from.minute, to.date, to.minute)
  }

  function addInterval(entry: Entry, zone: string): void {
    if (entry.kind !== 'interval') return
    const { date, minute } = localMinute(Temporal.Instant.from(entry.from), zone)
    const flagged = entry.genuineness.verdict === 'genuine' ? 0 : entry.active_seconds
    const { keys, clicks, wheel, distance_px, active_seconds } = entry
    addToMinute.run(date, minute, keys, clicks, wheel, distance_px, active_seconds, flagged)
    if (entry.discarded) {
      const aside = entry.discarded
      addToDiscarded.run(
        date,
        minute,
        aside.keys,
        aside.clicks,
        aside.wheel,
        aside.distance_px,
        aside.active_seconds,
      )
    }
    if (entry.genuineness.since === undefined) return
    // A script is noticed some time after it began. Its whole minutes are flagged in retrospect, on this day.
    const began = localMinute(Temporal.Instant.from(entry.genuineness.since), zone)
    if (began.date <= date) flagMinutes.run(date, began.date === date ? began.minute : -1, minute)
  }
}
