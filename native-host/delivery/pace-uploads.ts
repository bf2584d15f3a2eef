import type { Settings } from '../../protocol/settings.ts'
import { signalUntilChange, sleepUntilAborted } from '../kernel/lifetime.ts'
import type { Clock } from '../kernel/ports.ts'
import { computed, type ReadonlySignal, watch } from '../kernel/signals.ts'

/** Asked before each piece is sent; resolves when it may be. Rejects with the signal's reason. */
export type Pace = (bytes: number, signal: AbortSignal) => Promise<void>

/**
 * Keeps all uploads together, and a single large one, within the limit of the settings. Follows a change of
 * it at once. Unused bandwidth does not accumulate: after a quiet hour the first second is as slow as any
 * other.
 */
export function createPace(
  { settings, clock }: { settings: ReadonlySignal<Settings>; clock: Clock },
  lifetime: AbortSignal,
): Pace {
  const limit = computed(() => settings.value.upload_limit)
  /** When all bytes admitted so far will have passed at this pace. */
  let freeAtMs = Number.NEGATIVE_INFINITY
  watch(
    limit,
    () => {
      freeAtMs = Number.NEGATIVE_INFINITY
    },
    lifetime,
  )

  return async (bytes, signal) => {
    for (;;) {
      signal.throwIfAborted()
      if (limit.value === 0) return
      const nowMs = clock.monotonicMs()
      if (freeAtMs <= nowMs) {
        // 1 kB/s is one byte in a millisecond.
        freeAtMs = nowMs + bytes / limit.value
        return
      }
      using change = signalUntilChange([limit], signal)
      await sleepUntilAborted(freeAtMs - nowMs, clock, change.signal)
    }
  }
}
