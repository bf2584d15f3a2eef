import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../native-host/kernel/ports.ts'

/** Everything that can happen without time passing has happened. */
export const settle = (): Promise<void> => nextTurn()

/** A clock that stands still until the test turns it. */
export type ManualClock = Clock & {
  /** Lets time pass. Sleepers wake at the moment they asked for, one after the other. */
  pass(ms: number): Promise<void>
  /** Sets the clock on the wall, as a person or a time server does. No time passes. */
  setWall(to: string): void
  /** Known as soon as a caller reads it again. */
  setZone(zone: string): void
  /** The computer sleeps: the clock on the wall goes on, and nothing else does. */
  sleepThrough(ms: number): void
  /** How many are asleep: what was ended must not go on waiting. */
  readonly sleepers: number
}

export function manualClock(start = '2026-11-22T12:00:00Z', startZone = 'UTC'): ManualClock {
  let zone = startZone
  let knownZone = startZone
  let elapsedMs = 0
  let asleepMs = 0
  let wallMs = Date.parse(start)
  const asleep = new Set<{ dueMs: number; wake: () => void }>()

  const clock: ManualClock = {
    now: () => Temporal.Instant.fromEpochMilliseconds(wallMs),
    monotonicMs: () => 5_000_000 + elapsedMs,
    uptimeMs: () => 9_000_000 + elapsedMs + asleepMs,
    zone: () => knownZone,
    readZone() {
      knownZone = zone
      return { zone, problem: undefined }
    },
    sleep(ms, signal) {
      assert.ok(Number.isFinite(ms), `a sleep of ${ms} ms`)
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const sleeper = { dueMs: elapsedMs + ms, wake: resolve }
        asleep.add(sleeper)
        signal.addEventListener('abort', () => asleep.delete(sleeper) && reject(signal.reason), {
          once: true,
        })
      })
    },
    async pass(ms) {
      const endMs = elapsedMs + ms
      await settle()
      for (let next = nextDue(endMs); next; next = nextDue(endMs)) {
        turnTo(Math.max(next.dueMs, elapsedMs))
        asleep.delete(next)
        next.wake()
        await settle()
      }
      turnTo(endMs)
      await settle()
    },
    setWall: to => {
      wallMs = Date.parse(to)
    },
    setZone: to => {
      zone = to
    },
    sleepThrough: ms => {
      asleepMs += ms
      wallMs += ms
    },
    get sleepers() {
      return asleep.size
    },
  }
  return clock

  function nextDue(endMs: number) {
    return [...asleep].filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0]
  }

  function turnTo(ms: number): void {
    wallMs += ms - elapsedMs
    elapsedMs = ms
  }
}
