import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { TimeChange } from '../../protocol/status.ts'
import type { Journal } from '../journal/ports.ts'
import { everyOrOnChange } from '../kernel/every.ts'
import { isoOf, offsetAt } from '../kernel/instants.ts'
import type { Clock, Log, Memory } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal } from '../kernel/signals.ts'
import type { TrackingFacts } from './ports.ts'
import { type ClockReading, wallJumpMs } from './time-jump.ts'

type Ports = {
  clock: Clock
  journal: Journal
  memory: Memory<TrackingFacts>
  /** Whether the person has agreed to records at all. */
  consent: ReadonlySignal<unknown>
  /** Whether data about the person may be recorded now; a zone reveals where they are. */
  gate: ReadonlySignal<boolean>
  log: Log
  /** Called as soon as the clock on the wall is found set, whether or not it could be recorded yet. */
  onClockSet(byMs: number): void
}

export type TimeWatch = {
  /** The last one of this run. */
  lastChange: ReadonlySignal<TimeChange | undefined>
  /** Why the zone is not surely the person's. */
  problem: ReadonlySignal<Problem | undefined>
  /** Until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>
}

/**
 * No mechanism reports these changes on every system: inotify misses a file that is mounted over, Windows sends its
 * message to windows only, and of a clock that is set Node hears nothing. Looking takes some hundredths of a millisecond.
 */
const lookMs = 1000

/**
 * Records changes of the time zone and of the clock, so that every record can be put in its place. A change
 * that cannot be written yet is written later; a zone that changes while nothing may be recorded, once
 * recording is allowed again.
 */
export function createTimeWatch(ports: Ports): TimeWatch {
  const { clock, journal, memory, consent, gate, log } = ports
  const lastChange: Signal<TimeChange | undefined> = createSignal<TimeChange | undefined>(undefined)
  const problem: Signal<Problem | undefined> = createSignal<Problem | undefined>(undefined)
  let shown = clock.zone()
  let before = readClocks()
  let unwrittenMs = 0
  /** Only this code stores it, and reading it every second would be most of its cost. */
  let recorded: string | undefined
  /** The zone that waits to be stored while the disk is full. */
  let unkept: string | undefined
  let failure: string | undefined

  return {
    lastChange,
    problem,
    // As soon as there may be records too: the zone in which they begin is the one that a change is from.
    run: signal => everyOrOnChange(lookMs, [consent, gate], look, clock, signal),
  }

  function look(): void {
    try {
      lookAtClock()
      lookAtZone()
      failure = undefined
    } catch (error) {
      // A full journal must not end the watch; other code shows that problem already.
      const found = toProblem(error)
      if (found.code !== failure) log({ event: 'time-watch-failed', ...found })
      failure = found.code
    }
  }

  function lookAtClock(): void {
    const after = readClocks()
    const byMs = wallJumpMs(before, after)
    before = after
    if (byMs !== 0) {
      ports.onClockSet(byMs)
      lastChange.value = { kind: 'clock', at: isoOf(clock.now()), by_ms: byMs }
      if (consent.value) unwrittenMs += byMs
    }
    if (unwrittenMs === 0) return
    journal.append({ kind: 'clock.changed', by_ms: unwrittenMs })
    unwrittenMs = 0
  }

  function lookAtZone(): void {
    const carried = clock.zone()
    const found = clock.readZone()
    const said = found.problem && toProblem(found.problem)
    if (said?.detail !== problem.value?.detail) problem.value = said
    const now = clock.now()
    if (found.zone !== shown) {
      lastChange.value = { kind: 'zone', at: isoOf(now), from: shown, to: found.zone }
      shown = found.zone
    }
    recorded ??= memory.get('zone')
    if (recorded === undefined && !consent.value) return
    // Earlier records, the consent itself first, state the zone that was known then.
    unkept ??= carried
    const from = recorded ?? keep(unkept)
    if (!gate.value || from === found.zone) return
    journal.append({ kind: 'zone.changed', from: placeIn(from, now), to: placeIn(found.zone, now) })
    keep(found.zone)
  }

  function keep(zone: string): string {
    memory.set('zone', zone)
    recorded = zone
    return zone
  }

  function placeIn(zone: string, now: Temporal.Instant) {
    return { zone, offset: offsetAt(now, zone) }
  }

  function readClocks(): ClockReading {
    return { wallMs: clock.now().epochMilliseconds, uptimeMs: clock.uptimeMs() }
  }
}
