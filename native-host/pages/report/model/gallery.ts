import { zoneAt } from '../../../../extension/model/day-hours.ts'
import { dayPicture, secondsPerSlot } from '../../../../extension/model/day-picture.ts'
import type { LaneSpan } from '../../../../protocol/day.ts'
import type { ReportDay, ReportScreenshot } from '../../../../protocol/report.ts'
import { wallClock } from '../../../../protocol/wall-clock.ts'

/** Why a slot has no screenshot: what else went on then, or that none was due. */
export type Emptiness =
  | { kind: 'span'; span: Exclude<LaneSpan, { lane: 'active' | 'flagged' }> }
  | { kind: 'withheld' }
  | { kind: 'missing' }
  | { kind: 'none-due' }
  | { kind: 'no-record' }

export type GalleryCell = { atMs: number; active: number; flagged: number } & (
  | { shot: ReportScreenshot }
  | { empty: Emptiness }
)
export type GalleryHour = { startMs: number; minute: number; cells: GalleryCell[] }

const slotMs = secondsPerSlot * 1000

/** The hours of a day with their screenshots, in slots of ten minutes: none is empty without a reason. */
export function galleryOf(day: ReportDay): GalleryHour[] {
  const axis = dayPicture(day)?.axis
  const startMs = Date.parse(day.zones[0]?.from ?? '')
  if (!axis || day.screenshots.length === 0) return []
  const bySlot = Map.groupBy(day.screenshots, ({ at }) => Math.floor((Date.parse(at) - startMs) / slotMs))
  const activeOf = new Map(day.slots.map(slot => [slot.slot, slot]))
  const hours = new Map<string, GalleryHour>()
  const first = Math.floor((axis.startMs - startMs) / slotMs)
  for (let slot = first; startMs + slot * slotMs < axis.endMs; slot++) {
    const atMs = startMs + slot * slotMs
    const { minute, offset } = wallClock(atMs, zoneAt(day, atMs))
    const full = minute - (minute % 60)
    const key = `${full} ${offset}`
    const hour = hours.get(key) ?? { startMs: atMs, minute: full, cells: [] }
    hours.set(key, hour)
    const { active = 0, flagged = 0 } = activeOf.get(slot) ?? {}
    const shots = bySlot.get(slot) ?? []
    if (shots.length === 0) hour.cells.push({ atMs, active, flagged, empty: emptinessAt(day, atMs) })
    for (const shot of shots) hour.cells.push({ atMs: Date.parse(shot.at), active, flagged, shot })
  }
  return [...hours.values()].filter(({ cells }) => cells.some(isWorthSeeing))
}

/** An hour in which the computer was off says nothing that the day picture does not. */
function isWorthSeeing(cell: GalleryCell): boolean {
  if ('shot' in cell) return true
  const { empty } = cell
  return empty.kind !== 'no-record' && (empty.kind !== 'span' || empty.span.lane !== 'gap')
}

/** What filled most of the slot. */
function emptinessAt({ spans, hidden = [] }: ReportDay, atMs: number): Emptiness {
  const within = ({ from, to }: { from: string; to: string }) =>
    Math.min(Date.parse(to), atMs + slotMs) - Math.max(Date.parse(from), atMs)
  const best = spans
    .filter(span => span.lane !== 'flagged' && within(span) > 0)
    .toSorted((a, b) => within(b) - within(a))[0]
  const hiding = hidden.find(span => within(span) > 0)
  if (hiding && (!best || within(hiding) >= within(best))) return { kind: hiding.kind }
  if (!best) return { kind: 'no-record' }
  if (best.lane === 'active' || best.lane === 'flagged') return { kind: 'none-due' }
  return { kind: 'span', span: best }
}
