import type { JournalRecord } from '../../protocol/records.ts'
import { isoOfMs } from '../kernel/instants.ts'
import { coveredBy, createCoverage, explainHoles, isOpenInterval, jumpOf, place } from './coverage.ts'
import { type Explained, type Piece, uncovered } from './explain-gaps.ts'
import type { GapCause } from './gap-causes.ts'

/** A span without an interval that has data about the person, and its cause. */
export type Gap = {
  from: string
  to: string
  cause: GapCause | 'unexplained'
  /** Who paused, the code of an error, why the tracker had ended. */
  detail?: string
}

/** In records. A span is settled once so many came after it: intervals that had to wait for the disk come late. */
const portion = 4096

/**
 * Walks over the records of one device in their order and returns the gaps between the intervals as soon as they are
 * settled. Its memory does not grow with the journal.
 */
export function createGapWalk() {
  const coverage = createCoverage()
  let covered: Piece[] = []
  let settledMs: number | undefined
  /** Of the records of this portion. */
  let earliestMs = Number.POSITIVE_INFINITY
  let latestMs = Number.NEGATIVE_INFINITY
  let inPortion = 0

  return {
    record(record: JournalRecord): Gap[] {
      const { at, from } = place(coverage, record)
      settledMs ??= Math.min(from, at)
      const piece = record.kind === 'interval' ? coveredBy(coverage, record, from) : undefined
      if (piece) covered.push(piece)
      earliestMs = Math.min(earliestMs, from, at)
      latestMs = Math.max(latestMs, at, coverage.coveredMs)
      inPortion += 1
      const jump = record.kind === 'clock.changed' ? jumpOf(record) : undefined
      const jumps = jump ? [gapOf({ ...jump, cause: 'clock-changed' }, isoOfMs)] : []
      if (inPortion < portion) return jumps
      const gaps = settle(earliestMs)
      inPortion = 0
      earliestMs = Number.POSITIVE_INFINITY
      return [...gaps.map(written), ...jumps]
    },

    /** Up to the last record: later time is unknown. */
    end: (): Gap[] =>
      settle(latestMs)
        .filter(gap => !isOpenInterval(coverage, gap))
        .map(written),
  }

  function settle(until: number): Explained[] {
    const from = settledMs ?? until
    if (until <= from) return []
    settledMs = until
    const gaps = explainHoles(coverage, uncovered(covered, { from, to: until }), until)
    covered = covered.filter(piece => piece.to > until)
    coverage.claims.forget(until)
    return gaps
  }

  function written(gap: Explained): Gap {
    return gapOf(gap, coverage.time.write)
  }
}

function gapOf({ from, to, cause, detail }: Explained, write: (ms: number) => string): Gap {
  return { from: write(from), to: write(to), cause, ...(detail !== undefined && { detail }) }
}
