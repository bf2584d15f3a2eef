import { assertAppError } from '../../protocol/assert-app-error.ts'
import { consentVersion } from '../../protocol/consent.ts'
import { AppError, type Problem } from '../../protocol/errors.ts'
import type { Journal } from '../journal/ports.ts'
import { isoOf } from '../kernel/instants.ts'
import { signalUntilChange, sleepUntilAborted } from '../kernel/lifetime.ts'
import type { Clock, Memory } from '../kernel/ports.ts'
import { computed, createSignal, type ReadonlySignal, type Signal, watch } from '../kernel/signals.ts'
import { controlPause, type PauseControl } from './control-pause.ts'
import type { TrackingFacts } from './ports.ts'
import { type Conditions, mayRecord } from './tracking-state.ts'

export type Suspension = NonNullable<Conditions['suspension']>

/** Consent, pause and suspension, which decide whether anything may be recorded. */
export type Control = PauseControl & {
  consent: ReadonlySignal<TrackingFacts['consent'] | undefined>
  suspension: ReadonlySignal<Suspension | undefined>
  /** Why recording is not possible although it is wanted: a limit that is reached. */
  obstacle: ReadonlySignal<Problem | undefined>
  /** True while recording is allowed. */
  gate: ReadonlySignal<boolean>
  /** Since when the gate has been open, undefined while it is closed. */
  openSince: ReadonlySignal<string | undefined>
  /** @throws AppError CONSENT_NEEDED when the text is not the current one, DISK_FULL | STORE_NOT_WRITABLE */
  acknowledge(textVersion: number, by?: string): void
  /** Takes effect even when it cannot be stored; then it throws afterwards. It is no error when there is none. */
  withdraw(by: string): void
  suspend(suspension: Suspension): void
  unsuspend(): void
  block(problem: Problem): void
  unblock(): void
}

type Ports = {
  clock: Clock
  journal: Journal
  memory: Memory<TrackingFacts>
  /** Why nothing may be recorded although all else allows it. */
  hindrance?: ReadonlySignal<Problem | undefined>
}

export function controlTracking(
  { clock, journal, memory, hindrance = createSignal<Problem | undefined>(undefined) }: Ports,
  signal: AbortSignal,
): Control {
  const consent = createSignal(currentConsent(memory))
  const pausing = controlPause({ clock, journal, memory, consent })
  const suspension: Signal<Suspension | undefined> = createSignal<Suspension | undefined>(undefined)
  const obstacle: Signal<Problem | undefined> = createSignal<Problem | undefined>(undefined)
  const gate = computed(() =>
    mayRecord({
      consentGiven: !!consent.value,
      pause: pausing.pause.value,
      suspension: suspension.value,
      obstacle: obstacle.value ?? hindrance.value,
    }),
  )
  const openFromNow = () => (gate.value ? isoOf(clock.now()) : undefined)
  const openSince = createSignal(openFromNow())
  watch(
    gate,
    () => {
      openSince.value = openFromNow()
    },
    signal,
  )

  return {
    ...pausing,
    consent,
    suspension,
    obstacle,
    gate,
    openSince,

    acknowledge(textVersion, by) {
      if (textVersion !== consentVersion)
        throw new AppError('CONSENT_NEEDED', { detail: 'the text has changed' })
      if (consent.value) return
      const given = { text_version: textVersion, at: isoOf(clock.now()) }
      // Stored before it counts: nothing may be recorded on a consent that a crash could forget.
      memory.set('consent', given)
      consent.value = given
      journal.append({ kind: 'consent.given', text_version: textVersion, ...(by && { by }) })
    },

    withdraw(by) {
      if (!consent.value) return
      consent.value = undefined
      memory.set('consent', undefined)
      journal.append({ kind: 'consent.withdrawn', by })
    },

    suspend(next) {
      const known = suspension.value
      suspension.value = known ? { ...next, since: known.since } : next
      if (!known && consent.value) journal.append({ kind: 'suspended', reason: next.reason })
    },

    unsuspend() {
      const known = suspension.value
      suspension.value = undefined
      if (known && consent.value) journal.append({ kind: 'unsuspended', reason: known.reason })
    },

    block(problem) {
      const known = obstacle.value
      obstacle.value = problem
      if (!known && consent.value) journal.append({ kind: 'suspended', reason: 'outbox-full' })
    },

    unblock() {
      const known = obstacle.value
      obstacle.value = undefined
      if (known && consent.value) journal.append({ kind: 'unsuspended', reason: 'outbox-full' })
    },
  }
}

/** A laptop may sleep for hours during a pause; checking this often bounds how late the pause ends. */
const longestNapMs = 30_000

/** Resumes by itself when a pause is over, and sees to it that a pause is stored. Runs until `signal` aborts. */
export async function endPauses(control: Control, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    using change = signalUntilChange([control.pause], signal)
    const leftMs = control.pauseLeftMs()
    try {
      if (leftMs <= 0) control.resume()
      else control.keepPause()
    } catch (error) {
      // Not stored, so not resumed: the gap must not look like tracked time. Tried again at the next look.
      assertAppError(error)
    }
    await sleepUntilAborted(Math.min(Math.max(leftMs, 1000), longestNapMs), clock, change.signal)
  }
}

/** An agreement to an older text does not count: the person is asked again. */
function currentConsent(memory: Memory<TrackingFacts>): TrackingFacts['consent'] | undefined {
  const kept = memory.get('consent')
  return kept?.text_version === consentVersion ? kept : undefined
}
