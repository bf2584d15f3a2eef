import type { Problem } from '../../protocol/errors.ts'
import type { Counts } from '../../protocol/records.ts'
import { type Status, slotsPerDay } from '../../protocol/status.ts'
import { addCounts, countsIn, noCounts } from './input-window.ts'
import { isoOf, localMinute, offsetAt } from './instants.ts'
import { type Conditions, trackingState } from './tracking-state.ts'

/** What has been stored of one local day, added up. */
export type DayTotals = Counts & {
  date: string
  flagged_seconds: number
  slots: number[]
  flagged_slots: number[]
}

type Minute = Counts & { minute: number; flagged_seconds: number }

const minutesPerSlot = 1440 / slotsPerDay

export function addUpDay(date: string, minutes: readonly Minute[]): DayTotals {
  const day: DayTotals = {
    date,
    ...minutes.reduce<Counts>(addCounts, noCounts),
    flagged_seconds: 0,
    slots: new Array<number>(slotsPerDay).fill(0),
    flagged_slots: new Array<number>(slotsPerDay).fill(0),
  }
  for (const minute of minutes) {
    const slot = Math.floor(minute.minute / minutesPerSlot)
    day.flagged_seconds += minute.flagged_seconds
    day.slots[slot] = (day.slots[slot] ?? 0) + minute.active_seconds
    day.flagged_slots[slot] = (day.flagged_slots[slot] ?? 0) + minute.flagged_seconds
  }
  return day
}

/** Everything the status is made of, as the flows know it. */
export type StatusParts = {
  now: Temporal.Instant
  zone: string
  timeChange: Status['time']['last_change']
  conditions: Conditions
  consent: Status['consent']
  stored: DayTotals
  /** Counted but not stored yet. */
  unsaved: Counts
  flagged: Status['flagged']
  input: { kind: Status['input']['state']; problem?: Problem }
  presence: Status['presence']
  power: Status['power']
  screenshots: Status['screenshots']
  queue: Status['queue']
  destination: Status['destination']
  keys: Status['keys']
  notices: Problem[]
  agent: Status['agent']
}

export function buildStatus(parts: StatusParts): Status {
  const { now, zone, conditions, stored } = parts
  const { minute } = localMinute(now, zone)
  const { flagged_seconds, slots, flagged_slots } = stored
  const slot = Math.floor(minute / minutesPerSlot)
  return {
    at: isoOf(now),
    state: trackingState(conditions, now.epochMilliseconds),
    consent: parts.consent,
    last_saved: conditions.lastSaved ?? null,
    time: { zone, offset: offsetAt(now, zone), last_change: parts.timeChange },
    today: {
      date: stored.date,
      zone,
      ...addCounts(countsIn(stored), parts.unsaved),
      flagged_seconds,
      slots: slots.map((seconds, at) => (at === slot ? seconds + parts.unsaved.active_seconds : seconds)),
      flagged_slots,
    },
    flagged: parts.flagged,
    input: { state: parts.input.kind, problem: parts.input.problem ?? null },
    presence: parts.presence,
    power: parts.power,
    screenshots: parts.screenshots,
    queue: parts.queue,
    destination: parts.destination,
    keys: parts.keys,
    notices: parts.notices,
    agent: parts.agent,
  }
}
