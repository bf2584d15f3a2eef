import * as v from 'valibot'
import { presenceKinds } from '../../../protocol/presence.ts'
import { type JournalRecord, placeSchema, recordSchema } from '../../../protocol/records.ts'
import { daysShown } from '../../../protocol/status.ts'
import type { TimelineStore } from '../../timeline/ports.ts'
import { belongsToTimeline, joinRuns, type Run, type TimelineRecord } from '../../timeline/timeline-record.ts'
import { type Database, inDatabase, parseRow } from './sqlite.ts'

/** A day before the first that is shown, since what ended there may say why the next one begins with nothing. */
const daysKept = daysShown + 2
/** Presence that flickers for days must not fill the disk. */
const mostRows = 20_000

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const lineRow = v.object({ seq: whole, line: v.string() })
const discardedRow = v.object({ start: whole, active_seconds: whole })

const runSchema: v.GenericSchema<unknown, Run> = v.object({
  ...placeSchema.entries,
  kind: v.literal('interval'),
  from: v.string(),
  length_ms: v.number(),
  presence: v.picklist(presenceKinds),
  incomplete: v.exactOptional(v.literal(true)),
})
const timelineRecord = v.union([runSchema, recordSchema])

/**
 * `keep` goes into the transaction that writes the record. Intervals that follow each other are one row, without their
 * counts: a day is some dozen rows.
 */
export function openTimelineStore(db: Database): TimelineStore & { keep(record: JournalRecord): void } {
  const selectAll = db.prepare('SELECT seq, line FROM course ORDER BY seq')
  const selectLast = db.prepare('SELECT seq, line FROM course ORDER BY seq DESC LIMIT 1')
  const write = db.prepare('REPLACE INTO course (seq, at, kind, line) VALUES (?, ?, ?, ?)')
  // A pause may be longer than all of it.
  const clear = db.prepare(
    `DELETE FROM course
     WHERE (at < ? OR seq <= (SELECT seq FROM course ORDER BY seq DESC LIMIT 1 OFFSET ${mostRows}))
       AND seq IS NOT (SELECT MAX(seq) FROM course WHERE kind IN ('paused', 'resumed'))`,
  )
  const selectDiscarded = db.prepare(
    'SELECT start, active_seconds FROM spent_discarded WHERE date = ? AND active_seconds > 0 ORDER BY start',
  )

  return {
    keep(record) {
      if (!belongsToTimeline(record)) return
      const run = record.kind === 'interval' ? runOf(record) : undefined
      // Read again each time: after a failed write only the database knows how far the last one got.
      const last = run && lastRun()
      const joined = run && last && joinRuns(last.run, run)
      if (joined) put(last.seq, joined)
      else {
        put(record.seq, run ?? record)
        const oldest = Temporal.Instant.from(record.at).subtract({ hours: 24 * daysKept })
        clear.run(oldest.toString())
      }
    },

    records: () => inDatabase(db, () => selectAll.all()).flatMap(row => readable(row)?.record ?? []),

    discardedOf: date =>
      inDatabase(db, () => selectDiscarded.all(date)).map(row => {
        const { start, active_seconds } = parseRow(db, discardedRow, row)
        return { startMs: start * 60_000, seconds: active_seconds }
      }),
  }

  function put(seq: number, record: TimelineRecord): void {
    write.run(seq, record.at, record.kind, JSON.stringify(record))
  }

  function lastRun(): { seq: number; run: Run } | undefined {
    const last = readable(selectLast.get())
    return last?.record.kind === 'interval' ? { seq: last.seq, run: last.record } : undefined
  }

  /** What cannot be read is missing from a picture, and no reason to stop recording. */
  function readable(row: unknown): { seq: number; record: TimelineRecord } | undefined {
    if (row === undefined) return undefined
    const { seq, line } = parseRow(db, lineRow, row)
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), timelineRecord), line)
    return parsed.success ? { seq, record: parsed.output } : undefined
  }
}

function runOf(interval: Extract<JournalRecord, { kind: 'interval' }>): Run {
  const { seq, prev, at, zone, offset, kind, from, length_ms, presence, incomplete } = interval
  return { seq, prev, at, zone, offset, kind, from, length_ms, presence, ...(incomplete && { incomplete }) }
}
