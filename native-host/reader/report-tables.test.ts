import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { noTotals, type Report } from '../../protocol/report.ts'
import { writeParquet } from '../adapters/reading/parquet.ts'
import { tableOf } from './report-tables.ts'
import { csvLines, ndjsonLines } from './table-text.ts'

const day = (date: string, active: number) => ({
  date,
  ...{ zones: [], spans: [], slots: [], flags: [], screenshots: [] },
  totals: { ...noTotals, active, there: 100 },
})
const report: Report = {
  ...{ version: 1, from: '2026-11-29', to: '2026-11-30', made_at: '2026-11-30T12:00:00Z', source: 'x' },
  devices: [
    {
      ...{ device: 'd"1,', person: '=1+1', proven_to: null, findings: [] },
      days: [day('2026-11-29', 40), day('2026-11-30', 2)],
    },
  ],
}
const lines = (parts: Iterable<string>) => [...parts].map(line => `${line}\n`).join('')

test('DuckDB reads the same totals from all three forms', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'at-tables-'))
  try {
    await writeFile(join(folder, 'days.csv'), lines(csvLines(tableOf(report, 'days', 'day'))))
    await writeFile(join(folder, 'days.ndjson'), lines(ndjsonLines(tableOf(report, 'days', 'day'))))
    await writeFile(join(folder, 'days.parquet'), writeParquet(tableOf(report, 'days', 'day')))
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    for (const name of ['days.csv', 'days.ndjson', 'days.parquet']) {
      const from = name.endsWith('ndjson') ? 'read_json' : name.endsWith('csv') ? 'read_csv' : 'read_parquet'
      const rows = await connection.runAndReadAll(
        `SELECT device, sum(active_s)::INTEGER AS active FROM ${from}('${join(folder, name)}') GROUP BY device`,
      )
      assert.deepEqual(rows.getRowObjects(), [{ device: 'd"1,', active: 42 }], name)
    }
    connection.closeSync()
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('weeks begin on Monday, and their figures are sums', () => {
  const rows = [...ndjsonLines(tableOf(report, 'days', 'week'))].map(line => JSON.parse(line))
  assert.deepEqual(
    rows.map(row => [row.period, row.days, row.active_s]),
    [
      ['2026-W48', 1, 40],
      ['2026-W49', 1, 2],
    ],
  )
})
