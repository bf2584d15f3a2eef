import type { Problem } from '../../protocol/errors.ts'
import { type LocalDay, slotAt, slotsOf } from '../../protocol/local-day.ts'
import type { Counts } from '../../protocol/records.ts'
import type { Status } from '../../protocol/status.ts'
import { addCounts, countsIn, noCounts } from '../input/input-window.ts'
import { isoOf, offsetAt } from '../kernel/instants.ts'
import { boundStatus } from './bound-status.ts'
import { type Conditions, trackingState } from './tracking-state.ts'

type Today = Status['today']

/** The stored minutes of one local date, added up; its chart is of `zone`, and each other zone has its own. */
export type DayTotals = Omit<Today, 'tracked_seconds'>

type Minute = Counts & { start: Temporal.Instant; zone: string; flagged_seconds: number }

export function addUpDay({ date, zone }: LocalDay, minutes: readonly Minute[]): DayTotals {
  const zones = Map.groupBy(minutes, minute => minute.zone)
  const others = [...zones].filter(([other]) => other !== zone)
  return {
    date,
    zone,
    ...minutes.reduce<Counts>(addCounts, noCounts),
    flagged_seconds: sumOf(minutes, minute => minute.flagged_seconds),
    ...fillSlots({ date, zone }, zones.get(zone) ?? []),
    elsewhere: others.map(([other, spent]) => ({
      zone: other,
      active_seconds: sumOf(spent, minute => minute.active_seconds),
      flagged_seconds: sumOf(spent, minute => minute.flagged_seconds),
      ...fillSlots({ date, zone: other }, spent),
    })),
  }
}

function fillSlots(day: LocalDay, minutes: readonly Minute[]): Pick<Today, 'slots' | 'flagged_slots'> {
  const slots = new Array<number>(slotsOf(day)).fill(0)
  const flagged_slots = slots.slice()
  for (const { start, active_seconds, flagged_seconds } of minutes) {
    const slot = slotAt(start.epochMilliseconds, day)
    slots[slot] = (slots[slot] ?? 0) + active_seconds
    flagged_slots[slot] = (flagged_slots[slot] ?? 0) + flagged_seconds
  }
  return { slots, flagged_slots }
}

function sumOf(minutes: readonly Minute[], seconds: (minute: Minute) => number): number {
  return minutes.reduce((sum, minute) => sum + seconds(minute), 0)
}

/** All parts of the status, as the flows know them. */
export type StatusParts = {
  now: Temporal.Instant
  zone: string
  timeChange: Status['time']['last_change']
  conditions: Conditions
  consent: Status['consent']
  stored: DayTotals
  trackedSeconds: number
  days: Status['days']
  /** Counted but not stored yet. */
  unsaved: Counts
  flagged: Status['flagged']
  flagged_before: Status['flagged_before']
  input: { kind: Status['input']['state']; problem?: Problem }
  presence: Status['presence']
  power: Status['power']
  screenshots: Status['screenshots']
  queue: Status['queue']
  destination: Status['destination']
  keys: Status['keys']
  opened_until: string | null
  confirmation: Status['confirmation']
  notices: Problem[]
  agent: Status['agent']
}

export function buildStatus(parts: StatusParts): Status {
  const { now, zone, conditions, stored } = parts
  const slot = slotAt(now.epochMilliseconds, stored)
  return boundStatus({
    at: isoOf(now),
    state: trackingState(conditions, now.epochMilliseconds),
    consent: parts.consent,
    last_saved: conditions.lastSaved ?? null,
    time: { zone, offset: offsetAt(now, zone), last_change: parts.timeChange },
    today: {
      ...stored,
      ...addCounts(countsIn(stored), parts.unsaved),
      tracked_seconds: parts.trackedSeconds,
      slots: stored.slots.map((seconds, at) =>
        at === slot ? seconds + parts.unsaved.active_seconds : seconds,
      ),
    },
    days: parts.days,
    flagged: parts.flagged,
    flagged_before: parts.flagged_before,
    input: { state: parts.input.kind, problem: parts.input.problem ?? null },
    presence: parts.presence,
    power: parts.power,
    screenshots: parts.screenshots,
    queue: parts.queue,
    destination: parts.destination,
    keys: parts.keys,
    opened_until: parts.opened_until,
    confirmation: parts.confirmation,
    notices: parts.notices,
    agent: parts.agent,
  })
}
