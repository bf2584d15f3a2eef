import type { Counts, Entry, JournalRecord } from '../../protocol/records.ts'
import { describeExtension, type Extension, joinExtensions } from '../detection/extend-verdict.ts'
import type { Place } from '../detection/presumed-genuine.ts'
import { addCounts, countsIn, noCounts } from '../input/input-window.ts'
import { isoOf } from '../kernel/instants.ts'
import { canJoin, joinIntervals } from './join-intervals.ts'

type Interval = Extract<Entry, { kind: 'interval' }>

type Waiting =
  | { kind: 'interval'; interval: Interval; place: Place }
  | { kind: 'extension'; extension: Extension }
  | { kind: 'other'; entry: Entry }

/**
 * Entries that wait to be stored, in their order. Beyond `most`, new intervals and extensions are added to waiting
 * ones: counts are never discarded, and memory stays bounded.
 */
export function createWaitingEntries(most: number) {
  const items: Waiting[] = []

  return {
    get isEmpty(): boolean {
      return items.length === 0
    },

    /**
     * @returns the minute and zone in which it will count, those of the entry that it is added to if there is
     * one; `zone` until the record says another
     */
    addInterval(interval: Interval, zone: string): Place {
      return joinInterval(interval) ?? pushInterval(interval, zone)
    },

    addExtension(extension: Extension): void {
      // Behind every interval that it covers, wherever the other verdict was.
      items.push({ kind: 'extension', extension: joinExtension(extension) ?? extension })
    },

    add(entry: Entry): void {
      items.push({ kind: 'other', entry })
    },

    next(): Entry | undefined {
      return items[0] && entryOf(items[0])
    },

    /** The next entry was stored as this record. */
    stored({ zone }: Pick<JournalRecord, 'zone'>): void {
      const item = items.shift()
      if (item?.kind === 'interval') item.place.zone = zone
    },

    /** In their order. */
    intervals: (): Interval[] =>
      items.filter(item => item.kind === 'interval').map(({ interval }) => interval),

    counts: (): Counts =>
      items
        .filter(item => item.kind === 'interval')
        .reduce<Counts>((sum, { interval }) => addCounts(sum, countsIn(interval)), noCounts),
  }

  function pushInterval(interval: Interval, zone: string): Place {
    const place = { start: minuteOf(interval.from), zone }
    items.push({ kind: 'interval', interval, place })
    return place
  }

  function joinInterval(interval: Interval): Place | undefined {
    if (items.length < most) return undefined
    const fellow = items
      .filter(item => item.kind === 'interval')
      .findLast(other => canJoin(other.interval, interval))
    if (!fellow) return undefined
    fellow.interval = joinIntervals(fellow.interval, interval)
    return fellow.place
  }

  function joinExtension(extension: Extension): Extension | undefined {
    if (items.length < most) return undefined
    for (const [index, item] of items.entries()) {
      const joined = item.kind === 'extension' && joinExtensions(item.extension, extension)
      if (!joined) continue
      items.splice(index, 1)
      return joined
    }
    return undefined
  }
}

function entryOf(item: Waiting): Entry {
  switch (item.kind) {
    case 'interval':
      return item.interval
    case 'extension':
      return describeExtension(item.extension)
    case 'other':
      return item.entry
    default:
      throw item satisfies never
  }
}

/** An interval lies in one minute. One that others were added to counts in the minute in which it began. */
function minuteOf(from: string): string {
  return isoOf(Temporal.Instant.from(from).round({ smallestUnit: 'minute', roundingMode: 'floor' }))
}
