import type { JournalRecord } from '../../protocol/records.ts'
import type { Injected } from './ten-days.ts'

/** What the records of a date add up to, by rules that are none of ours: each interval counts where it began. */
export type Summed = Injected & { active: number; flagged: number; paused: number; verdicts: string[] }

/** For records without corrections but a withdrawal of all that was flagged on a date. */
export function sumByDate(records: readonly JournalRecord[]): Map<string, Summed> {
  const dates = new Map<string, Summed>()
  let pausedAt: number | undefined
  for (const record of records) {
    const date = localDate(record.kind === 'interval' ? record.from : record.at, record.zone)
    const known = dates.get(date) ?? empty()
    dates.set(date, known)
    if (record.kind === 'paused') pausedAt = Date.parse(record.at)
    if (record.kind === 'resumed' && pausedAt !== undefined)
      known.paused += (Date.parse(record.at) - pausedAt) / 1000
    if (record.kind === 'verdict.withdrawn') known.flagged = 0
    if (record.kind !== 'interval') continue
    known.keys += record.keys
    known.clicks += record.clicks
    known.wheel += record.wheel
    known.distance_px += record.distance_px
    known.active += record.active_seconds
    if (record.genuineness.verdict === 'genuine') continue
    known.flagged += record.active_seconds
    known.verdicts.push(record.genuineness.verdict)
  }
  return dates
}

function localDate(instant: string, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(instant))
}

const empty = (): Summed => ({
  ...{ keys: 0, clicks: 0, wheel: 0, distance_px: 0 },
  ...{ active: 0, flagged: 0, paused: 0, verdicts: [] },
})
