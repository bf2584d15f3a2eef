import type { Counts } from '../../protocol/records.ts'
import { reachesInto, type Span } from './interval-verdict.ts'

/** The minute and zone in which an interval counts. The zone is that of its record, which may be stored much later. */
export type Place = { start: string; zone: string }

/** An interval that was said to be genuine. `from` and `to` are monotonic milliseconds, the rest is for the records. */
export type PresumedGenuine = Span & { began: string; ended: string; counts: Counts; place: Place }

/** Six hours without a rest. What is older stays as it is. */
const mostPresumed = 2160

/**
 * The intervals that were said to be genuine, for as long as that may turn out to be wrong: as long as whoever judges
 * remembers what was before.
 */
export function createPresumedGenuine() {
  let intervals: PresumedGenuine[] = []

  return {
    add(interval: PresumedGenuine): void {
      if (Object.values(interval.counts).every(count => count === 0)) return
      intervals.push(interval)
      if (intervals.length > mostPresumed) intervals.shift()
    },

    /** Those that the span reaches into. They are presumed genuine no more, so none is judged twice. */
    take(span: Span): PresumedGenuine[] {
      const { taken = [], left = [] } = Object.groupBy(intervals, interval =>
        reachesInto(span, interval) ? 'taken' : 'left',
      )
      intervals = left
      return taken
    },

    forget(): void {
      intervals = []
    },
  }
}
