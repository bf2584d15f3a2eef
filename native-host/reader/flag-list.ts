import type { Evidence, JournalRecord } from '../../protocol/records.ts'
import type { ReportFlag } from '../../protocol/report.ts'
import { minuteOf } from '../journal/spent-minutes.ts'
import { createDateLookup } from '../kernel/date-lookup.ts'
import { isoOfMs } from '../kernel/instants.ts'

/** Flagged input of one minute. `minute` is the one in which it counts. */
type Piece = {
  minute: number
  date: string
  from: number
  to: number
  verdict: ReportFlag['verdict']
  seconds: number
  discarded: boolean
  withdrawn: boolean
  evidence: readonly Evidence[]
}

type Of<K extends JournalRecord['kind']> = Extract<JournalRecord, { kind: K }>

const minuteMs = 60_000
/** Pieces that follow each other this closely are one stretch, as in the list that the person sees. */
const longestGapMs = 60_000

/** Follows what the detector said, and what the person withdrew of it. */
export function createFlagList(isWanted: (date: string) => boolean) {
  const pieces: Piece[] = []
  const dateOf = createDateLookup()

  return {
    note(record: JournalRecord): void {
      switch (record.kind) {
        case 'interval':
          addInterval(record)
          return
        case 'verdict.extended':
          addExtended(record)
          return
        case 'verdict.withdrawn': {
          const [first, last] = [minuteOf(record.from), minuteOf(record.to)]
          for (const piece of pieces)
            if (piece.minute >= first && piece.minute <= last) piece.withdrawn = true
          return
        }
        default:
          return
      }
    },

    /** By date, in the order of time. */
    stretches: (): Map<string, ReportFlag[]> =>
      new Map([...Map.groupBy(pieces, ({ date }) => date)].map(([date, own]) => [date, joined(own)])),
  }

  function addInterval(record: Of<'interval'>): void {
    const { verdict, evidence } = record.genuineness
    if (verdict === 'genuine') return
    const from = Date.parse(record.from)
    const seconds = (record.discarded ?? record).active_seconds
    const discarded = record.discarded !== undefined
    const ends = { from, to: from + record.length_ms }
    add({ minute: minuteOf(record.from), verdict, seconds, discarded, evidence, ...ends }, record.zone)
  }

  function addExtended(record: Of<'verdict.extended'>): void {
    const { verdict, evidence } = record.genuineness
    if (verdict === 'genuine') return
    const discarded = record.scripted_input === 'discard'
    for (const { start, zone, active_seconds: seconds } of record.minutes) {
      const ends = withinOf(Date.parse(start), record)
      add({ minute: minuteOf(start), verdict, seconds, discarded, evidence, ...ends }, zone)
    }
  }

  function add(flagged: Omit<Piece, 'date' | 'withdrawn'>, zone: string): void {
    const date = dateOf(flagged.minute * minuteMs, zone)
    if (!isWanted(date)) return
    const piece = { ...flagged, date, withdrawn: false }
    const last = pieces.at(-1)
    if (last && last.minute === piece.minute && goesOn(last, piece)) extend(last, piece)
    else pieces.push(piece)
  }
}

/** The part of a minute that the verdict is about. After a change of the clock there may be none: then all of it. */
function withinOf(startMs: number, { from, to }: { from: string; to: string }): { from: number; to: number } {
  const ends = { from: Math.max(startMs, Date.parse(from)), to: Math.min(startMs + minuteMs, Date.parse(to)) }
  return ends.from < ends.to ? ends : { from: startMs, to: startMs + minuteMs }
}

function joined(pieces: readonly Piece[]): ReportFlag[] {
  const stretches: Piece[] = []
  for (const piece of pieces.toSorted((a, b) => a.from - b.from)) {
    const last = stretches.at(-1)
    if (last && goesOn(last, piece)) extend(last, piece)
    else stretches.push({ ...piece })
  }
  return stretches
    .filter(({ seconds }) => seconds > 0)
    .map(({ from, to, verdict, seconds, discarded, withdrawn, evidence }) => ({
      ...{ from: isoOfMs(from), to: isoOfMs(to), verdict, seconds, discarded, withdrawn },
      evidence: [...evidence],
    }))
}

function goesOn(last: Piece, next: Piece): boolean {
  return (
    last.verdict === next.verdict &&
    last.discarded === next.discarded &&
    last.withdrawn === next.withdrawn &&
    last.date === next.date &&
    next.from - last.to <= longestGapMs &&
    last.from - next.to <= longestGapMs
  )
}

function extend(last: Piece, next: Piece): void {
  last.from = Math.min(last.from, next.from)
  last.to = Math.max(last.to, next.to)
  last.seconds += next.seconds
  last.evidence = latestOf(last.evidence, next.evidence)
}

/** Of each feature what was said last. */
function latestOf(before: readonly Evidence[], after: readonly Evidence[]): readonly Evidence[] {
  const said = new Set(after.map(({ feature }) => feature))
  return [...before.filter(({ feature }) => !said.has(feature)), ...after]
}
