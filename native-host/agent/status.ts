import type { Computer } from '../../protocol/computer.ts'
import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { LocalDay } from '../../protocol/local-day.ts'
import { daysShown, mostHeldShown, type Status, type TimeChange } from '../../protocol/status.ts'
import type { FlaggedStretch } from '../activity/flagged-stretch.ts'
import type { Flagged } from '../activity/remember-flagged.ts'
import type { Activity } from '../activity/track-activity.ts'
import type { Drain } from '../delivery/drain-outbox.ts'
import type { DeliveryFacts, Destination, Outbox, OutboxSummary } from '../delivery/ports.ts'
import type { InputState } from '../input/ports.ts'
import type { Journal } from '../journal/ports.ts'
import type { Sealing } from '../journal/seal-journal.ts'
import { isoOf, localMinute } from '../kernel/instants.ts'
import type { Clock } from '../kernel/ports.ts'
import { computed, createSignal, type ReadonlySignal } from '../kernel/signals.ts'
import type { BatteryState, PowerWatch } from '../power/watch-power.ts'
import type { PresenceWatch } from '../presence/watch-presence.ts'
import type { Confirmations } from '../privacy/confirm-outside.ts'
import type { PictureLock } from '../privacy/unlock-pictures.ts'
import type { ReviewHold } from '../screenshots/hold-screenshots.ts'
import type { Screenshots } from '../screenshots/take-screenshots.ts'
import { addUpDay, buildStatus, type DayTotals } from '../tracking/build-status.ts'
import type { Control } from '../tracking/control-tracking.ts'
import { type LastingProblem, lasting } from '../tracking/problem-since.ts'
import type { DiskWatch } from '../tracking/watch-disk.ts'

type Parts = {
  clock: Clock
  journal: Journal
  trackedSeconds: (date: string) => number
  outbox: Outbox
  destination: ReadonlySignal<Destination>
  keys: ReadonlySignal<Status['keys']>
  /** Why nothing may be recorded: no keys were confirmed. */
  hindrance: ReadonlySignal<Problem | undefined>
  control: Control
  activity: Activity
  presence: PresenceWatch
  power: PowerWatch
  savingPower: ReadonlySignal<boolean>
  flagged: Flagged
  screenshots: Screenshots
  held: ReviewHold
  pictureLock: PictureLock
  daysLock: PictureLock
  confirmations: Confirmations
  sealing: Sealing
  drain: Drain
  disk: DiskWatch
  notices: ReadonlySignal<readonly Problem[]>
  timeChange: ReadonlySignal<TimeChange | undefined>
  clients: () => number
  computer: ReadonlySignal<Computer | undefined>
  /** The folder of the account's own tracker, where this is another one. It may come to be later. */
  ownHome: () => string | undefined
  agent: Omit<Status['agent'], 'clients' | 'computer'>
}

type Stored = { stored: DayTotals; trackedSeconds: number; days: Status['days'] }

/** Brings together what the flows know into the status that clients see. Belongs to the agent's root. */
export function createAgentStatus(parts: Parts) {
  const { clock, journal, activity } = parts
  const refreshes = createSignal(0)
  const unreadable = createSignal<Problem | undefined>(undefined)
  let known: (Stored & { asOf: number | undefined }) | undefined
  let store: LastingProblem | undefined
  let input: LastingProblem | undefined

  const facts = computed(() => factsOf(parts, refreshes.value))

  return {
    /** Changes when anything but the unsaved counts did. */
    saved: facts as ReadonlySignal<unknown>,
    /** Why the journal could not be read when it was last asked. */
    unreadable: unreadable as ReadonlySignal<Problem | undefined>,

    /** What was stored is other than it was, and nothing else says so. */
    refresh: () => {
      refreshes.value = refreshes.peek() + 1
    },

    read(): Status {
      const now = clock.now()
      const zone = clock.zone()
      const at = isoOf(now)
      const known = facts.value
      const { consent, ...conditions } = known.conditions
      store = lasting(store, storeProblemOf(known.store), at)
      input = lasting(input, known.input.kind === 'unavailable' ? known.input.problem : undefined, at)
      const { lastSaved, stored, trackedSeconds, days } = readJournal({
        date: localMinute(now, zone).date,
        zone,
      })
      const ownHome = parts.ownHome()
      return buildStatus({
        now,
        zone,
        timeChange: known.timeChange,
        conditions: {
          ...conditions,
          consentGiven: consent !== undefined,
          startedAt: parts.agent.started,
          store,
          input,
          lastSaved: lastSaved && isoOf(lastSaved),
        },
        consent: consent ?? null,
        stored,
        trackedSeconds,
        days,
        unsaved: activity.unsaved(),
        ...flaggedAt(known.flagged, { today: stored.date, now, zone }),
        input: known.input,
        presence: known.presence,
        power: known.power,
        screenshots: known.screenshots,
        queue: known.queue,
        destination: known.destination,
        keys: known.keys,
        opened_until: known.opened_until,
        confirmation: known.confirmation,
        notices: [...known.notices, ...(unreadable.value ? [unreadable.value] : [])],
        agent: {
          ...parts.agent,
          ...(ownHome !== undefined && { own_home: ownHome }),
          ...(known.computer && { computer: known.computer }),
          clients: parts.clients(),
        },
      })
    },
  }

  /** A database that cannot be read right now is something to show, and no reason to show nothing. */
  function readJournal(day: LocalDay): Stored & { lastSaved?: Temporal.Instant } {
    try {
      const lastSaved = journal.lastWrite()
      const read = readDays(day, lastSaved?.epochMilliseconds)
      unreadable.value = undefined
      return { ...read, ...(lastSaved && { lastSaved }) }
    } catch (error) {
      unreadable.value = toProblem(error)
      return { stored: addUpDay(day, []), trackedSeconds: 0, days: [] }
    }
  }

  /** The days are read from the database only when something was stored since. */
  function readDays(day: LocalDay, asOf: number | undefined): Stored {
    const { date, zone } = known?.stored ?? {}
    if (known === undefined || date !== day.date || zone !== day.zone || known.asOf !== asOf)
      known = {
        stored: addUpDay(day, journal.minutesOf(day.date)),
        trackedSeconds: parts.trackedSeconds(day.date),
        days: journal.lastDays(daysShown),
        asOf,
      }
    return known
  }
}

/** All that clients are shown and that is known without looking at a clock or a disk. Any change makes it another. */
function factsOf(parts: Parts, refreshes: number) {
  const { outbox, control, activity, screenshots, sealing, drain } = parts
  return {
    stored: { last: activity.lastInterval.value, refreshes },
    store: {
      activity: activity.storeProblem.value,
      disk: parts.disk.problem.value,
      sealing: sealing.problem.value,
      obstacle: control.obstacle.value,
      hindrance: parts.hindrance.value,
    },
    input: inputOf(activity.input.value, !!parts.presence.deviceActivity.value),
    conditions: {
      consent: control.consent.value,
      pause: control.pause.value,
      suspension: control.suspension.value,
      trackingSince: control.openSince.value,
    },
    flagged: parts.flagged.stretches.value,
    presence: parts.presence.presence.value,
    power: powerOf(parts.power.battery.value, parts.savingPower.value),
    screenshots: {
      state: screenshots.state.value,
      displays: screenshots.displays.value,
      last: screenshots.last.value ?? null,
      next: screenshots.next.value ?? null,
      problem: screenshots.problem.value ?? null,
      blurred: screenshots.blurred.value,
      held: parts.held.list.value.slice(0, mostHeldShown),
      unlocked_until: parts.pictureLock.unlockedUntil.value ?? null,
    },
    queue: queueOf({
      summary: outbox.summary.value,
      delivered: drain.delivered.value,
      next_try: drain.nextTry.value ?? null,
      waiting: drain.waiting.value ?? null,
      problem: drain.problem.value ?? sealing.problem.value ?? null,
    }),
    destination: { kind: parts.destination.value.kind, where: parts.destination.value.where },
    keys: parts.keys.value,
    opened_until: parts.daysLock.unlockedUntil.value ?? null,
    confirmation: parts.confirmations.pending.value ?? null,
    notices: parts.notices.value,
    timeChange: parts.timeChange.value ?? null,
    computer: parts.computer.value,
  }
}

function flaggedAt(
  stretches: readonly FlaggedStretch[],
  { today, now, zone }: { today: string; now: Temporal.Instant; zone: string },
): Pick<Status, 'flagged' | 'flagged_before'> {
  const shownFrom = isoOf(now.subtract({ hours: 24 * daysShown }))
  const recent = stretches.filter(({ to }) => to >= shownFrom)
  const [latest, ...before] = recent
  const isOfToday = latest && localMinute(Temporal.Instant.from(latest.to), zone).date === today
  return isOfToday ? { flagged: latest, flagged_before: before } : { flagged: null, flagged_before: recent }
}

/** Not seeing how devices are used is no reason to call it not tracking while the system says when they are. */
function inputOf(state: InputState, isTold: boolean): { kind: Status['input']['state']; problem?: Problem } {
  const isHidden = state.kind === 'unavailable' && hidesInput.has(state.problem.code)
  if (!isHidden || !isTold) return state
  return { kind: 'without-detail', problem: { code: 'INPUT_WAYLAND' } }
}

function powerOf(battery: BatteryState, saving: boolean): Status['power'] {
  return typeof battery === 'string' ? null : { ...battery, saving }
}

type Queue = Pick<Status['queue'], 'next_try' | 'waiting' | 'problem'> & {
  summary: OutboxSummary
  delivered: DeliveryFacts['delivered'] | undefined
}

function queueOf({ summary, delivered, ...rest }: Queue): Status['queue'] {
  const { items, bytes, oldest, quarantined } = summary
  return {
    items,
    bytes,
    oldest: oldest ? isoOf(oldest) : null,
    last_delivered: delivered?.last ?? null,
    delivered: delivered?.count ?? 0,
    quarantined,
    ...rest,
  }
}

type StoreProblems = Record<'activity' | 'disk' | 'sealing' | 'obstacle' | 'hindrance', Problem | undefined>

/**
 * Why nothing is being stored, from any part that notices it. Of all that can go wrong with sealing, only two
 * mean that.
 */
function storeProblemOf({
  activity,
  disk,
  sealing,
  obstacle,
  hindrance,
}: StoreProblems): Problem | undefined {
  const stopped =
    sealing?.code === 'DISK_FULL' || sealing?.code === 'STORE_NOT_WRITABLE' ? sealing : undefined
  return activity ?? disk ?? stopped ?? obstacle ?? hindrance
}

/** A session of Wayland, with an X server of its own or without. */
const hidesInput: ReadonlySet<string> = new Set(['INPUT_WAYLAND', 'INPUT_NO_DISPLAY'])
