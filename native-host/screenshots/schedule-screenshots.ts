import type { Settings } from '../../protocol/settings.ts'
import { isoOf } from '../kernel/instants.ts'
import { signalUntilChange, sleepUntilAborted } from '../kernel/lifetime.ts'
import type { Clock, Memory } from '../kernel/ports.ts'
import { computed, createSignal, type ReadonlySignal, type Signal } from '../kernel/signals.ts'
import type { ScreenshotFacts } from './ports.ts'
import { nextRandomScreenshotAt, nextScreenshotAt } from './screenshot-schedule.ts'

type Ports = {
  memory: Memory<ScreenshotFacts>
  clock: Clock
  /** From 0 up to 1. */
  random: () => number
  settings: ReadonlySignal<Settings>
}

export type ScreenshotTimes = {
  next: ReadonlySignal<string | undefined>
  /** The schedule follows the wall clock as if it were never set: a change causes neither a gap nor a burst. */
  nowMs(): number
  /** Attempts count for the schedule, or a broken display would be tried without a pause. */
  noteAttempt(atMs: number): void
  /** Skips the screenshot that is due next. */
  waiveNext(): void
  /** Waits for each that is due and hands it to `onDue`, until `session` aborts. */
  run(onDue: (nowMs: number, session: AbortSignal) => Promise<void>, session: AbortSignal): Promise<void>
}

type State = {
  next: Signal<string | undefined>
  dueMs: number | undefined
  lastAttemptMs: Signal<number | undefined>
  /** The moment of the last screenshot that the person skipped. */
  waivedMs: Signal<number | undefined>
  nowMs: () => number
}

/** Timers stand still while the computer sleeps, and the shown time has to follow a clock that was set. */
const longestNapMs = 30_000

/** When the next screenshot is due, and the wait for it. */
export function scheduleScreenshots(ports: Ports): ScreenshotTimes {
  const { memory, clock } = ports
  const bootedMs = clock.now().epochMilliseconds - clock.uptimeMs()
  const last = memory.get('last_screenshot')
  const state: State = {
    next: createSignal<string | undefined>(undefined),
    dueMs: undefined,
    lastAttemptMs: createSignal(last === undefined ? undefined : Date.parse(last)),
    waivedMs: createSignal(waivedBefore(ports)),
    nowMs: () => Math.round(bootedMs + clock.uptimeMs()),
  }
  return {
    next: state.next,
    nowMs: state.nowMs,
    noteAttempt(atMs) {
      state.lastAttemptMs.value = atMs
    },
    waiveNext() {
      if (state.dueMs === undefined) return
      rememberWaived(ports, state.dueMs - state.nowMs())
      state.waivedMs.value = state.dueMs
    },
    run: (onDue, session) => followSchedule(ports, state, onDue, session),
  }
}

async function followSchedule(
  { clock, random, settings }: Ports,
  state: State,
  onDue: (nowMs: number, session: AbortSignal) => Promise<void>,
  session: AbortSignal,
): Promise<void> {
  const { lastAttemptMs, waivedMs } = state
  let sinceMs = state.nowMs()
  const interval = computed(() => settings.value.screenshot_interval)
  const timing = computed(() => settings.value.screenshot_timing)
  let draw = { afterMs: lastAttemptMs.value, share: random() }
  while (!session.aborted) {
    const nowMs = state.nowMs()
    // A time ahead is from a clock that was set back before this start; or the wait would begin anew each time.
    sinceMs = Math.min(sinceMs, nowMs)
    if ((lastAttemptMs.value ?? nowMs) > nowMs) lastAttemptMs.value = nowMs
    using change = signalUntilChange([interval, timing, lastAttemptMs, waivedMs], session)
    const intervalMs = interval.value * 1000
    const lastMs = laterOf(lastAttemptMs.value, waivedMs.value)
    // One draw for each screenshot: a change of a setting does not draw again.
    if (draw.afterMs !== lastMs) draw = { afterMs: lastMs, share: random() }
    // As if the skipped one had been taken at its moment, which may be ahead.
    const asOfMs = Math.max(nowMs, waivedMs.value ?? nowMs)
    const schedule = { nowMs: asOfMs, lastMs, sinceMs, intervalMs, share: draw.share }
    const dueMs = timing.value === 'random' ? nextRandomScreenshotAt(schedule) : nextScreenshotAt(schedule)
    state.dueMs = dueMs
    state.next.value = isoOf(clock.now().add({ milliseconds: dueMs - nowMs }))
    const napMs = Math.min(dueMs - nowMs, longestNapMs)
    if (napMs > 0) await sleepUntilAborted(napMs, clock, change.signal)
    else await onDue(nowMs, session)
  }
  state.next.value = undefined
  state.dueMs = undefined
}

/** A person who has read that it is not taken must not find it taken after a restart. */
function rememberWaived({ clock, memory }: Ports, inMs: number): void {
  const asked = clock.now()
  const due = asked.add({ milliseconds: inMs })
  try {
    memory.set('waived_screenshot', { asked: isoOf(asked), due: isoOf(due) })
  } catch {
    // On a full disk it holds until the next start; a screenshot could not be stored either.
  }
}

function waivedBefore({ clock, memory }: Ports): number | undefined {
  const waived = memory.get('waived_screenshot')
  // By a clock that was set back since, it could be due in a year.
  if (!waived || Date.parse(waived.asked) > clock.now().epochMilliseconds) return undefined
  return Date.parse(waived.due)
}

function laterOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}
