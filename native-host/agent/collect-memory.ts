import { type ReadonlySignal, watch } from '../kernel/signals.ts'

/** Ten minutes of work, in intervals of ten seconds. */
const intervalsBetween = 60

/**
 * V8 keeps garbage and unused code while there is room: two megabytes an hour of steady work. Malloc keeps
 * some of its own, which the caller gives back. A collection takes some 40 ms and follows work only, because
 * a tracker at rest makes next to no garbage.
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
