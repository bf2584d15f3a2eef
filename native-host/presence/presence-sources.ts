import type { PresenceSource } from '../../protocol/presence.ts'

/** Whether devices are used: since when, or when they were last. On the monotonic clock. */
export type Touch = { kind: 'stirring' | 'still'; sinceMs: number }

/** One thing that the system says about the person, and who says it. */
export type PresenceSign =
  /** Somebody just used a device, and may go on doing so. */
  | { kind: 'stirring'; source: PresenceSource }
  /** Nobody used a device for `forMs`. */
  | { kind: 'still'; source: PresenceSource; forMs: number }
  /** Whether the screen is locked or its saver is shown. */
  | { kind: 'lock'; source: PresenceSource; locked: boolean }
  /** The computer is about to sleep, or woke up. */
  | { kind: 'sleep'; source: PresenceSource; asleep: boolean }
  /** It will say nothing more for now: what it said last is not known any more. */
  | { kind: 'gone'; source: PresenceSource }

/** Keeps what each source said last. Who says nothing has no say. */
export function createSignBoard() {
  const touches = new Map<PresenceSource, Touch>()
  const locks = new Set<PresenceSource>()
  const sleeps = new Set<PresenceSource>()

  return {
    note(sign: PresenceSign, nowMs: number): void {
      switch (sign.kind) {
        case 'stirring':
          // Said again it is still the same stretch.
          if (touches.get(sign.source)?.kind !== 'stirring')
            touches.set(sign.source, { kind: 'stirring', sinceMs: nowMs })
          break
        case 'still':
          touches.set(sign.source, { kind: 'still', sinceMs: nowMs - sign.forMs })
          break
        case 'lock':
          put(locks, sign.source, sign.locked)
          break
        case 'sleep':
          put(sleeps, sign.source, sign.asleep)
          break
        case 'gone':
          touches.delete(sign.source)
          locks.delete(sign.source)
          sleeps.delete(sign.source)
          break
        default:
          throw sign satisfies never
      }
    },

    /** Somebody who saw a device being used is right; of those who did not, whoever saw one last. */
    touch(): Touch | undefined {
      return latest()?.touch
    },

    lastInput(nowMs: number): { atMs: number; source: PresenceSource } | undefined {
      const found = latest()
      if (!found) return undefined
      const { touch, source } = found
      return { atMs: touch.kind === 'stirring' ? nowMs : touch.sinceMs, source }
    },

    lockedBy: (): PresenceSource | undefined => first(locks),
    asleepBy: (): PresenceSource | undefined => first(sleeps),
  }

  function latest(): { touch: Touch; source: PresenceSource } | undefined {
    const all = [...touches].map(([source, touch]) => ({ source, touch }))
    const stirring = all.filter(({ touch }) => touch.kind === 'stirring')
    if (stirring.length > 0) return stirring.sort((a, b) => a.touch.sinceMs - b.touch.sinceMs)[0]
    return all.sort((a, b) => b.touch.sinceMs - a.touch.sinceMs)[0]
  }
}

function put<T>(set: Set<T>, value: T, isIn: boolean): void {
  if (isIn) set.add(value)
  else set.delete(value)
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  return [...set][0]
}
