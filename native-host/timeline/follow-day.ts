import type { Day } from '../../protocol/day.ts'
import type { JournalRecord } from '../../protocol/records.ts'
import { daysShown } from '../../protocol/status.ts'
import type { Journal } from '../journal/ports.ts'
import type { Clock } from '../kernel/ports.ts'
import type { TimelineStore } from './ports.ts'
import { createTimeline } from './timeline.ts'

const forgetEveryMs = 3_600_000

type Parts = { clock: Pick<Clock, 'now' | 'zone'>; kept: TimelineStore }

/**
 * The timeline of the last days, read once and then followed in memory. Belongs to the agent's root. Write with its
 * `journal`: only stored records are part of a day.
 */
export function followDay({ clock, kept }: Parts, stored: Journal) {
  const timeline = createTimeline()
  let forgotten = clock.now().epochMilliseconds
  for (const record of kept.records()) timeline.note(record)

  const journal: Journal = {
    ...stored,
    append(entry) {
      const record = stored.append(entry)
      follow(record)
      return record
    },
  }
  return {
    journal,

    trackedSeconds: (date: string): number => timeline.trackedSeconds(date, clock.zone(), clock.now()),

    dayOf(date: string): Day {
      const minutes = stored.minutesOf(date)
      const flagged = minutes
        .filter(minute => minute.flagged_seconds > 0)
        .map(({ start, flagged_seconds }) => ({ startMs: start.epochMilliseconds, seconds: flagged_seconds }))
      return timeline.dayOf(date, clock.zone(), clock.now(), {
        activeSeconds: minutes.reduce((sum, { active_seconds }) => sum + active_seconds, 0),
        flagged: [...flagged, ...kept.discardedOf(date)],
      })
    },
  }

  function follow(record: JournalRecord): void {
    timeline.note(record)
    const now = clock.now()
    if (now.epochMilliseconds - forgotten < forgetEveryMs) return
    forgotten = now.epochMilliseconds
    timeline.forget(now.subtract({ hours: 24 * (daysShown + 2) }))
  }
}
