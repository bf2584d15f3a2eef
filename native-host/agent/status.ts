import type { Computer } from '../../protocol/computer.ts'
import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { LocalDay } from '../../protocol/local-day.ts'
import { daysShown, mostHeldShown, type Status, type TimeChange } from '../../protocol/status.ts'
import type { Flagged } from '../activity/remember-flagged.ts'
import type { Activity } from '../activity/track-activity.ts'
import type { Drain } from '../delivery/drain-outbox.ts'
import type { Destination, Outbox } from '../delivery/ports.ts'
import type { Journal } from '../journal/ports.ts'
import type { Sealing } from '../journal/seal-journal.ts'
import { createCell, type ReadonlyCell } from '../kernel/cell.ts'
import { isoOf, localMinute } from '../kernel/instants.ts'
import type { Clock } from '../kernel/ports.ts'
import type { PowerWatch } from '../power/watch-power.ts'
import type { PresenceWatch } from '../presence/watch-presence.ts'
import type { Confirmations } from '../privacy/confirm-outside.ts'
import type { PictureLock } from '../privacy/unlock-pictures.ts'
import type { HeldScreenshots } from '../screenshots/hold-screenshots.ts'
import type { Screenshots } from '../screenshots/take-screenshots.ts'
import { addUpDay, buildStatus, type DayTotals } from '../tracking/build-status.ts'
import type { Steering } from '../tracking/control-tracking.ts'
import { type LastingProblem, lasting } from '../tracking/problem-since.ts'
import type { DiskWatch } from '../tracking/watch-disk.ts'

type Parts = {
  clock: Clock
  journal: Journal
  trackedSeconds: (date: string) => number
  outbox: Outbox
  destination: ReadonlyCell<Destination>
  keys: ReadonlyCell<Status['keys']>
  /** Why nothing may be recorded: no keys were confirmed. */
  hindrance: ReadonlyCell<Problem | undefined>
  steering: Steering
  activity: Activity
  presence: PresenceWatch
  power: PowerWatch
  savingPower: ReadonlyCell<boolean>
  flagged: Flagged
  screenshots: Screenshots
  held: HeldScreenshots
  pictureLock: PictureLock
  confirmations: Confirmations
  sealing: Sealing
  drain: Drain
  disk: DiskWatch
  notices: ReadonlyCell<readonly Problem[]>
  timeChange: ReadonlyCell<TimeChange | undefined>
  clients: () => number
  computer: ReadonlyCell<Computer | undefined>
  /** The folder of the account's own tracker, where this is another one. It may come to be later. */
  ownHome: () => string | undefined
  agent: Omit<Status['agent'], 'clients' | 'computer'>
}

type Stored = { stored: DayTotals; trackedSeconds: number; days: Status['days'] }

/** Brings together what the flows know into the status that clients see. Belongs to the agent's root. */
export function createAgentStatus(parts: Parts, signal: AbortSignal) {
  const { clock, journal, outbox, steering, activity, screenshots, sealing, drain } = parts
  const saved = createCell(0)
  const unreadable = createCell<Problem | undefined>(undefined)
  let known: (Stored & { asOf: number | undefined }) | undefined
  let store: LastingProblem | undefined
  let input: LastingProblem | undefined

  const shown: ReadonlyCell<unknown>[] = [
    activity.lastInterval,
    parts.flagged.stretches,
    activity.input,
    parts.presence.presence,
    parts.presence.touch,
    parts.power.battery,
    parts.savingPower,
    activity.storeProblem,
    // Agreed to while something else keeps tracking from beginning, it changes nothing but what is shown.
    steering.consent,
    steering.gate,
    steering.pause,
    steering.suspension,
    steering.obstacle,
    parts.hindrance,
    screenshots.state,
    screenshots.next,
    screenshots.last,
    screenshots.problem,
    screenshots.blurred,
    parts.held.list,
    parts.pictureLock.unlockedUntil,
    parts.confirmations.pending,
    outbox.summary,
    sealing.problem,
    parts.disk.problem,
    drain.problem,
    drain.nextTry,
    drain.waiting,
    drain.delivered,
    parts.destination,
    parts.keys,
    parts.notices,
    parts.timeChange,
    parts.computer,
  ]
  for (const cell of shown) cell.watch(() => saved.set(saved.value + 1), signal)

  return {
    /** Changes when anything but the unsaved counts did. */
    saved: saved as ReadonlyCell<number>,
    /** Why the journal could not be read when it was last asked. */
    unreadable: unreadable as ReadonlyCell<Problem | undefined>,

    /** What was stored is other than it was, and nothing else says so. */
    refresh: () => saved.set(saved.value + 1),

    read(): Status {
      const now = clock.now()
      const zone = clock.zone()
      const at = isoOf(now)
      const inputState = inputNow()
      store = lasting(store, storeProblem(), at)
      input = lasting(input, inputState.kind === 'unavailable' ? inputState.problem : undefined, at)
      const { lastSaved, stored, trackedSeconds, days } = readJournal({
        date: localMinute(now, zone).date,
        zone,
      })
      const ownHome = parts.ownHome()
      return buildStatus({
        now,
        zone,
        timeChange: parts.timeChange.value ?? null,
        conditions: {
          consentGiven: steering.consent.value !== undefined,
          startedAt: parts.agent.started,
          pause: steering.pause.value,
          suspension: steering.suspension.value,
          store,
          input,
          trackingSince: steering.openSince.value,
          lastSaved: lastSaved && isoOf(lastSaved),
        },
        consent: steering.consent.value ?? null,
        stored,
        trackedSeconds,
        days,
        unsaved: activity.unsaved(),
        ...flaggedStretches(stored.date, now, zone),
        input: inputState,
        presence: parts.presence.presence.value,
        power: powerNow(),
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
        queue: queueStatus(),
        destination: { kind: parts.destination.value.kind, where: parts.destination.value.where },
        keys: parts.keys.value,
        confirmation: parts.confirmations.pending.value ?? null,
        notices: [...parts.notices.value, ...(unreadable.value ? [unreadable.value] : [])],
        agent: {
          ...parts.agent,
          ...(ownHome !== undefined && { own_home: ownHome }),
          ...(parts.computer.value && { computer: parts.computer.value }),
          clients: parts.clients(),
        },
      })
    },
  }

  function flaggedStretches(
    today: string,
    now: Temporal.Instant,
    zone: string,
  ): Pick<Status, 'flagged' | 'flagged_before'> {
    const shownFrom = isoOf(now.subtract({ hours: 24 * daysShown }))
    const recent = parts.flagged.stretches.value.filter(({ to }) => to >= shownFrom)
    const [latest, ...before] = recent
    const isOfToday = latest && localMinute(Temporal.Instant.from(latest.to), zone).date === today
    return isOfToday ? { flagged: latest, flagged_before: before } : { flagged: null, flagged_before: recent }
  }

  /** Not seeing how devices are used is no reason to call it not tracking while the system says when they are. */
  function inputNow(): { kind: Status['input']['state']; problem?: Problem } {
    const state = activity.input.value
    const isHidden = state.kind === 'unavailable' && hidesInput.has(state.problem.code)
    if (!isHidden || !parts.presence.touch.value) return state
    return { kind: 'without-detail', problem: { code: 'INPUT_WAYLAND' } }
  }

  function powerNow(): Status['power'] {
    const battery = parts.power.battery.value
    return typeof battery === 'string' ? null : { ...battery, saving: parts.savingPower.value }
  }

  /** Why nothing is being stored, whoever noticed it first. */
  function storeProblem(): Problem | undefined {
    const noticed = activity.storeProblem.value ?? parts.disk.problem.value
    return (
      noticed ?? storeProblemOf(sealing.problem.value) ?? steering.obstacle.value ?? parts.hindrance.value
    )
  }

  /** A database that cannot be read right now is something to show, and no reason to show nothing. */
  function readJournal(day: LocalDay): Stored & { lastSaved?: Temporal.Instant } {
    try {
      const lastSaved = journal.lastWrite()
      const read = readDays(day, lastSaved?.epochMilliseconds)
      unreadable.set(undefined)
      return { ...read, ...(lastSaved && { lastSaved }) }
    } catch (error) {
      unreadable.set(toProblem(error))
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

  function queueStatus(): Status['queue'] {
    const { items, bytes, oldest, quarantined } = outbox.summary.value
    return {
      items,
      bytes,
      oldest: oldest ? isoOf(oldest) : null,
      last_delivered: drain.delivered.value?.last ?? null,
      delivered: drain.delivered.value?.count ?? 0,
      quarantined,
      next_try: drain.nextTry.value ?? null,
      waiting: drain.waiting.value ?? null,
      problem: drain.problem.value ?? sealing.problem.value ?? null,
    }
  }
}

/** A session of Wayland, with an X server of its own or without. */
const hidesInput: ReadonlySet<string> = new Set(['INPUT_WAYLAND', 'INPUT_NO_DISPLAY'])

/** Of all that can go wrong with sealing, only these mean that nothing is being stored. */
function storeProblemOf(problem: Problem | undefined): Problem | undefined {
  return problem?.code === 'DISK_FULL' || problem?.code === 'STORE_NOT_WRITABLE' ? problem : undefined
}
