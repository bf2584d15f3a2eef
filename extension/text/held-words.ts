import type { HeldScreenshot } from '../../protocol/status.ts'
import { describeWait } from './durations.ts'
import type { TimeWords } from './instants.ts'

/** `14:05`, or `14:05, display 1 of 2`: tells one held screenshot from another. */
export function nameHeld({ taken, display, of }: HeldScreenshot, nowMs: number, words: TimeWords): string {
  const time = words.time(taken, nowMs)
  return of > 1 ? `${time}, display ${display} of ${of}` : time
}

/** What will become of it if nobody does anything, and whether it can be read. */
export function describeHeld({ until, blurred, viewable }: HeldScreenshot, nowMs: number): string {
  const when = `Delivered ${describeWait(Date.parse(until) - nowMs)}`
  if (blurred) return `${when}, blurred`
  return viewable ? when : `${when}. Sealed before the tracker was restarted: it cannot be shown.`
}
