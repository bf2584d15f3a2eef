import type { Counts, Entry, Genuineness } from '../../protocol/records.ts'
import { addCounts, noCounts } from '../input/input-window.ts'
import type { PresumedGenuine } from './presumed-genuine.ts'

export type ExtendedVerdict = Extract<Entry, { kind: 'verdict.extended' }>

/** A verdict on intervals of before. It becomes an entry once they are stored: only then is their zone known. */
export type Extension = Omit<ExtendedVerdict, 'kind' | 'minutes'> & {
  intervals: readonly PresumedGenuine[]
}

/** undefined when there is nothing that it could be about. */
export function extendVerdict(
  intervals: readonly PresumedGenuine[],
  genuineness: Genuineness,
  scripted_input: Extension['scripted_input'],
): Extension | undefined {
  // Where the clock was set meanwhile, the first to begin need not be the earliest.
  const from = intervals.map(({ began }) => began).toSorted()[0]
  const to = intervals
    .map(({ ended }) => ended)
    .toSorted()
    .at(-1)
  return from === undefined || to === undefined
    ? undefined
    : { from, to, genuineness, scripted_input, intervals }
}

/** With the sums of each minute. */
export function describeExtension({ intervals, ...said }: Extension): ExtendedVerdict {
  const byMinute = Map.groupBy(intervals, ({ place }) => `${place.start} ${place.zone}`)
  return {
    kind: 'verdict.extended',
    ...said,
    minutes: [...byMinute.values()].flatMap(inMinute =>
      inMinute.slice(0, 1).map(({ place }) => ({
        ...place,
        ...inMinute.map(({ counts }) => counts).reduce<Counts>(addCounts, noCounts),
      })),
    ),
  }
}

/** One that speaks for both, with the evidence of the later, where that says of neither what is not true of it. */
export function joinExtensions(a: Extension, b: Extension): Extension | undefined {
  if (a.genuineness.verdict !== b.genuineness.verdict || a.scripted_input !== b.scripted_input)
    return undefined
  return extendVerdict([...a.intervals, ...b.intervals], b.genuineness, b.scripted_input)
}
