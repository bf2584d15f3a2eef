import * as v from 'valibot'
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
  const place = v.safeParse(placeSchema, json)
  if (!place.success) return undefined
  const { seq, prev, salt, at } = place.output
  const known = v.safeParse(recordSchema, json)
  return { seq, prev, salt, at, record: known.success ? known.output : undefined }
}
