import type { PresenceSource } from '../../protocol/presence.ts'

/** Whether devices are used: since when, or when they were last. On the monotonic clock. */
export type DeviceActivity = { kind: 'active' | 'still'; sinceMs: number }

/** One thing that the system says about the person, and who says it. */
export type PresenceReport =
  /** Somebody just used a device, and may go on doing so. */
  | { kind: 'active'; source: PresenceSource }
  /** Nobody used a device for `forMs`. */
  | { kind: 'still'; source: PresenceSource; forMs: number }
  /** Whether the screen is locked or its saver is shown. */
  | { kind: 'lock'; source: PresenceSource; locked: boolean }
  /** The computer is about to sleep, or woke up. */
  | { kind: 'sleep'; source: PresenceSource; asleep: boolean }
  /** It will say nothing more for now: what it said last is not known any more. */
  | { kind: 'gone'; source: PresenceSource }

/** Keeps what each source said last. Who says nothing has no say. */
export function createPresenceBoard() {
  const deviceActivities = new Map<PresenceSource, DeviceActivity>()
  const locks = new Set<PresenceSource>()
  const sleeps = new Set<PresenceSource>()

  return {
    note(sign: PresenceReport, nowMs: number): void {
      switch (sign.kind) {
        case 'active':
          // Said again it is still the same stretch.
          if (deviceActivities.get(sign.source)?.kind !== 'active')
            deviceActivities.set(sign.source, { kind: 'active', sinceMs: nowMs })
          break
        case 'still':
          deviceActivities.set(sign.source, { kind: 'still', sinceMs: nowMs - sign.forMs })
          break
        case 'lock':
          put(locks, sign.source, sign.locked)
          break
        case 'sleep':
          put(sleeps, sign.source, sign.asleep)
          break
        case 'gone':
          deviceActivities.delete(sign.source)
          locks.delete(sign.source)
          sleeps.delete(sign.source)
          break
        default:
          throw sign satisfies never
      }
    },

    /** Somebody who saw a device being used is right; of those who did not, whoever saw one last. */
    deviceActivity(): DeviceActivity | undefined {
      return latest()?.deviceActivity
    },

    lastInput(nowMs: number): { atMs: number; source: PresenceSource } | undefined {
      const found = latest()
      if (!found) return undefined
      const { deviceActivity, source } = found
      return { atMs: deviceActivity.kind === 'active' ? nowMs : deviceActivity.sinceMs, source }
    },

    lockedBy: (): PresenceSource | undefined => first(locks),
    asleepBy: (): PresenceSource | undefined => first(sleeps),
  }

  function latest(): { deviceActivity: DeviceActivity; source: PresenceSource } | undefined {
    const all = [...deviceActivities].map(([source, deviceActivity]) => ({ source, deviceActivity }))
    const active = all.filter(({ deviceActivity }) => deviceActivity.kind === 'active')
    if (active.length > 0)
      return active.sort((a, b) => a.deviceActivity.sinceMs - b.deviceActivity.sinceMs)[0]
    return all.sort((a, b) => b.deviceActivity.sinceMs - a.deviceActivity.sinceMs)[0]
  }
}

function put<T>(set: Set<T>, value: T, isIn: boolean): void {
  if (isIn) set.add(value)
  else set.delete(value)
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  return [...set][0]
}
