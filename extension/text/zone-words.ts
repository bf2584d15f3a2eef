import type { TimeChange } from '../../protocol/status.ts'
import { text } from './catalogue.ts'
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
      return text.report.zoneChanged(zoneName(change.from), at)
    case 'clock': {
      const length = describeSeconds(Math.abs(change.by_ms) / 1000)
      return change.by_ms < 0 ? text.report.clockSetBack(length, at) : text.report.clockSetForward(length, at)
    }
    default:
      throw change satisfies never
  }
}
