import { signalUntilChange, signalWhile, sleepUntilAborted, untilOrAborted } from './lifetime.ts'
import type { Clock } from './ports.ts'
import type { ReadonlySignal } from './signals.ts'

/** Works, then sleeps for `ms`, and so on until `signal` aborts. A function for `ms` is called after each time. */
export async function every(
  ms: number | (() => number),
  work: () => unknown,
  clock: Pick<Clock, 'sleep'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await work()
    if (!signal.aborted) await sleepUntilAborted(typeof ms === 'number' ? ms : ms(), clock, signal)
  }
}

/** The same, and at once when one of `sources` changes, also while it works. */
export async function everyOrOnChange(
  ms: number | (() => number),
  sources: readonly ReadonlySignal<unknown>[],
  work: () => unknown,
  clock: Pick<Clock, 'sleep'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    using change = signalUntilChange(sources, signal)
    await work()
    await sleepUntilAborted(typeof ms === 'number' ? ms : ms(), clock, change.signal)
  }
}

/** Runs `work` each time that `gate` is open, with a signal that aborts when it closes, until `signal` aborts. */
export async function whenever(
  gate: ReadonlySignal<boolean>,
  work: (session: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    if (!gate.value) await untilOrAborted(gate, open => open, signal)
    if (signal.aborted) return
    using session = signalWhile(gate, open => open, signal)
    await work(session.signal)
  }
}
