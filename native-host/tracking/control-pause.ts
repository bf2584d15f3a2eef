import { AppError } from '../../protocol/errors.ts'
import type { Journal } from '../journal/ports.ts'
import { isoOf } from '../kernel/instants.ts'
import type { Clock, Memory } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal } from '../kernel/signals.ts'
import type { TrackingFacts } from './ports.ts'

type Pause = TrackingFacts['pause']

type Ports = {
  clock: Clock
  journal: Journal
  memory: Memory<TrackingFacts>
  consent: ReadonlySignal<TrackingFacts['consent'] | undefined>
}

export type PauseControl = {
  pause: ReadonlySignal<Pause | undefined>
  /** Takes effect even when it cannot be stored; then it throws afterwards. */
  pauseUntil(until: string | null, by?: string): void
  /** Stores a pause that could not be stored when it began, or the next start would end it. Repeating is harmless. */
  keepPause(): void
  /**
   * The wall clock was set. The pause stays as long as it was meant to be, so its end is another on the new
   * clock: a quarter of an hour must not become a day, nor be over before its time.
   */
  followClock(): void
  /** How long the pause still lasts, independent of the wall clock: infinitely without an end or a pause. */
  pauseLeftMs(): number
  /** Without `by`: its time is up. */
  resume(by?: string): void
}

type State = {
  pause: Signal<Pause | undefined>
  isKept: boolean
  /** From when to when, on the clock that is never set. */
  lasting: { sinceMs: number; untilMs: number } | undefined
}

export function controlPause(ports: Ports): PauseControl {
  const { clock, memory } = ports
  const kept = memory.get('pause')
  const state: State = { pause: createSignal(kept), isKept: true, lasting: kept && onUptime(clock, kept) }
  return {
    pause: state.pause,
    pauseUntil: (until, by) => pauseUntil(ports, state, until, by),
    keepPause: () => keepPause(ports, state),
    followClock: () => followClock(ports, state),
    pauseLeftMs: () => (state.lasting ? state.lasting.untilMs - clock.uptimeMs() : Number.POSITIVE_INFINITY),
    resume: by => resume(ports, state, by),
  }
}

function pauseUntil(ports: Ports, state: State, until: string | null, by: string | undefined): void {
  const { clock, consent } = ports
  const { pause } = state
  if (!consent.value) throw new AppError('CONSENT_NEEDED')
  const paused = { since: pause.value?.since ?? isoOf(clock.now()), until, ...(by && { by }) }
  // The other way round than consent: recording stops first, also when the disk takes nothing.
  state.lasting = onUptime(clock, paused)
  pause.value = paused
  state.isKept = false
  keepPause(ports, state)
}

function keepPause({ memory, journal }: Ports, state: State): void {
  const { pause } = state
  if (state.isKept || !pause.value) return
  memory.set('pause', pause.value)
  const { until, by } = pause.value
  journal.append({ kind: 'paused', until, ...(by && { by }) })
  state.isKept = true
}

function followClock({ clock }: Ports, state: State): void {
  if (!state.lasting) return
  const { sinceMs, untilMs } = state.lasting
  const shown = (uptimeMs: number) =>
    isoOf(clock.now().add({ milliseconds: Math.round(uptimeMs - clock.uptimeMs()) }))
  state.isKept = false
  state.pause.value = {
    ...state.pause.value,
    since: shown(sinceMs),
    until: Number.isFinite(untilMs) ? shown(untilMs) : null,
  }
}

function resume({ memory, journal }: Ports, state: State, by: string | undefined): void {
  if (!state.pause.value) return
  memory.set('pause', undefined)
  state.lasting = undefined
  // The record comes after the gate has opened: it is the first proof that storing works.
  state.pause.value = undefined
  journal.append({ kind: 'resumed', ...(by && { by }) })
}

function onUptime(clock: Clock, { since, until }: Pause): NonNullable<State['lasting']> {
  const startedMs = clock.now().epochMilliseconds - clock.uptimeMs()
  return {
    sinceMs: Date.parse(since) - startedMs,
    untilMs: until === null ? Number.POSITIVE_INFINITY : Date.parse(until) - startedMs,
  }
}
