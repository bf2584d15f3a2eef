import * as v from 'valibot'
import type { Journal } from '../native-host/journal/ports.ts'
import { type Entry, type JournalRecord, recordSchema } from '../protocol/records.ts'

/** What lies in the journal and is not sealed yet, read back as the reader of a segment does. */
export function recordsIn(journal: Journal): JournalRecord[] {
  const lines = journal.unsealed(100_000)?.lines.trimEnd().split('\n') ?? []
  return lines.map(line => v.parse(recordSchema, JSON.parse(line)))
}

export type Interval = Extract<Entry, { kind: 'interval' }>

export function intervalsIn(journal: Journal): Interval[] {
  return recordsIn(journal).filter(record => record.kind === 'interval')
}

export function kindsIn(journal: Journal): string[] {
  return recordsIn(journal).map(record => record.kind)
}
