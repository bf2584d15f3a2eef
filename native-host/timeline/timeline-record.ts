import type { JournalRecord } from '../../protocol/records.ts'

type Interval = Extract<JournalRecord, { kind: 'interval' }>

/** One interval, or several equal ones in a row: their time and the presence, no counts. */
export type Run = Pick<
  Interval,
  'seq' | 'prev' | 'at' | 'zone' | 'offset' | 'kind' | 'from' | 'length_ms' | 'presence' | 'incomplete'
>

/** The records from which the timeline of a day is built. */
export type TimelineRecord = Exclude<JournalRecord, { kind: 'interval' }> | Run

/** Kinds that do not affect when there are intervals. */
const besides: ReadonlySet<TimelineRecord['kind']> = new Set([
  'setting.changed',
  'confirmation.asked',
  'weakening.announced',
  'weakening.undone',
  'confirmation.accepted',
  'confirmation.refused',
  'verdict.extended',
  'verdict.withdrawn',
  'device.key',
  'keys.changed',
  'screenshot',
  'screenshot.blurred',
  'screenshot.deleted',
  'screenshot.failed',
  'screenshot.skipped',
])

export function belongsToTimeline(record: TimelineRecord): boolean {
  return !besides.has(record.kind)
}

/** What is shorter is the time that a change takes: intervals begin where the last one ended, but for closing it. */
export const toleranceMs = 1500

/** Both as one, where the second continues the first. */
export function joinRuns(first: Run, second: Run): Run | undefined {
  const fromMs = Date.parse(first.from)
  const startMs = Date.parse(second.from)
  const goesOn =
    Math.abs(startMs - fromMs - first.length_ms) < toleranceMs &&
    first.presence === second.presence &&
    first.incomplete === second.incomplete &&
    first.zone === second.zone
  if (!goesOn) return undefined
  return { ...first, at: second.at, length_ms: startMs - fromMs + second.length_ms }
}
