import { unlockedMs } from '../../protocol/confirmation.ts'
import { isoOf } from '../kernel/instants.ts'
import { sleepUntilAborted } from '../kernel/lifetime.ts'
import type { Clock } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal } from '../kernel/signals.ts'

/** Whether browsers are shown held pictures that are not blurred. In memory only: a restart locks them. */
export type PictureLock = {
  /** Until when it is unlocked, to be shown; undefined while it is locked. */
  unlockedUntil: ReadonlySignal<string | undefined>
  /** On the clock that is never set and that runs while the computer sleeps. */
  isUnlocked(): boolean
  /** For ten minutes from now. */
  unlock(): void
}

/** Timers stand still while the computer sleeps. */
const longestNapMs = 30_000

export function createPictureLock(clock: Clock, signal: AbortSignal): PictureLock {
  const unlockedUntil: Signal<string | undefined> = createSignal<string | undefined>(undefined)
  let endMs = Number.NEGATIVE_INFINITY
  let current = new AbortController()
  const isUnlocked = () => clock.uptimeMs() < endMs

  return {
    unlockedUntil,
    isUnlocked,
    unlock() {
      current.abort()
      current = new AbortController()
      endMs = clock.uptimeMs() + unlockedMs
      unlockedUntil.value = isoOf(clock.now().add({ milliseconds: unlockedMs }))
      void lockAgain(AbortSignal.any([current.signal, signal]))
    },
  }

  async function lockAgain(end: AbortSignal): Promise<void> {
    while (isUnlocked() && !end.aborted) {
      const napMs = Math.min(Math.max(endMs - clock.uptimeMs(), 1), longestNapMs)
      await sleepUntilAborted(napMs, clock, end)
    }
    if (!end.aborted) unlockedUntil.value = undefined
  }
}
