import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { Counts, Entry } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import { type Cell, createCell, type ReadonlyCell, until } from '../core/cell.ts'
import { createDetector, type DetectorLimits } from '../core/genuineness/detector.ts'
import { genuinenessOf } from '../core/genuineness/interval-verdict.ts'
import { createProvenance, type ProvenanceLimits } from '../core/genuineness/provenance.ts'
import type { InputListener } from '../core/input-event.ts'
import {
  activityLine,
  addCounts,
  addEvents,
  countsIn,
  countsOf,
  markUsed,
  noCounts,
  openWindow,
} from '../core/input-window.ts'
import { isoOf } from '../core/instants.ts'
import { endsInterval, msToIntervalEnd } from '../core/interval-grid.ts'
import { canJoin, joinIntervals } from '../core/join-intervals.ts'
import { signalUntilChange, signalWhile, unlessAborted } from '../core/lifetime.ts'
import type { Presence } from '../core/presence.ts'
import type { Touch } from '../core/presence-signs.ts'
import type { Clock, InputSource, InputState, Journal } from '../ports.ts'

type Interval = Extract<Entry, { kind: 'interval' }>

type Ports = {
  input: InputSource
  clock: Clock
  journal: Journal
  settings: ReadonlyCell<Settings>
  gate: ReadonlyCell<boolean>
  presence: ReadonlyCell<Presence>
  /** Whether devices are used, as far as the system tells without saying how. */
  touch: ReadonlyCell<Touch | undefined>
}

/** What others may see of the counting while it goes on. */
export type Activity = {
  input: Cell<InputState>
  /** Why records cannot be stored; undefined while they can. */
  storeProblem: Cell<Problem | undefined>
  /** The last interval that was stored. */
  lastInterval: Cell<Interval | undefined>
  /** Rises with every batch of events. */
  seen: Cell<number>
  /** Of the last event, on the monotonic clock. */
  lastEventAt(): number | undefined
  /** Counted but not stored yet. */
  unsaved(): Counts
  /** Who else hears of every event. */
  recordings: Cell<ReadonlySet<InputListener>>
  /** The person says that it was them: what was seen so far speaks against nobody any more. */
  judgeAnew(): void
}

/**
 * An hour of intervals that could not be stored. More are added to those: counts are never thrown away, and memory
 * stays bounded.
 */
const mostWaiting = 360

/** How often storing is tried again while it fails. */
const retryMs = 2000

export function createActivity(ports: Ports): Activity & { run(signal: AbortSignal): Promise<void> } {
  const { input, clock, journal, settings, gate, presence, touch } = ports
  const waiting: Entry[] = []
  let detector = createDetector(limitsNow)
  let provenance = createProvenance(provenanceLimitsNow)
  let window = openWindow(clock.monotonicMs())
  let openedAt = clock.now()
  let lastEventAt: number | undefined
  let lost = false
  /** Since when devices are used although input is not counted. */
  let stirringSince: number | undefined
  /** Of this window: input was not counted, or not all of it. */
  let incomplete: true | undefined

  const activity: Activity = {
    input: createCell<InputState>({ kind: 'off' }),
    storeProblem: createCell<Problem | undefined>(undefined),
    lastInterval: createCell<Interval | undefined>(undefined),
    seen: createCell(0),
    lastEventAt: () => lastEventAt,
    recordings: createCell<ReadonlySet<InputListener>>(new Set()),
    judgeAnew() {
      detector = createDetector(limitsNow)
      provenance = createProvenance(provenanceLimitsNow)
    },
    unsaved: () =>
      waiting
        .filter(isInterval)
        .reduce<Counts>((sum, interval) => addCounts(sum, countsIn(interval)), countsOf(window)),
  }

  return {
    ...activity,
    async run(signal) {
      while (!signal.aborted) {
        if (gate.value) await trackWhileAllowed(signal)
        else if (waiting.length > 0) await storeWhilePaused(signal)
        else
          await unlessAborted(
            until(gate, open => open, signal),
            signal,
          )
      }
    },
  }

  async function trackWhileAllowed(outer: AbortSignal): Promise<void> {
    using allowed = signalWhile(gate, open => open, outer)
    const { signal } = allowed
    // Where the pointer went while nobody was allowed to look must not show as a distance or a jump.
    openNextWindow(undefined)
    activity.judgeAnew()
    noteTouch(touch.value)
    touch.watch(noteTouch, signal)
    const listening = input.listen(
      { onEvents: take, onState: noteState, onSources: sources => provenance.observe(sources) },
      signal,
    )
    while (!signal.aborted) {
      const restMs = msToIntervalEnd(clock.now().epochMilliseconds)
      await unlessAborted(
        clock.sleep(waiting.length > 0 ? Math.min(restMs, retryMs) : restMs, signal),
        signal,
      )
      if (signal.aborted) break
      if (endsInterval(openedAt.epochMilliseconds, clock.now().epochMilliseconds)) closeInterval()
      else storeWaiting()
    }
    // The last events arrive before this resolves; they belong to the last, shorter interval.
    await listening
    closeInterval()
    activity.input.set({ kind: 'off' })
  }

  async function storeWhilePaused(outer: AbortSignal): Promise<void> {
    using change = signalUntilChange([gate], outer)
    await unlessAborted(clock.sleep(retryMs, change.signal), change.signal)
    storeWaiting()
  }

  function take(events: Parameters<typeof addEvents>[1]): void {
    addEvents(window, events)
    detector.observe(events)
    for (const listen of activity.recordings.value) listen(events)
    lastEventAt = window.lastEventAt ?? lastEventAt
    activity.seen.set(activity.seen.value + 1)
  }

  function noteState(state: InputState): void {
    activity.input.set(state)
    if (state.kind === 'unavailable') incomplete = true
    if (state.kind === 'unavailable' && !lost) {
      lost = true
      store({ kind: 'input.lost', code: state.problem.code })
    }
    if (state.kind === 'counting' && lost) {
      lost = false
      store({ kind: 'input.restored' })
    }
  }

  /** Devices are used, or no longer: all that is known of the activity while input is not counted. */
  function noteTouch(next: Touch | undefined): void {
    markStirring(next?.kind === 'still' ? next.sinceMs : clock.monotonicMs())
    stirringSince = next?.kind === 'stirring' ? next.sinceMs : undefined
  }

  function markStirring(until: number): void {
    if (stirringSince !== undefined && isUnseen()) markUsed(window, stirringSince, until)
  }

  function isUnseen(): boolean {
    return activity.input.value.kind === 'unavailable'
  }

  function closeInterval(): void {
    markStirring(clock.monotonicMs())
    const interval = describeInterval()
    openNextWindow(window.pointer)
    store(interval)
  }

  function store(entry: Entry): void {
    if (waiting.length < mostWaiting || !joinWaiting(entry)) waiting.push(entry)
    storeWaiting()
  }

  /** Whether the entry could be added to one that waits already. */
  function joinWaiting(entry: Entry): boolean {
    if (!isInterval(entry)) return false
    const fellow = waiting.filter(isInterval).findLast(other => canJoin(other, entry))
    if (!fellow) return false
    waiting[waiting.indexOf(fellow)] = joinIntervals(fellow, entry)
    return true
  }

  function storeWaiting(): void {
    for (let next = waiting[0]; next && append(next); next = waiting[0]) {
      waiting.shift()
      if (isInterval(next)) activity.lastInterval.set(next)
    }
  }

  function describeInterval(): Interval {
    const lengthMs = Math.round(clock.monotonicMs() - window.openedAt)
    const counts = countsOf(window)
    const closedAt = clock.monotonicMs()
    detector.settle(closedAt)
    const genuineness = genuinenessOf(
      [...detector.take(), detector.current()],
      { ...provenance.conclude(), verdict: settings.value.injected_input },
      { from: window.openedAt, to: closedAt },
      at => isoOf(clock.now().subtract({ milliseconds: Math.round(closedAt - at) })),
    )
    const discard = genuineness.verdict !== 'genuine' && settings.value.scripted_input === 'discard'
    const activityPerSecond = activityLine(window, lengthMs)
    return {
      kind: 'interval',
      from: isoOf(openedAt),
      length_ms: lengthMs,
      ...(discard ? noCounts : counts),
      activity: discard ? activityPerSecond.replaceAll('1', '0') : activityPerSecond,
      ...(incomplete && { incomplete }),
      presence: presence.value.kind,
      genuineness,
      ...(discard && { discarded: counts }),
    }
  }

  function openNextWindow(pointer: typeof window.pointer): void {
    window = openWindow(clock.monotonicMs(), pointer)
    openedAt = clock.now()
    incomplete = isUnseen() ? true : undefined
  }

  /** Whether it was stored. What prevents storing is a state that everyone can see, and it is tried again. */
  function append(entry: Entry): boolean {
    try {
      journal.append(entry)
      activity.storeProblem.set(undefined)
      return true
    } catch (error) {
      activity.storeProblem.set(toProblem(error))
      return false
    }
  }

  function provenanceLimitsNow(): ProvenanceLimits {
    const { injected_input, trusted_devices } = settings.value
    return { injected: injected_input, trusted: trusted_devices.split(',').map(name => name.trim()) }
  }

  function limitsNow(): DetectorLimits {
    const { strictness, scripted_activity_threshold } = settings.value
    return { strictness, jumpPx: scripted_activity_threshold }
  }
}

function isInterval(entry: Entry): entry is Interval {
  return entry.kind === 'interval'
}
