import * as v from 'valibot'
import { wireBudgets } from './budgets.ts'
import { type JournalRecord, placeSchema, recordSchema } from './records.ts'

export type RecordLine = {
  seq: number
  prev: string
  salt: string | undefined
  at: string
  /** undefined: a record that this version does not know, such as one of a newer version. */
  record: JournalRecord | undefined
}

/** One line of the journal, without its end; undefined for what is no record at all. */
export function readRecordLine(line: string): RecordLine | undefined {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return undefined
  }
  if (!fits(json, 1)) return undefined
  const place = v.safeParse(placeSchema, json)
  if (!place.success) return undefined
  const { seq, prev, salt, at } = place.output
  const known = v.safeParse(recordSchema, json)
  return { seq, prev, salt, at, record: known.success ? known.output : undefined }
}

/** JSON.parse reads any depth; what walks over the values afterwards does not. */
function fits(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.length <= wireBudgets.recordText.most
  if (value === null || typeof value !== 'object') return true
  if (depth > wireBudgets.recordDepth.most) return false
  const inner: unknown[] = Array.isArray(value) ? value : Object.values(value)
  return inner.length <= wireBudgets.recordList.most && inner.every(item => fits(item, depth + 1))
}
