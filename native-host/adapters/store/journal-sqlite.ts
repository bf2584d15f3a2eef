import { hash, randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { readRecordLine } from '../../../protocol/read-record.ts'
import { chainStart, type Entry, type JournalRecord } from '../../../protocol/records.ts'
import type { ChainHead } from '../../journal/chain-head.ts'
import { linkOf } from '../../journal/chain-link.ts'
import type { Journal, MinuteTotals, ZoneDay } from '../../journal/ports.ts'
import { counted, minuteOf } from '../../journal/spent-minutes.ts'
import { isoOf, localMinute, offsetAt } from '../../kernel/instants.ts'
import type { Clock } from '../../kernel/ports.ts'
import { type Database, inDatabase, parseRow, transaction } from './sqlite.ts'

const minuteMs = 60_000
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const headRow = v.object({ seq: whole, hash: v.string(), at: v.string() })
const recordRow = v.object({ seq: whole, at: v.string(), line: v.string() })
const minuteRow: v.GenericSchema<unknown, MinuteTotals> = v.object({
  start: v.pipe(
    whole,
    v.transform(minutes => Temporal.Instant.fromEpochMilliseconds(minutes * minuteMs)),
  ),
  zone: v.string(),
  keys: whole,
  clicks: whole,
  wheel: whole,
  distance_px: whole,
  active_seconds: whole,
  flagged_seconds: whole,
})

const dayRow: v.GenericSchema<unknown, ZoneDay> = v.object({
  date: v.string(),
  zone: v.string(),
  active_seconds: whole,
  flagged_seconds: whole,
})

type Head = v.InferOutput<typeof headRow>

/**
 * Keeps the exact lines that will be sealed, because the chain is over their bytes. `covered` is the outbox's own
 * count: a rebuilt database continues after those numbers, because a record with a used number would be forgotten
 * unsealed. `alongside` writes what must hold exactly when the record does.
 * @param newSalt for each record
 */
export function openJournal(
  db: Database,
  clock: Pick<Clock, 'now' | 'zone'>,
  covered: ChainHead = { seq: 0, hash: chainStart },
  alongside: (record: JournalRecord) => void = () => undefined,
  newSalt: () => string = randomSalt,
): Journal {
  const selectHead = db.prepare('SELECT seq, hash, at FROM chain_head')
  const writeHead = db.prepare('REPLACE INTO chain_head (only_row, seq, hash, at) VALUES (1, ?, ?, ?)')
  const insertRecord = db.prepare('INSERT INTO record (seq, at, line) VALUES (?, ?, ?)')
  const selectRecords = db.prepare('SELECT seq, at, line FROM record ORDER BY seq LIMIT ?')
  const deleteRecords = db.prepare('DELETE FROM record WHERE seq <= ?')
  const selectMinutes = db.prepare(
    `SELECT start, zone, keys, clicks, wheel, distance_px, active_seconds, flagged_seconds
     FROM spent_minute WHERE date = ? ORDER BY start`,
  )
  const selectDays = db.prepare(
    `SELECT date, zone, SUM(active_seconds) AS active_seconds, SUM(flagged_seconds) AS flagged_seconds
     FROM spent_minute
     WHERE date IN (SELECT DISTINCT date FROM spent_minute ORDER BY date DESC LIMIT ?)
     GROUP BY date, zone ORDER BY date DESC, MIN(start)`,
  )
  const addToMinute = db.prepare(
    `INSERT INTO spent_minute
       (start, zone, date, keys, clicks, wheel, distance_px, active_seconds, flagged_seconds)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (start, zone) DO UPDATE SET ${sumOf(counted)}, flagged_seconds = flagged_seconds + excluded.flagged_seconds`,
  )
  const addToDiscarded = db.prepare(
    `INSERT INTO spent_discarded (start, zone, date, keys, clicks, wheel, distance_px, active_seconds)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (start, zone) DO UPDATE SET ${sumOf(counted)}`,
  )
  const within = 'start >= ? AND start <= ?'
  const countAgain = [
    `UPDATE spent_minute SET flagged_seconds = 0 WHERE ${within}`,
    `INSERT INTO spent_minute SELECT start, zone, date, ${counted.join(', ')}, 0
     FROM spent_discarded WHERE ${within}
     ON CONFLICT (start, zone) DO UPDATE SET ${sumOf(counted)}`,
    `DELETE FROM spent_discarded WHERE ${within}`,
  ].map(statement => db.prepare(statement))
  const flagMinute = db.prepare(
    `UPDATE spent_minute SET flagged_seconds = MIN(active_seconds, flagged_seconds + ?)
     WHERE start = ? AND zone = ?`,
  )
  // A database that was rebuilt from what could be read may hold less than the records say.
  const takeFromMinute = db.prepare(
    `UPDATE spent_minute SET ${counted.map(column => `${column} = MAX(0, ${column} - ?)`).join(', ')},
       flagged_seconds = MIN(flagged_seconds, MAX(0, active_seconds - ?))
     WHERE start = ? AND zone = ?`,
  )
  giveZoneToOldMinutes(db, clock.zone())

  return {
    append(entry) {
      const now = clock.now()
      const zone = clock.zone()
      const at = isoOf(now)
      return transaction(db, () => {
        // Read again each time: after a failed write only the database knows how far the chain got.
        const { seq: last, hash: prev } = chainEnd()
        const record: JournalRecord = {
          seq: last + 1,
          prev,
          salt: newSalt(),
          at,
          zone,
          offset: offsetAt(now, zone),
          ...entry,
        }
        const line = JSON.stringify(record)
        insertRecord.run(record.seq, at, line)
        writeHead.run(record.seq, linkOf(line, record, sha256), at)
        addInterval(entry, zone)
        extendVerdict(entry)
        withdrawVerdict(entry)
        alongside(record)
        return record
      })
    },

    lastWrite() {
      const head = inDatabase(db, readHead)
      return head && Temporal.Instant.from(head.at)
    },

    head: () => inDatabase(db, chainEnd),

    sealedHead() {
      const [first] = inDatabase(db, () => selectRecords.all(1))
      return first ? headBefore(parseRow(db, recordRow, first)) : inDatabase(db, chainEnd)
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
        before: headBefore(first),
        head: headAfter(last),
      }
    },

    forget(seq) {
      inDatabase(db, () => deleteRecords.run(seq))
    },

    minutesOf(date) {
      return inDatabase(db, () => selectMinutes.all(date)).map(row => parseRow(db, minuteRow, row))
    },

    lastDays(limit) {
      return inDatabase(db, () => selectDays.all(limit)).map(row => parseRow(db, dayRow, row))
    },
  }

  function readHead(): Head | undefined {
    const row = selectHead.get()
    return row && parseRow(db, headRow, row)
  }

  function chainEnd(): ChainHead {
    const head = readHead()
    return head && head.seq >= covered.seq ? { seq: head.seq, hash: head.hash } : covered
  }

  /** In whole minutes: a minute that is partly in the span is withdrawn as well. */
  function withdrawVerdict(entry: Entry): void {
    if (entry.kind !== 'verdict.withdrawn') return
    for (const statement of countAgain) statement.run(minuteOf(entry.from), minuteOf(entry.to))
  }

  function addInterval(entry: Entry, zone: string): void {
    if (entry.kind !== 'interval') return
    const start = minuteOf(entry.from)
    const { date } = localMinute(Temporal.Instant.from(entry.from), zone)
    const flagged = entry.genuineness.verdict === 'genuine' ? 0 : entry.active_seconds
    addToMinute.run(start, zone, date, ...counted.map(name => entry[name]), flagged)
    const aside = entry.discarded
    if (aside) addToDiscarded.run(start, zone, date, ...counted.map(name => aside[name]))
  }

  /** The minutes keep the day that they had, also after the person travels. */
  function extendVerdict(entry: Entry): void {
    if (entry.kind !== 'verdict.extended') return
    for (const { start, zone, ...counts } of entry.minutes) {
      const minute = minuteOf(start)
      if (entry.scripted_input === 'flag') {
        flagMinute.run(counts.active_seconds, minute, zone)
        continue
      }
      const amounts = counted.map(name => counts[name])
      takeFromMinute.run(...amounts, counts.active_seconds, minute, zone)
      const { date } = localMinute(Temporal.Instant.from(start), zone)
      addToDiscarded.run(minute, zone, date, ...amounts)
    }
  }
}

const sha256 = (text: string) => hash('sha256', text)

function randomSalt(): string {
  return randomBytes(16).toString('base64url')
}

type Row = v.InferOutput<typeof recordRow>

/** A line that was damaged in the database is no reason to stop: `verify` finds it. */
function headAfter({ seq, line }: Row): ChainHead {
  return { seq, hash: linkOf(line, readRecordLine(line) ?? { prev: chainStart }, sha256) }
}

function headBefore({ seq, line }: Row): ChainHead {
  return { seq: seq - 1, hash: readRecordLine(line)?.prev ?? chainStart }
}

function sumOf(columns: readonly string[]): string {
  return columns.map(column => `${column} = ${column} + excluded.${column}`).join(', ')
}

const oldMinuteRow = v.object({ date: v.string(), minute: whole })

/** An earlier version kept local minutes without their zone. They are taken for those of the zone that is set now. */
function giveZoneToOldMinutes(db: Database, zone: string): void {
  const columns = counted.join(', ')
  const tables = [
    { from: 'minute', to: 'spent_minute', columns: `${columns}, flagged_seconds` },
    { from: 'discarded_minute', to: 'spent_discarded', columns },
  ]
  for (const table of tables) {
    const rows = inDatabase(db, () => db.prepare(`SELECT date, minute FROM ${table.from}`).all())
    if (rows.length === 0) continue
    transaction(db, () => {
      const move = db.prepare(
        `INSERT OR IGNORE INTO ${table.to} (start, zone, date, ${table.columns})
         SELECT ?, ?, date, ${table.columns} FROM ${table.from} WHERE date = ? AND minute = ?`,
      )
      for (const row of rows) {
        const { date, minute } = parseRow(db, oldMinuteRow, row)
        const time = Temporal.PlainTime.from({ hour: Math.floor(minute / 60), minute: minute % 60 })
        const start = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: time })
        move.run(start.epochMilliseconds / minuteMs, zone, date, minute)
      }
      db.exec(`DELETE FROM ${table.from}`)
    })
  }
}
