import type { JournalRecord } from '../../protocol/records.ts'
import { isoOf } from '../kernel/instants.ts'
import { type Explained, explain, join, type Piece, uncovered, withoutTolerance } from './explain-gaps.ts'
import { createGapCauses, type GapCause } from './gap-causes.ts'
import { toleranceMs } from './timeline-record.ts'
import { createWallTime } from './wall-time.ts'

/** A span without an interval that has data about the person, and its cause. */
export type Gap = {
  from: string
  to: string
  cause: GapCause | 'unexplained'
  /** Who paused, the code of an error, why the tracker had ended. */
  detail?: string
}

/** The last interval may not be over yet when the last record was written. */
const openIntervalMs = 20_000
/** In records. A span is settled once so many came after it: intervals that had to wait for the disk come late. */
const portion = 4096

/**
 * Walks over the records of one device in their order and returns the gaps between the intervals as soon as they are
 * settled. Its memory does not grow with the journal.
 */
export function createGapWalk() {
  const time = createWallTime()
  const claims = createGapCauses()
  let covered: Piece[] = []
  let settledMs: number | undefined
  /** Of the records of this portion. */
  let earliestMs = Number.POSITIVE_INFINITY
  let latestMs = Number.NEGATIVE_INFINITY
  /** The end of the last interval. */
  let coveredMs = Number.NEGATIVE_INFINITY
  let inPortion = 0

  return {
    record(record: JournalRecord): Gap[] {
      const at = time.follow(record)
      const from = startOf(record, at)
      settledMs ??= Math.min(from, at)
      claims.note(record, at, { past: instant => time.read(instant, at), ahead: time.ahead })
      if (record.kind === 'interval') {
        const piece = { from, to: from + record.length_ms }
        latestMs = Math.max(latestMs, piece.to)
        coveredMs = Math.max(coveredMs, piece.to)
        if (record.presence === 'unknown' && (record.incomplete || claims.inputIsLost())) claims.blind(piece)
        else covered.push(piece)
      }
      earliestMs = Math.min(earliestMs, from, at)
      latestMs = Math.max(latestMs, at)
      inPortion += 1
      const jump = record.kind === 'clock.changed' ? jumpOf(record) : []
      if (inPortion < portion) return jump
      const gaps = settle(earliestMs)
      inPortion = 0
      earliestMs = Number.POSITIVE_INFINITY
      return [...gaps, ...jump]
    },

    /** Up to the last record: later time is unknown. */
    end: (): Gap[] => settle(latestMs, isOpenInterval),
  }

  /** Behind the last interval there may be one that was not over when the last record was written. */
  function isOpenInterval({ from, to, cause }: Explained): boolean {
    return cause === 'unexplained' && from >= coveredMs && to - from <= openIntervalMs
  }

  /** The beginning of what the record describes. */
  function startOf(record: JournalRecord, at: number): number {
    switch (record.kind) {
      case 'interval':
        return time.read(record.from, at, record.length_ms)
      case 'gap':
      case 'presence.changed':
        return time.read(record.from, at)
      default:
        return at
    }
  }

  function settle(until: number, isLeftOut: (gap: Explained) => boolean = () => false): Gap[] {
    const from = settledMs ?? until
    if (until <= from) return []
    settledMs = until
    const gaps = uncovered(covered, { from, to: until }).flatMap(piece => explain(piece, claims.until(until)))
    covered = covered.filter(piece => piece.to > until)
    claims.forget(until)
    const lasting = withoutTolerance(join(gaps)).filter(gap => !isLeftOut(gap))
    return lasting.map(({ from, to, cause, detail }) => ({
      from: time.write(from),
      to: time.write(to),
      cause,
      ...(detail !== undefined && { detail }),
    }))
  }

  /** The skipped hour looks like a gap in the printed times, and is none. */
  function jumpOf(record: Extract<JournalRecord, { kind: 'clock.changed' }>): Gap[] {
    if (record.by_ms < toleranceMs) return []
    const to = Temporal.Instant.from(record.at)
    return [
      { from: isoOf(to.subtract({ milliseconds: record.by_ms })), to: isoOf(to), cause: 'clock-changed' },
    ]
  }
}
