import type { JournalRecord } from '../../protocol/records.ts'
import type { ReportDay, ReportFlag, ReportScreenshot } from '../../protocol/report.ts'
import { createSpentMinutes, type FlaggedMinute, type SpentMinute } from '../journal/spent-minutes.ts'
import { createDateLookup } from '../kernel/date-lookup.ts'
import { clipBlocks } from '../timeline/day-blocks.ts'
import { dayFrom } from '../timeline/day-from.ts'
import type { Stretch } from '../timeline/day-stretches.ts'
import type { LaneBlock } from '../timeline/lane-blocks.ts'
import { createTimeline } from '../timeline/timeline.ts'
import { createBlockIndex } from './block-index.ts'
import { createFlagList } from './flag-list.ts'
import { createScreenshotList, type StateOf } from './screenshot-list.ts'

const minuteMs = 60_000
const slotMs = 600_000
const dayMs = 86_400_000

/** Local dates such as 2026-11-19, both included. Either may be left open. */
export type Dates = { from?: string | undefined; to?: string | undefined }

/**
 * Follows the records of one device in their order and gives its days: the same as the agent shows of them, to the second.
 * Of dates that are not wanted it keeps nothing; of the others as much as their days hold, and not the records.
 */
export function createDayBuilder(wanted: Dates = {}) {
  const isWanted = (date: string) =>
    (wanted.from === undefined || date >= wanted.from) && (wanted.to === undefined || date <= wanted.to)
  const timeline = createTimeline()
  const settled = createBlockIndex(nearTo(wanted))
  const minutes = createSpentMinutes(isWanted)
  const flags = createFlagList(isWanted)
  const screenshots = createScreenshotList(isWanted)
  const dates = new Set<string>()
  const dateOf = createDateLookup()
  let last: { zone: string; at: string; date: string } | undefined

  return {
    note(record: JournalRecord): void {
      const { at, zone } = record
      timeline.note(record)
      minutes.note(record, zone)
      flags.note(record)
      screenshots.note(record)
      const date = dateOf(Date.parse(at), zone)
      if (date !== last?.date) {
        if (isWanted(date)) dates.add(date)
        settled.add(timeline.settle())
      }
      last = { zone, at, date }
    },

    /**
     * Up to the last record: later time is unknown.
     * @param stateOf what became of the picture with this object key
     */
    days(stateOf: StateOf): ReportDay[] {
      if (!last) return []
      const [zone, now] = [last.zone, Temporal.Instant.from(last.at)]
      const rest = timeline.rest()
      const spent = Map.groupBy(minutes.spent(), ({ date }) => date)
      const discarded = Map.groupBy(minutes.discarded(), ({ date }) => date)
      const flagged = flags.stretches()
      const shots = screenshots.byDate(stateOf)
      const all = new Set([...dates, ...spent.keys(), ...discarded.keys(), ...shots.keys()])
      return [...all].sort().map(date => {
        const stretches = timeline.stretchesOf(date, zone, now)
        const blocks = clipBlocks([...settled.near(stretches), ...rest], stretches)
        const counted = { spent: spent.get(date) ?? [], discarded: discarded.get(date) ?? [] }
        return dayOf(date, stretches, {
          ...{ blocks, ...counted },
          ...{ flags: flagged.get(date) ?? [], screenshots: shots.get(date) ?? [] },
        })
      })
    },
  }
}

/** A date is at most so far from the same date in UTC, the longest flight to the west included. */
function nearTo({ from, to }: Dates): (ms: number) => boolean {
  const first = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from) - 2 * dayMs
  const last = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to) + 3 * dayMs
  return ms => ms >= first && ms <= last
}

type Parts = {
  blocks: readonly LaneBlock[]
  spent: readonly FlaggedMinute[]
  discarded: readonly SpentMinute[]
  flags: ReportFlag[]
  screenshots: ReportScreenshot[]
}

function dayOf(
  date: string,
  stretches: readonly Stretch[],
  { blocks, spent, discarded, flags, screenshots }: Parts,
): ReportDay {
  const flagged = [
    ...spent
      .filter(({ flagged_seconds }) => flagged_seconds > 0)
      .map(({ start, flagged_seconds }) => ({ startMs: start * minuteMs, seconds: flagged_seconds })),
    ...discarded
      .filter(({ active_seconds }) => active_seconds > 0)
      .map(({ start, active_seconds }) => ({ startMs: start * minuteMs, seconds: active_seconds })),
  ]
  const sum = (name: 'keys' | 'clicks' | 'wheel' | 'distance_px' | 'active_seconds') =>
    spent.reduce((total, minute) => total + minute[name], 0)
  const { zones, spans, seconds } = dayFrom(date, stretches, blocks, {
    ...{ activeSeconds: sum('active_seconds'), flagged },
  })
  const counts = {
    keys: sum('keys'),
    clicks: sum('clicks'),
    wheel: sum('wheel'),
    distance_px: sum('distance_px'),
  }
  const begunMs = stretches[0]?.from ?? Math.min(...spent.map(({ start }) => start * minuteMs))
  return {
    ...{ date, zones, spans },
    totals: { ...seconds, ...counts },
    ...{ slots: slotsOf(spent, flagged, begunMs), flags, screenshots },
  }
}

function slotsOf(
  spent: readonly FlaggedMinute[],
  flagged: readonly { startMs: number; seconds: number }[],
  begunMs: number,
): ReportDay['slots'] {
  const slots = new Map<number, ReportDay['slots'][number]>()
  const slotAt = (ms: number) => {
    const slot = Math.max(0, Math.floor((ms - begunMs) / slotMs))
    const known = slots.get(slot) ?? { slot, active: 0, flagged: 0 }
    slots.set(slot, known)
    return known
  }
  for (const { start, active_seconds } of spent)
    if (active_seconds > 0) slotAt(start * minuteMs).active += active_seconds
  for (const { startMs, seconds } of flagged) slotAt(startMs).flagged += seconds
  return [...slots.values()].sort((a, b) => a.slot - b.slot)
}
