import { effect, type ReadonlySignal, untracked } from '@preact/signals-core'

/**
 * Values that other parts may watch: one part sets a value and another reacts, such as the settings or
 * whether tracking is allowed. A `computed` value records its own dependencies.
 */
export { computed, type ReadonlySignal, type Signal, signal as createSignal } from '@preact/signals-core'

/**
 * Calls `listener` at every change until `signal` aborts, and not for the current value. Values that the
 * listener reads are not watched.
 */
export function watch<T>(source: ReadonlySignal<T>, listener: (value: T) => void, signal: AbortSignal): void {
  if (signal.aborted) return
  let isFirst = true
  const end = effect(() => {
    const { value } = source
    if (isFirst) isFirst = false
    else if (!signal.aborted) untracked(() => listener(value))
  })
  signal.addEventListener('abort', end, { once: true })
}

/** Resolves once `accept` holds for the value; rejects with the signal's reason. */
export function until<T>(
  source: ReadonlySignal<T>,
  accept: (value: T) => boolean,
  signal: AbortSignal,
): Promise<T> {
  if (accept(source.value)) return Promise.resolve(source.value)
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const done = new AbortController()
    const giveUp = () => {
      done.abort()
      reject(signal.reason)
    }
    signal.addEventListener('abort', giveUp, { once: true, signal: done.signal })
    watch(
      source,
      value => {
        if (!accept(value)) return
        done.abort()
        resolve(value)
      },
      done.signal,
    )
  })
}
