import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { writeParquet } from '../../native-host/adapters/reading/parquet.ts'
import { type TableName, tableNames, tableOf } from '../../native-host/reader/report-tables.ts'
import { csvLines, ndjsonLines } from '../../native-host/reader/table-text.ts'
import { noTotals, type Report } from '../../protocol/report.ts'

const from = '2026-11-23T09:00:00.000Z'
const to = '2026-11-23T10:00:00.000Z'
const report: Report = {
  ...{ version: 1, from: '2026-11-23', to: '2026-11-23', made_at: to, source: 'x' },
  devices: [
    {
      ...{ device: 'device-1', person: 'anna', proven_to: to, findings: [] },
      days: [
        {
          date: '2026-11-23',
          zones: [{ zone: 'UTC', from: '2026-11-23T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z' }],
          spans: [{ lane: 'gap', cause: 'asleep', from, to }],
          totals: { ...noTotals, active: 1800, there: 3000, idle: 600 },
          slots: [
            { slot: 1, active: 60, flagged: 0 },
            { slot: 2, active: 90, flagged: 0 },
          ],
          flags: [],
          screenshots: [{ at: from, zone: 'UTC', state: 'delivered' }],
        },
      ],
    },
  ],
}
/** Of each query in their order. */
const answers = [
  [1, 0.5],
  ['anna', 50],
  ['asleep', 60],
  ['delivered', 1],
  ['2026-11-23', 90],
]

describe('the queries of docs/reading.md', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/reading.md'), 'utf8')
  const queries = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, query = '']) => query)
  test('there are five', () => assert.equal(queries.length, answers.length))
  for (const [index, query] of queries.entries())
    test(query.split('\n')[0] ?? '', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'at-queries-'))
      try {
        for (const name of tableNames) await writeAll(folder, name)
        const connection = await (await DuckDBInstance.create(':memory:')).connect()
        const inFolder = query.replaceAll(/'(\w+\.(?:csv|ndjson|parquet))'/g, `'${folder}/$1'`)
        const rows = (await connection.runAndReadAll(inFolder)).getRowsJson()
        connection.closeSync()
        assert.equal(rows.length, 1)
        assert.equal(Number(rows[0]?.at(-1)), answers[index]?.[1])
      } finally {
        await rm(folder, { recursive: true })
      }
    })
})

async function writeAll(folder: string, name: TableName): Promise<void> {
  const table = () => tableOf(report, name, 'day')
  const lines = (parts: Iterable<string>) => [...parts].map(line => `${line}\n`).join('')
  await writeFile(join(folder, `${name}.csv`), lines(csvLines(table())))
  await writeFile(join(folder, `${name}.ndjson`), lines(ndjsonLines(table())))
  await writeFile(join(folder, `${name}.parquet`), writeParquet(table()))
}
