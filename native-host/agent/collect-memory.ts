import { type ReadonlySignal, watch } from '../kernel/signals.ts'

/** Ten minutes of work, in intervals of ten seconds. */
const intervalsBetween = 60

/**
 * V8 lets what is not needed any more pile up while there is room, and code that it does not run any more with it: two megabytes
 * an hour of steady work. Malloc keeps some of its own, which the caller gives back. Looking takes some 40 ms, and is done
 * after work alone: a tracker at rest makes next to nothing.
 *
 * @param collect undefined where the program was started without the flag of launch-agent.ts
 */
export function collectAfterWork(
  interval: ReadonlySignal<{ readonly active_seconds: number } | undefined>,
  collect: (() => void) | undefined,
  signal: AbortSignal,
): void {
  let worked = 0
  watch(
    interval,
    closed => {
      if (!closed || closed.active_seconds === 0) return
      worked++
      if (worked < intervalsBetween) return
      worked = 0
      collect?.()
    },
    signal,
  )
}
