import type { HeldScreenshot, Status } from '../../protocol/status.ts'
import { text } from './catalogue.ts'
import { describeWait } from './durations.ts'
import type { TimeWords } from './instants.ts'

/** `14:05`, or `14:05, screen 1 of 2`: tells one held screenshot from another. */
export function nameHeld({ taken, display, of }: HeldScreenshot, nowMs: number, words: TimeWords): string {
  return text.held.name({ time: words.time(taken, nowMs), screen: display, of })
}

/** What happens to it unless the person does something, and whether it can be viewed. */
export function describeHeld(
  { until, blurred, viewable }: HeldScreenshot,
  kind: Status['destination']['kind'],
  nowMs: number,
): string {
  const wait = describeWait(Date.parse(until) - nowMs)
  const fate = kind === 's3' ? text.held.uploads(wait) : text.held.goesToFolder(wait)
  if (blurred) return text.held.blurred(fate)
  return viewable ? fate : text.held.cannotShow(fate)
}
