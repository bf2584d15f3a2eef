import type { Clock } from './ports.ts'
import { type ReadonlySignal, until, watch } from './signals.ts'

/**
 * A signal that aborts when `accept` stops holding for the value, or with `outer`. For work that may only run while
 * something is allowed: `using allowed = signalWhile(…)` and pass `allowed.signal` on.
 */
export function signalWhile<T>(source: ReadonlySignal<T>, accept: (value: T) => boolean, outer: AbortSignal) {
  const ended = new AbortController()
  const released = new AbortController()
  const end = () => ended.abort(new Interrupted())
  if (outer.aborted || !accept(source.value)) end()
  else {
    outer.addEventListener('abort', end, { once: true, signal: released.signal })
    watch(source, value => !accept(value) && end(), released.signal)
  }
  return {
    signal: ended.signal,
    [Symbol.dispose]: () => released.abort(),
  }
}

/** A signal that aborts at the next change of any of the values, or with `outer`: for sleeps that a change ends early. */
export function signalUntilChange(sources: readonly ReadonlySignal<unknown>[], outer: AbortSignal) {
  const changed = new AbortController()
  const released = new AbortController()
  const end = () => changed.abort(new Interrupted())
  if (outer.aborted) end()
  else {
    outer.addEventListener('abort', end, { once: true, signal: released.signal })
    for (const source of sources) watch(source, end, released.signal)
  }
  return {
    signal: changed.signal,
    [Symbol.dispose]: () => released.abort(),
  }
}

/** The reason of these signals: nothing failed, the caller has to check again. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted')
    this.name = 'Interrupted'
  }
}

/** Settles like `promise`, unless one of `signals` aborts first: then it rejects with the reason of that signal. */
export async function settledBefore<T>(promise: Promise<T>, ...signals: readonly AbortSignal[]): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const released = new AbortController()
  for (const signal of signals) {
    if (signal.aborted) aborted.reject(signal.reason)
    signal.addEventListener('abort', () => aborted.reject(signal.reason), { signal: released.signal })
  }
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    released.abort()
  }
}

/** Waits for `work`, and treats an abort of `signal` as an ordinary end. */
export async function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** Sleeps for `ms`, or until `signal` aborts. */
export function sleepUntilAborted(
  ms: number,
  clock: Pick<Clock, 'sleep'>,
  signal: AbortSignal,
): Promise<void> {
  return unlessAborted(clock.sleep(ms, signal), signal)
}

/** Resolves once `accept` holds for the value, or when `signal` aborts. */
export function untilOrAborted<T>(
  source: ReadonlySignal<T>,
  accept: (value: T) => boolean,
  signal: AbortSignal,
): Promise<void> {
  return unlessAborted(until(source, accept, signal), signal)
}
