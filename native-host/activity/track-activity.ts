import type { Counts } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { CountedInput, createCountedInput } from '../input/counted-input.ts'
import type { InputListener } from '../input/input-event.ts'
import {
  addCounts,
  addEvents,
  countsOf,
  hasEvents,
  type InputWindow,
  markUsed,
  openWindow,
} from '../input/input-window.ts'
import type { InputSource, InputState } from '../input/ports.ts'
import type { Journal } from '../journal/ports.ts'
import { signalUntilChange, signalWhile, sleepUntilAborted, untilOrAborted } from '../kernel/lifetime.ts'
import type { Clock } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal, watch } from '../kernel/signals.ts'
import type { Presence } from '../presence/presence.ts'
import type { DeviceActivity } from '../presence/presence-sources.ts'
import { describeInterval, describeOpen, type OpenInterval } from './describe-interval.ts'
import { endsInterval, msToIntervalEnd } from './interval-grid.ts'
import { type InputJudge, judgeInput } from './judge-input.ts'
import type { UnstoredCounts } from './ports.ts'
import { type ActivityStore, storeActivity } from './store-activity.ts'

type Ports = {
  input: InputSource
  /** What is counted shows here at once. */
  counted: ReturnType<typeof createCountedInput>
  clock: Clock
  journal: Journal
  unstored: Pick<UnstoredCounts, 'keep'>
  settings: ReadonlySignal<Settings>
  gate: ReadonlySignal<boolean>
  presence: ReadonlySignal<Presence>
  /** Device activity, where the system reports it without counts. */
  deviceActivity: ReadonlySignal<DeviceActivity | undefined>
}

/** What other parts may read while counting goes on. */
export type Activity = CountedInput &
  Pick<ActivityStore, 'storeProblem' | 'lastInterval' | 'lastExtended'> & {
    /** Counted but not stored yet. */
    unsaved(): Counts
    /** Other listeners for every event. */
    recordings: Signal<ReadonlySet<InputListener>>
    /** The person confirms the input as theirs: evidence collected so far is discarded. */
    judgeAnew(): void
    run(signal: AbortSignal): Promise<void>
  }

type Parts = Ports & { judge: InputJudge; store: ActivityStore; recordings: Activity['recordings'] }

type State = OpenInterval & {
  lost: boolean
  /** Since when devices are used although input is not counted. */
  activeSince: number | undefined
}

/** How often storing is tried again while it fails. */
const retryMs = 2000

export function trackActivity(ports: Ports): Activity {
  const { clock } = ports
  const state: State = {
    window: openWindow(clock.monotonicMs()),
    openedAt: clock.now(),
    incomplete: undefined,
    lost: false,
    activeSince: undefined,
  }
  const judge = judgeInput(ports)
  const store = storeActivity({
    ...ports,
    openInterval: () => describeOpen(ports, state, judge.verdictNow()),
  })
  const parts: Parts = {
    ...ports,
    judge,
    store,
    recordings: createSignal<ReadonlySet<InputListener>>(new Set()),
  }
  return {
    ...ports.counted,
    storeProblem: store.storeProblem,
    lastInterval: store.lastInterval,
    lastExtended: store.lastExtended,
    recordings: parts.recordings,
    judgeAnew: () => judgeAnew(parts),
    unsaved: () => addCounts(store.waiting.counts(), countsOf(state.window)),
    run: signal => track(parts, state, signal),
  }
}

async function track(parts: Parts, state: State, signal: AbortSignal): Promise<void> {
  const { gate, store } = parts
  while (!signal.aborted) {
    if (gate.value) await trackWhileAllowed(parts, state, signal)
    else if (!store.waiting.isEmpty) await storeWhilePaused(parts, signal)
    else await untilOrAborted(gate, open => open, signal)
  }
}

async function trackWhileAllowed(parts: Parts, state: State, outer: AbortSignal): Promise<void> {
  const { clock, counted, deviceActivity, gate, input, judge, store } = parts
  using allowed = signalWhile(gate, open => open, outer)
  const { signal } = allowed
  // Pointer movement while nothing was counted must not appear as a distance or a jump.
  openNextWindow(parts, state, undefined)
  judgeAnew(parts)
  noteDeviceActivity(parts, state, deviceActivity.value)
  watch(deviceActivity, next => noteDeviceActivity(parts, state, next), signal)
  let endedAt = Number.POSITIVE_INFINITY
  signal.addEventListener('abort', () => {
    endedAt = clock.monotonicMs()
  })
  const listening = input.listen(
    {
      // The hook ends a moment later, and what is done in a pause belongs to the person alone.
      onEvents: events =>
        take(
          parts,
          state,
          events.filter(({ at }) => at <= endedAt),
        ),
      onState: next => noteInputState(parts, state, next),
      onSources: judge.noteSources,
      onPointerKeys: judge.notePointerKeys,
      closely: judge.closely,
    },
    signal,
  )
  while (!signal.aborted) {
    const restMs = msToIntervalEnd(clock.now().epochMilliseconds)
    await sleepUntilAborted(store.waiting.isEmpty ? restMs : Math.min(restMs, retryMs), clock, signal)
    if (signal.aborted) break
    if (endsInterval(state.openedAt.epochMilliseconds, clock.now().epochMilliseconds))
      closeInterval(parts, state)
    else store.storeWaiting()
  }
  // At once: when the person reads that tracking is paused, the counts they saw must be on the disk.
  closeInterval(parts, state)
  // Events still in transit arrive before this resolves.
  await listening
  if (hasEvents(state.window)) closeInterval(parts, state)
  counted.input.value = { kind: 'off' }
}

async function storeWhilePaused({ clock, gate, store }: Parts, outer: AbortSignal): Promise<void> {
  using change = signalUntilChange([gate], outer)
  await sleepUntilAborted(retryMs, clock, change.signal)
  store.storeWaiting()
}

function judgeAnew({ judge, store }: Parts): void {
  // A waiting verdict must not be stored after its withdrawal.
  store.storeWaiting()
  judge.forget()
}

function take(parts: Parts, { window }: State, events: Parameters<InputListener>[0]): void {
  const { counted, judge, recordings, store } = parts
  addEvents(window, events)
  judge.observe(events)
  for (const listen of recordings.value) listen(events)
  if (window.lastEventAt !== undefined) counted.lastEventAt.value = window.lastEventAt
  store.keepUnstored()
  counted.seen.value = counted.seen.value + 1
}

function noteInputState({ counted, store }: Parts, state: State, next: InputState): void {
  counted.input.value = next
  if (next.kind === 'unavailable') state.incomplete = true
  if (next.kind === 'unavailable' && !state.lost) {
    state.lost = true
    store.waiting.add({ kind: 'input.lost', code: next.problem.code })
    store.storeWaiting()
  }
  if (next.kind === 'counting' && state.lost) {
    state.lost = false
    store.waiting.add({ kind: 'input.restored' })
    store.storeWaiting()
  }
}

/** Device activity begins or ends: all that is known of the activity while input is not counted. */
function noteDeviceActivity(parts: Parts, state: State, next: DeviceActivity | undefined): void {
  markActive(parts, state, next?.kind === 'still' ? next.sinceMs : parts.clock.monotonicMs())
  state.activeSince = next?.kind === 'active' ? next.sinceMs : undefined
  parts.store.keepUnstored()
}

function markActive(ports: Ports, { window, activeSince }: State, until: number): void {
  if (activeSince !== undefined && isUnseen(ports)) markUsed(window, activeSince, until)
}

function isUnseen({ counted }: Ports): boolean {
  return counted.input.value.kind === 'unavailable'
}

function closeInterval(parts: Parts, state: State): void {
  const { clock, judge, store } = parts
  const span = { from: state.window.openedAt, to: clock.monotonicMs() }
  markActive(parts, state, span.to)
  const { spans, ...judged } = judge.judge(span)
  const interval = describeInterval(parts, state, span.to, judged)
  openNextWindow(parts, state, state.window.pointer)
  // Earlier intervals first: an agent that starts after a kill in between knows nothing of the stretch.
  for (const extension of judge.extend(spans)) store.waiting.addExtension(extension)
  const place = store.waiting.addInterval(interval, clock.zone())
  if (interval.genuineness.verdict === 'genuine') judge.presumeGenuine(interval, span, place)
  store.storeWaiting()
}

function openNextWindow(ports: Ports, state: State, pointer: InputWindow['pointer']): void {
  state.window = openWindow(ports.clock.monotonicMs(), pointer)
  state.openedAt = ports.clock.now()
  state.incomplete = isUnseen(ports) ? true : undefined
}
