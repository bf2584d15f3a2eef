import type { PresenceSource } from '../../protocol/presence.ts'

/** Device activity: since when, or when it last was. On the monotonic clock. */
export type DeviceActivity = { kind: 'active' | 'still'; sinceMs: number }

/** One report of the system about the person, and its source. */
export type PresenceReport =
  /** A device was just used, and its use may go on. */
  | { kind: 'active'; source: PresenceSource }
  /** No device was used for `forMs`. */
  | { kind: 'still'; source: PresenceSource; forMs: number }
  /** Whether the screen is locked or its saver is shown. */
  | { kind: 'lock'; source: PresenceSource; locked: boolean }
  /** The computer is about to sleep, or woke up. */
  | { kind: 'sleep'; source: PresenceSource; asleep: boolean }
  /** The source is lost for now: its last report does not count any more. */
  | { kind: 'gone'; source: PresenceSource }

/** Keeps the last report of each source. A source without a report does not count. */
export function createPresenceBoard() {
  const deviceActivities = new Map<PresenceSource, DeviceActivity>()
  const locks = new Set<PresenceSource>()
  const sleeps = new Set<PresenceSource>()

  return {
    note(sign: PresenceReport, nowMs: number): void {
      switch (sign.kind) {
        case 'active':
          // A repeated report is still the same stretch.
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

    /** A source that reports device activity counts; without one, the source that reported it last. */
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
