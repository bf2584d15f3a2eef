import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { Counts, Entry, Genuineness, JournalRecord } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import { createDetector, type DetectorLimits } from '../detection/detector.ts'
import { type ExtendedVerdict, extendVerdict } from '../detection/extend-verdict.ts'
import { genuinenessOf, type JudgedSpan, judgedSpans } from '../detection/interval-verdict.ts'
import { createJudgeBySource } from '../detection/judge-by-source.ts'
import { createPresumedGenuine } from '../detection/presumed-genuine.ts'
import { createProvenance, type ProvenanceLimits, trustOf } from '../detection/provenance.ts'
import { trustsAny } from '../detection/trusted-sources.ts'
import type { InputListener } from '../input/input-event.ts'
import {
  activityLine,
  addCounts,
  addEvents,
  countsIn,
  countsOf,
  hasEvents,
  markUsed,
  noCounts,
  openWindow,
} from '../input/input-window.ts'
import type { InputSource, InputState } from '../input/ports.ts'
import type { Journal } from '../journal/ports.ts'
import { isoOf } from '../kernel/instants.ts'
import { signalUntilChange, signalWhile, unlessAborted } from '../kernel/lifetime.ts'
import type { Clock } from '../kernel/ports.ts'
import { computed, createSignal, type ReadonlySignal, type Signal, until, watch } from '../kernel/signals.ts'
import type { Presence } from '../presence/presence.ts'
import type { DeviceActivity } from '../presence/presence-sources.ts'
import { endOf } from './flagged-stretch.ts'
import { endsInterval, msToIntervalEnd } from './interval-grid.ts'
import type { UnstoredCounts } from './ports.ts'
import { type UnstoredInterval, withoutTimes } from './unstored-intervals.ts'
import { createWaitingEntries } from './waiting-entries.ts'

type Interval = Extract<Entry, { kind: 'interval' }>

type Ports = {
  input: InputSource
  clock: Clock
  journal: Journal
  unstored: Pick<UnstoredCounts, 'keep'>
  settings: ReadonlySignal<Settings>
  gate: ReadonlySignal<boolean>
  presence: ReadonlySignal<Presence>
  /** Whether devices are used, as far as the system tells without saying how. */
  deviceActivity: ReadonlySignal<DeviceActivity | undefined>
}

/** What others may see of the counting while it goes on. */
export type Activity = {
  input: Signal<InputState>
  /** Why records cannot be stored; undefined while they can. */
  storeProblem: Signal<Problem | undefined>
  /** The last interval that was stored. */
  lastInterval: Signal<Interval | undefined>
  /** The last verdict that reached back over intervals which were stored as genuine. */
  lastExtended: Signal<ExtendedVerdict | undefined>
  /** Rises with every batch of events. */
  seen: Signal<number>
  /** Of the last event, on the monotonic clock. */
  lastEventAt(): number | undefined
  /** Counted but not stored yet. */
  unsaved(): Counts
  /** Who else hears of every event. */
  recordings: Signal<ReadonlySet<InputListener>>
  /** The person says that it was them: what was seen so far speaks against nobody any more. */
  judgeAnew(): void
}

/** An hour of intervals that could not be stored. */
const mostWaiting = 360

/** How often storing is tried again while it fails. */
const retryMs = 2000

export function createActivity(ports: Ports): Activity & { run(signal: AbortSignal): Promise<void> } {
  const { input, clock, journal, unstored, settings, gate, presence, deviceActivity } = ports
  const waiting = createWaitingEntries(mostWaiting)
  const presumedGenuine = createPresumedGenuine()
  let detector = createDetector(limitsNow)
  let provenance = createProvenance(provenanceLimitsNow)
  const trustNow = () => trustOf(provenanceLimitsNow())
  const judge = createJudgeBySource(trustNow, {
    observe: events => detector.observe(events),
    passOver: events => detector.passOver(events),
  })
  let window = openWindow(clock.monotonicMs())
  let openedAt = clock.now()
  let lastEventAt: number | undefined
  let lost = false
  /** Since when devices are used although input is not counted. */
  let activeSince: number | undefined
  /** Of this window: input was not counted, or not all of it. */
  let incomplete: true | undefined
  /** On the interval before this one. */
  let lastVerdict: Genuineness['verdict'] = 'genuine'

  const activity: Activity = {
    input: createSignal<InputState>({ kind: 'off' }),
    storeProblem: createSignal<Problem | undefined>(undefined),
    lastInterval: createSignal<Interval | undefined>(undefined),
    lastExtended: createSignal<ExtendedVerdict | undefined>(undefined),
    seen: createSignal(0),
    lastEventAt: () => lastEventAt,
    recordings: createSignal<ReadonlySet<InputListener>>(new Set()),
    judgeAnew() {
      // A verdict that waits must not come after its withdrawal.
      storeWaiting()
      presumedGenuine.forget()
      judge.forget()
      detector = createDetector(limitsNow)
      provenance = createProvenance(provenanceLimitsNow)
      lastVerdict = 'genuine'
    },
    unsaved: () => addCounts(waiting.counts(), countsOf(window)),
  }

  return {
    ...activity,
    async run(signal) {
      while (!signal.aborted) {
        if (gate.value) await trackWhileAllowed(signal)
        else if (!waiting.isEmpty) await storeWhilePaused(signal)
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
    noteDeviceActivity(deviceActivity.value)
    watch(deviceActivity, noteDeviceActivity, signal)
    const listening = input.listen(
      {
        onEvents: take,
        onState: noteState,
        onSources(sources) {
          provenance.observe(sources)
          judge.noteSources(sources)
        },
        onPointerKeys: judge.notePointerKeys,
        closely: computed(() => trustsAny(trustNow())),
      },
      signal,
    )
    while (!signal.aborted) {
      const restMs = msToIntervalEnd(clock.now().epochMilliseconds)
      await unlessAborted(clock.sleep(waiting.isEmpty ? restMs : Math.min(restMs, retryMs), signal), signal)
      if (signal.aborted) break
      if (endsInterval(openedAt.epochMilliseconds, clock.now().epochMilliseconds)) closeInterval()
      else storeWaiting()
    }
    // At once: whoever is told that it is paused may count on what they saw being on the disk.
    closeInterval()
    // What was still on its way arrives before this resolves.
    await listening
    if (hasEvents(window)) closeInterval()
    activity.input.value = { kind: 'off' }
  }

  async function storeWhilePaused(outer: AbortSignal): Promise<void> {
    using change = signalUntilChange([gate], outer)
    await unlessAborted(clock.sleep(retryMs, change.signal), change.signal)
    storeWaiting()
  }

  function take(events: Parameters<typeof addEvents>[1]): void {
    addEvents(window, events)
    judge.observe(events)
    for (const listen of activity.recordings.value) listen(events)
    lastEventAt = window.lastEventAt ?? lastEventAt
    keepUnstored()
    activity.seen.value = activity.seen.value + 1
  }

  function noteState(state: InputState): void {
    activity.input.value = state
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
  function noteDeviceActivity(next: DeviceActivity | undefined): void {
    markActive(next?.kind === 'still' ? next.sinceMs : clock.monotonicMs())
    activeSince = next?.kind === 'active' ? next.sinceMs : undefined
    keepUnstored()
  }

  function markActive(until: number): void {
    if (activeSince !== undefined && isUnseen()) markUsed(window, activeSince, until)
  }

  function isUnseen(): boolean {
    return activity.input.value.kind === 'unavailable'
  }

  function closeInterval(): void {
    const closedAt = clock.monotonicMs()
    const span = { from: window.openedAt, to: closedAt }
    markActive(closedAt)
    detector.settle(judge.judgedUntil(closedAt))
    const origin = provenance.conclude()
    const spans = judgedSpans(
      [...detector.take(), detector.current()],
      { ...origin, verdict: settings.value.injected_input },
      closedAt,
      at => isoOf(clock.now().subtract({ milliseconds: Math.round(closedAt - at) })),
    )
    const interval = describeInterval(closedAt, genuinenessOf(spans, origin, span))
    openNextWindow(window.pointer)
    lastVerdict = interval.genuineness.verdict
    // First what was before: killed in between, an agent that starts anew knows nothing of the stretch.
    extendVerdicts(spans)
    const place = waiting.addInterval(interval, clock.zone())
    if (interval.genuineness.verdict === 'genuine')
      presumedGenuine.add({
        ...span,
        began: interval.from,
        ended: endOf(interval),
        counts: countsIn(interval),
        place,
      })
    storeWaiting()
  }

  /** What was stored before the stretches were known is judged like what comes now. */
  function extendVerdicts(spans: readonly JudgedSpan[]): void {
    for (const span of spans.toReversed()) {
      const { genuineness } = span
      const extension = extendVerdict(presumedGenuine.take(span), genuineness, settings.value.scripted_input)
      if (extension) waiting.addExtension(extension)
    }
  }

  function store(entry: Entry): void {
    waiting.add(entry)
    storeWaiting()
  }

  function storeWaiting(): void {
    for (let next = waiting.next(); next; next = waiting.next()) {
      const record = append(next)
      if (!record) break
      waiting.stored(record)
      if (next.kind === 'interval') activity.lastInterval.value = next
      if (next.kind === 'verdict.extended') activity.lastExtended.value = next
    }
    keepUnstored()
  }

  /** Before they are shown: what a person has seen must not be gone when this process is. */
  function keepUnstored(): void {
    const open = window.activeSeconds.size > 0 ? [openInterval()] : []
    unstored.keep([...waiting.intervals().map(withoutTimes), ...open])
  }

  function openInterval(): UnstoredInterval {
    const verdict = detector.current()?.verdict ?? lastVerdict
    return {
      from: isoOf(openedAt),
      lengthMs: Math.round(clock.monotonicMs() - window.openedAt),
      ...countsOf(window),
      incomplete: incomplete === true,
      presence: presence.value.kind,
      verdict,
      discarded: verdict !== 'genuine' && settings.value.scripted_input === 'discard',
    }
  }

  function describeInterval(closedAt: number, genuineness: Genuineness): Interval {
    const lengthMs = Math.round(closedAt - window.openedAt)
    const counts = countsOf(window)
    const discard = genuineness.verdict !== 'genuine' && settings.value.scripted_input === 'discard'
    const activityPerSecond = activityLine(window, lengthMs)
    const trusted = judge.takeTrusted()
    return {
      kind: 'interval',
      from: isoOf(openedAt),
      length_ms: lengthMs,
      ...(discard ? noCounts : counts),
      activity: discard ? activityPerSecond.replaceAll('1', '0') : activityPerSecond,
      ...(incomplete && { incomplete }),
      presence: presence.value.kind,
      genuineness,
      ...(trusted.length > 0 && { trusted }),
      ...(discard && { discarded: counts }),
    }
  }

  function openNextWindow(pointer: typeof window.pointer): void {
    window = openWindow(clock.monotonicMs(), pointer)
    openedAt = clock.now()
    incomplete = isUnseen() ? true : undefined
  }

  /** What prevents storing is a state that everyone can see, and it is tried again. */
  function append(entry: Entry): JournalRecord | undefined {
    try {
      const record = journal.append(entry)
      activity.storeProblem.value = undefined
      return record
    } catch (error) {
      activity.storeProblem.value = toProblem(error)
      return undefined
    }
  }

  function provenanceLimitsNow(): ProvenanceLimits {
    const { injected_input, trusted_devices } = settings.value
    return { injected: injected_input, trusted: trusted_devices }
  }

  function limitsNow(): DetectorLimits {
    const { strictness, scripted_activity_threshold } = settings.value
    return { strictness, jumpPx: scripted_activity_threshold }
  }
}
