import { readRecordLine } from '../../protocol/read-record.ts'
import type { JournalRecord } from '../../protocol/records.ts'
import { type Chosen, isChosen } from './chosen-hours.ts'

/** From `first` to `last` a bundle holds all segments; those in `shown` with their records. Both -1: there are none. */
export type SegmentChoice = { first: number; last: number; shown: ReadonlySet<number> }

/**
 * A segment is shown when everything in it lies in what the person chose, so that a shown record tells nothing of a
 * withheld minute. A minute is withheld as well when its outcome is: a verdict on its input, or the deletion of its
 * picture, so that what is shown is how it ended.
 */
export function chooseSegments(segments: readonly (readonly string[])[], chosen: Chosen): SegmentChoice {
  const read = segments.map(readSegment)
  const wholeDays = { ...chosen, only: [] }
  const touched = read.map(({ instants }) =>
    instants.some(({ role, at, offset }) => role === 'own' && isChosen(at, offset, wholeDays)),
  )
  const [first, last] = [touched.indexOf(true), touched.lastIndexOf(true)]
  const shown = new Set(
    read.flatMap((segment, index) => (segment.isWhole && isWhollyChosen(segment, chosen) ? [index] : [])),
  )
  const isWithheld = (index: number) => index >= first && index <= last && !shown.has(index)
  for (let before = -1; before !== shown.size; ) {
    before = shown.size
    const withheld = read.filter((_, index) => isWithheld(index))
    const outcomes = withheld.flatMap(segment => segment.outcomes)
    for (const [index, segment] of read.entries())
      if (shown.has(index) && (tellsOf(segment, withheld) || isSettledBy(segment, outcomes)))
        shown.delete(index)
  }
  return { first, last, shown }
}

type Segment = {
  /** Every line is a record. */
  isWhole: boolean
  instants: Named[]
  /** Of its own records. */
  from: number
  to: number
  /** Keys of pictures that its records name. */
  pictures: string[]
  outcomes: Outcome[]
}
/** An instant that was past when the record was written: its own, the start of an interval, or another one. */
type Named = { at: string; ms: number; offset: string; role: 'own' | 'start' | 'other' }
type Outcome = { object: string } | { from: number; to: number }

function isWhollyChosen({ instants }: Segment, chosen: Chosen): boolean {
  return instants.every(({ at, offset }) => isChosen(at, offset, chosen))
}

/** Intervals begin where the one before ended, which tells nothing of it. */
function tellsOf({ instants }: Segment, withheld: readonly Segment[]): boolean {
  const others = instants.filter(({ role }) => role === 'other')
  return others.some(({ ms }) => withheld.some(({ from, to }) => ms >= from && ms < to))
}

function isSettledBy({ pictures, from, to }: Segment, outcomes: readonly Outcome[]): boolean {
  return outcomes.some(outcome =>
    'object' in outcome ? pictures.includes(outcome.object) : outcome.from < to && outcome.to > from,
  )
}

function readSegment(lines: readonly string[]): Segment {
  const read = lines.flatMap(line => readRecordLine(line) ?? [])
  const own = read.map(({ at }) => Date.parse(at))
  const records = read.flatMap(({ record }) => record ?? [])
  return {
    isWhole: lines.length > 0 && read.length === lines.length,
    instants: lines.flatMap(instantsOf),
    from: Math.min(...own),
    to: Math.max(...own),
    pictures: records.flatMap(({ kind, ...record }) =>
      kind === 'screenshot' && 'object' in record ? [record.object] : [],
    ),
    outcomes: records.flatMap(outcomeOf),
  }
}

/** What a record says of earlier ones. */
function outcomeOf(record: JournalRecord): Outcome[] {
  switch (record.kind) {
    case 'screenshot.deleted':
    case 'screenshot.blurred':
      return [{ object: record.object }]
    case 'verdict.extended':
    case 'verdict.withdrawn':
      return [{ from: Date.parse(record.from), to: Date.parse(record.to) }]
    default:
      return []
  }
}

/** Also of records of kinds that this version does not know. */
function instantsOf(line: string): Named[] {
  const record = readRecordLine(line)
  if (!record) return []
  const json: Record<string, unknown> = JSON.parse(line)
  const offset = typeof json.offset === 'string' ? json.offset : '+00:00'
  const roleOf = (path: string): Named['role'] => {
    if (path === 'at') return 'own'
    return path === 'from' && json.kind === 'interval' ? 'start' : 'other'
  }
  return [...textsIn(json)]
    .filter(({ text }) => instant.test(text))
    .map(({ path, text }) => ({ at: text, ms: Date.parse(text), offset, role: roleOf(path) }))
    .filter(({ ms }) => ms <= Date.parse(record.at))
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/

function* textsIn(json: unknown, path = ''): Generator<{ path: string; text: string }> {
  if (typeof json === 'string') yield { path, text: json }
  else if (json !== null && typeof json === 'object')
    for (const [name, value] of Object.entries(json))
      yield* textsIn(value, path === '' ? name : `${path}.${name}`)
}
