import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { Entry, JournalRecord } from '../../protocol/records.ts'
import type { ExtendedVerdict } from '../detection/extend-verdict.ts'
import type { Journal } from '../journal/ports.ts'
import { createSignal, type ReadonlySignal, type Signal } from '../kernel/signals.ts'
import type { UnstoredCounts } from './ports.ts'
import { type UnstoredInterval, withoutTimes } from './unstored-intervals.ts'
import { createWaitingEntries } from './waiting-entries.ts'

type Interval = Extract<Entry, { kind: 'interval' }>

type Ports = {
  journal: Journal
  unstored: Pick<UnstoredCounts, 'keep'>
  /** The interval that is still counted; undefined while nothing has happened in it. */
  openInterval: () => UnstoredInterval | undefined
}

type State = {
  storeProblem: Signal<Problem | undefined>
  lastInterval: Signal<Interval | undefined>
  lastExtended: Signal<ExtendedVerdict | undefined>
  waiting: ReturnType<typeof createWaitingEntries>
}

export type ActivityStore = {
  /** Why records cannot be stored; undefined while they can. */
  storeProblem: ReadonlySignal<Problem | undefined>
  /** The last interval that was stored. */
  lastInterval: ReadonlySignal<Interval | undefined>
  /** The last verdict that changed intervals which were stored as genuine. */
  lastExtended: ReadonlySignal<ExtendedVerdict | undefined>
  /** What is to be stored, in its order. */
  waiting: State['waiting']
  storeWaiting(): void
  /** Before they are shown: counts that a person has seen must survive the end of this process. */
  keepUnstored(): void
}

/** An hour of intervals that could not be stored. */
const mostWaiting = 360

/** Stores all counts in the journal in their order, and keeps them in memory while it cannot. */
export function storeActivity(ports: Ports): ActivityStore {
  const state: State = {
    storeProblem: createSignal<Problem | undefined>(undefined),
    lastInterval: createSignal<Interval | undefined>(undefined),
    lastExtended: createSignal<ExtendedVerdict | undefined>(undefined),
    waiting: createWaitingEntries(mostWaiting),
  }
  return {
    ...state,
    storeWaiting: () => storeWaiting(ports, state),
    keepUnstored: () => keepUnstored(ports, state),
  }
}

function storeWaiting(ports: Ports, state: State): void {
  const { waiting, lastInterval, lastExtended } = state
  for (let next = waiting.next(); next; next = waiting.next()) {
    const record = append(ports, state, next)
    if (!record) break
    waiting.stored(record)
    if (next.kind === 'interval') lastInterval.value = next
    if (next.kind === 'verdict.extended') lastExtended.value = next
  }
  keepUnstored(ports, state)
}

function keepUnstored({ unstored, openInterval }: Ports, { waiting }: State): void {
  const open = openInterval()
  unstored.keep([...waiting.intervals().map(withoutTimes), ...(open ? [open] : [])])
}

/** A problem with storing is a visible state, and storing is tried again. */
function append({ journal }: Ports, { storeProblem }: State, entry: Entry): JournalRecord | undefined {
  try {
    const record = journal.append(entry)
    storeProblem.value = undefined
    return record
  } catch (error) {
    storeProblem.value = toProblem(error)
    return undefined
  }
}
