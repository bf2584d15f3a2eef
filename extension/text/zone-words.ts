import type { TimeChange } from '../../protocol/status.ts'
import { describeSeconds } from './durations.ts'
import type { TimeWords } from './instants.ts'

/** `America/Argentina/Buenos Aires` */
export function zoneName(zone: string): string {
  return zone.replaceAll('_', ' ')
}

/** What happened to the time of the computer, and when. */
export function timeChangeWords(change: TimeChange, nowMs: number, words: TimeWords): string {
  const at = words.time(change.at, nowMs)
  switch (change.kind) {
    case 'zone':
      return `changed from ${zoneName(change.from)} at ${at}`
    case 'clock': {
      const way = change.by_ms < 0 ? 'back' : 'forward'
      return `the clock was set ${way} by ${describeSeconds(Math.abs(change.by_ms) / 1000)} at ${at}`
    }
    default:
      throw change satisfies never
  }
}
