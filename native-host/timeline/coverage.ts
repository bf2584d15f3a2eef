import { type Explained, explain, join, type Piece, withoutTolerance } from './explain-gaps.ts'
import { createGapCauses } from './gap-causes.ts'
import type { TimelineRecord } from './timeline-record.ts'
import { toleranceMs } from './timeline-record.ts'
import { createWallTime } from './wall-time.ts'

/** What records say about time with and without intervals, in the times of `createWallTime`. */
export type Coverage = {
  time: ReturnType<typeof createWallTime>
  claims: ReturnType<typeof createGapCauses>
  /** The end of the last interval. */
  coveredMs: number
}

export function createCoverage(): Coverage {
  return { time: createWallTime(), claims: createGapCauses(), coveredMs: Number.NEGATIVE_INFINITY }
}

/** When a record was made, and the beginning of what it describes. */
export type Placed = { at: number; from: number }

/** Takes the records in their order. */
export function place({ time, claims }: Coverage, record: TimelineRecord): Placed {
  const at = time.follow(record)
  const from = startOf(time, record, at)
  claims.note(record, at, { past: instant => time.read(instant, at), ahead: time.ahead })
  return { at, from }
}

function startOf(time: Coverage['time'], record: TimelineRecord, at: number): number {
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

/** The span that an interval covers. None when it saw nothing: then its time counts as a gap. */
export function coveredBy(
  coverage: Coverage,
  { length_ms, presence, incomplete }: Extract<TimelineRecord, { kind: 'interval' }>,
  from: number,
): Piece | undefined {
  const piece = { from, to: from + length_ms }
  coverage.coveredMs = Math.max(coverage.coveredMs, piece.to)
  if (presence !== 'unknown' || !(incomplete || coverage.claims.inputIsLost())) return piece
  coverage.claims.blind(piece)
  return undefined
}

/** Why the holes have no intervals, by the causes that began before `until`, joined and without the tolerance. */
export function explainHoles({ claims }: Coverage, holes: readonly Piece[], until: number): Explained[] {
  const causes = claims.until(until)
  // A hole within the tolerance is none, also beside a gap with the same cause.
  const lasting = holes.filter(({ from, to }) => to - from >= toleranceMs)
  return withoutTolerance(join(lasting.flatMap(hole => explain(hole, causes))))
}

/** An interval that is not over has no record yet. */
const openIntervalMs = 20_000

/** Behind the last interval there may be one that was not over when the last record was written. */
export function isOpenInterval({ coveredMs }: Coverage, { from, to, cause }: Explained): boolean {
  return cause === 'unexplained' && from >= coveredMs && to - from <= openIntervalMs
}

/** What the wall clock left out when it was set forward, in its own time. It looks like a gap, and is none. */
export function jumpOf({ at, by_ms }: Extract<TimelineRecord, { kind: 'clock.changed' }>): Piece | undefined {
  const to = Date.parse(at)
  return by_ms < toleranceMs ? undefined : { from: to - by_ms, to }
}
