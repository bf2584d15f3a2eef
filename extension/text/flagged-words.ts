import type { Status } from '../../protocol/status.ts'
import { text } from './catalogue.ts'
import { describeSeconds } from './durations.ts'
import type { TimeWords } from './instants.ts'

type Flagged = Pick<NonNullable<Status['flagged']>, 'from' | 'to'> & {
  genuineness: Pick<NonNullable<Status['flagged']>['genuineness'], 'verdict'>
}

/** `10:30–10:34 looks scripted.` What is shorter than a minute has a length instead of two equal times. */
export function describeFlagged({ from, to, genuineness }: Flagged, nowMs: number, words: TimeWords): string {
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000)
  if (seconds >= 60) return text.flagged.range[genuineness.verdict](words.range(from, to, nowMs))
  const moment = { length: describeSeconds(Math.max(1, seconds)), time: words.time(from, nowMs) }
  return text.flagged.moment[genuineness.verdict](moment)
}
