import type { Piece } from './explain-gaps.ts'
import type { TimelineRecord } from './timeline-record.ts'
import { toleranceMs } from './timeline-record.ts'

type Presence = Extract<TimelineRecord, { kind: 'interval' }>['presence']

/** Intervals of one presence that follow each other, in the times of `createWallTime`. */
export type Covered = Piece & { presence: Presence }

export function cover(covered: Covered[], piece: Covered): void {
  const last = covered.at(-1)
  const goesOn = last && last.presence === piece.presence && Math.abs(piece.from - last.to) < toleranceMs
  if (goesOn) last.to = Math.max(last.to, piece.to)
  else covered.push(piece)
}

/** From then on it was another presence than the intervals said. */
export function recolour(covered: Covered[], from: number, to: number, presence: Presence): void {
  const first = covered.findLastIndex(piece => piece.to <= from) + 1
  const later = covered.splice(first)
  for (const piece of later) {
    const [start, end] = [Math.max(piece.from, from), Math.min(piece.to, to)]
    if (piece.from < start) cover(covered, { ...piece, to: start })
    if (start < end) cover(covered, { from: start, to: end, presence })
    if (end < piece.to) cover(covered, { ...piece, from: Math.max(end, piece.from) })
  }
}
