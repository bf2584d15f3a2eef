import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { isFileError } from '../../native-host/platform/files/store-error.ts'
import { type Row, rowsAboutAll } from './promise-table.ts'

/** The figures of the last run of each promise, from which docs/promises.md is made. */
const path = join(import.meta.dirname, 'measured.json')

const rowSchema: v.GenericSchema<unknown, Row> = v.object({
  id: v.string(),
  promise: v.string(),
  verdict: v.picklist(['kept', 'FELL SHORT', 'not measured']),
  measured: v.string(),
  faults: v.string(),
  notes: v.string(),
  date: v.string(),
  scale: v.picklist(['fast', 'full']),
  recoveries: v.number(),
  longestFreshMs: v.number(),
  faultKinds: v.number(),
  faultTotal: v.number(),
  rarestFault: v.number(),
})

/** With those about all of them. */
export async function measuredRows(): Promise<Row[]> {
  const rows = await readRows()
  return [...rows, ...rowsAboutAll(rows)]
}

/** Those that were not measured this time keep their figures, and so do full ones when there are only fast ones. */
export async function keepMeasured(fresh: readonly Row[]): Promise<void> {
  const before = await readRows()
  const isBetter = (row: Row, { id, scale }: Row) =>
    row.id === id && (row.scale === 'full' || scale === 'fast')
  const kept = before.filter(row => !fresh.some(other => isBetter(other, row)))
  const added = fresh.filter(row => !kept.some(({ id }) => id === row.id))
  const rows = [...kept, ...added].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
  await writeFile(path, `${JSON.stringify(rows, null, 2)}\n`)
}

async function readRows(): Promise<Row[]> {
  try {
    return v.parse(v.array(rowSchema), JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return []
    throw error
  }
}
