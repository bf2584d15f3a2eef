import { zoneAt } from '../../../../extension/model/day-hours.ts'
import { secondsPerSlot } from '../../../../extension/model/day-picture.ts'
import type { ReportDay } from '../../../../protocol/report.ts'
import { wallClock } from '../../../../protocol/wall-clock.ts'

export const halfHours = 48

export type HeatCell = { active: number; flagged: number }
export type HeatRow = { day: ReportDay; cells: HeatCell[] }

/** Active time by half hours of the clock. The hour that comes twice when summer time ends is one here. */
export function heatRow(day: ReportDay): HeatRow {
  const cells = Array.from({ length: halfHours }, (): HeatCell => ({ active: 0, flagged: 0 }))
  const startMs = Date.parse(day.zones[0]?.from ?? day.date)
  for (const { slot, active, flagged } of day.slots) {
    const ms = startMs + slot * secondsPerSlot * 1000
    const cell = cells[Math.floor(wallClock(ms, zoneAt(day, ms)).minute / 30)]
    if (!cell) continue
    cell.active += active
    cell.flagged += flagged
  }
  return { day, cells }
}

/** The half hours to show: whole hours with anything in them, and at least those of a working day. */
export function heatRange(rows: readonly HeatRow[]): { from: number; to: number } {
  let [from, to] = [16, 36]
  for (const { cells } of rows)
    for (const [index, { active, flagged }] of cells.entries())
      if (active + flagged > 0) {
        from = Math.min(from, index - (index % 2))
        to = Math.max(to, index + 2 - (index % 2))
      }
  return { from, to }
}

/** From 0, nothing, to 5, all of the half hour. */
export function heatLevel(seconds: number, most = 1800): number {
  return seconds <= 0 ? 0 : Math.min(5, 1 + Math.floor((seconds / most) * 5))
}
