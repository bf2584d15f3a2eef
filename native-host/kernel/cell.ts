/**
 * A value that others may watch: what one flow knows and another acts on, such as the settings or whether
 * tracking is allowed. It holds no history and makes no promise about timing but this: a watcher is called
 * after every `set` to a different value, in the order of subscription.
 */
export type Cell<T> = ReadonlyCell<T> & { set(value: T): void }

export type ReadonlyCell<T> = {
  readonly value: T
  /** Calls `listener` at every change until `signal` aborts. */
  watch(listener: (value: T) => void, signal: AbortSignal): void
}

export function createCell<T>(initial: T): Cell<T> {
  let value = initial
  const listeners = new Set<(value: T) => void>()
  return {
    get value() {
      return value
    },
    set(next) {
      if (Object.is(next, value)) return
      value = next
      // A listener may end others, or set the cell again: nobody is called late or left with an old value.
      for (const listener of [...listeners]) if (listeners.has(listener)) listener(value)
    },
    watch(listener, signal) {
      if (signal.aborted) return
      listeners.add(listener)
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true })
    },
  }
}

/** A cell computed from others. */
export function deriveCell<T>(
  sources: readonly ReadonlyCell<unknown>[],
  compute: () => T,
  signal: AbortSignal,
): ReadonlyCell<T> {
  const cell = createCell(compute())
  for (const source of sources) source.watch(() => cell.set(compute()), signal)
  return cell
}

/** Resolves once `accept` holds for the value; rejects with the signal's reason. */
export function until<T>(
  cell: ReadonlyCell<T>,
  accept: (value: T) => boolean,
  signal: AbortSignal,
): Promise<T> {
  if (accept(cell.value)) return Promise.resolve(cell.value)
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const done = new AbortController()
    const giveUp = () => {
      done.abort()
      reject(signal.reason)
    }
    signal.addEventListener('abort', giveUp, { once: true, signal: done.signal })
    cell.watch(value => {
      if (!accept(value)) return
      done.abort()
      resolve(value)
    }, done.signal)
  })
}
