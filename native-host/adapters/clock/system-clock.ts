import { uptime } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../kernel/ports.ts'
import { type FoundZone, readTimeZone, zoneSignature } from './time-zone.ts'

/** Longer sleeps overflow the timer's 32 bits and would end at once (nodejs.org/api/timers.html). */
const longestTimerMs = 2 ** 31 - 1

let known: { zone: FoundZone; signature: string } | undefined

export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
  // Not performance.now(), which begins with each process: input events carry the machine's own monotonic time.
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  uptimeMs: () => uptime() * 1000,
  zone: () => (known?.zone ?? readZone()).zone,
  readZone,
  async sleep(ms, signal) {
    try {
      await sleep(Math.min(ms, longestTimerMs), undefined, { signal })
    } catch (error) {
      // Node rejects with an AbortError of its own.
      throw signal.aborted ? signal.reason : error
    }
  },
}

function readZone(): FoundZone {
  const { env, platform } = process
  const signature = platform === 'win32' ? '' : zoneSignature({ env })
  if (known === undefined || signature === '' || signature !== known.signature)
    known = { zone: readTimeZone({ env, platform }), signature }
  return known.zone
}
