import type { ClaimedCause, GapCause } from './gap-causes.ts'
import { toleranceMs } from './timeline-record.ts'

export type Piece = { from: number; to: number }
export type Explained = Piece & { cause: GapCause | 'unexplained'; detail?: string }

/** The parts of the span that no piece covers, in order. */
export function uncovered(pieces: readonly Piece[], span: Piece): Piece[] {
  const holes: Piece[] = []
  let reached = span.from
  for (const piece of [...pieces].sort((a, b) => a.from - b.from)) {
    if (piece.from > reached) holes.push({ from: reached, to: Math.min(piece.from, span.to) })
    reached = Math.max(reached, piece.to)
    if (reached >= span.to) return holes
  }
  return [...holes, { from: reached, to: span.to }]
}

/** The strongest cause first; a span without a cause is unexplained. */
export function explain(hole: Piece, claims: readonly ClaimedCause[]): Explained[] {
  const explained: Explained[] = []
  let left: Piece[] = [hole]
  for (const { from, to, cause, detail } of claims) {
    const rest: Piece[] = []
    for (const piece of left) {
      const common = { from: Math.max(piece.from, from), to: Math.min(piece.to, to) }
      if (common.from >= common.to) {
        rest.push(piece)
        continue
      }
      explained.push({ ...common, cause, ...(detail !== undefined && { detail }) })
      if (piece.from < common.from) rest.push({ from: piece.from, to: common.from })
      if (common.to < piece.to) rest.push({ from: common.to, to: piece.to })
    }
    left = rest
    if (left.length === 0) break
  }
  const unexplained = left.filter(piece => piece.to - piece.from >= toleranceMs)
  return [...explained, ...unexplained.map(piece => ({ ...piece, cause: 'unexplained' as const }))]
}

/** Joins equal gaps that lie no more than the tolerance apart. */
export function join(gaps: readonly Explained[]): Explained[] {
  const joined: Explained[] = []
  for (const gap of gaps.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    const goesOn =
      last && last.cause === gap.cause && last.detail === gap.detail && gap.from - last.to < toleranceMs
    if (goesOn) last.to = Math.max(last.to, gap.to)
    else joined.push({ ...gap })
  }
  return joined
}

/** Leaves out gaps within the tolerance. Short ones that touch stay where together they exceed it. */
export function withoutTolerance(gaps: readonly Explained[]): Explained[] {
  const kept: Explained[] = []
  let short: Explained[] = []
  const settle = () => {
    const length = (short.at(-1)?.to ?? 0) - (short[0]?.from ?? 0)
    if (length >= toleranceMs) kept.push(...short)
    short = []
  }
  for (const gap of gaps) {
    const last = short.at(-1)
    const isShort = gap.to - gap.from < toleranceMs
    if (!isShort || (last && gap.from > last.to)) settle()
    if (isShort) short.push(gap)
    else kept.push(gap)
  }
  settle()
  return kept
}
