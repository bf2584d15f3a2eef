import type { Entry } from '../../protocol/records.ts'
import { addCounts, countsIn } from '../input/input-window.ts'

type Interval = Extract<Entry, { kind: 'interval' }>

/** Whether one record can describe both intervals without a statement that is true of only one of them. */
export function canJoin(a: Interval, b: Interval): boolean {
  return (
    a.genuineness.verdict === b.genuineness.verdict &&
    a.presence === b.presence &&
    a.incomplete === b.incomplete
  )
}

/** One interval with the sums of both, for when there is no room for two. */
export function joinIntervals(first: Interval, second: Interval): Interval {
  const { discarded: a, ...rest } = first
  const b = second.discarded
  return {
    ...rest,
    ...addCounts(countsIn(first), countsIn(second)),
    length_ms: first.length_ms + second.length_ms,
    activity: first.activity + second.activity,
    ...((a || b) && { discarded: a && b ? addCounts(a, b) : (a ?? b) }),
  }
}
