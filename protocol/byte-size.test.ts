import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatBytes } from './byte-size.ts'

const rows: [bytes: number, text: string][] = [
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [12_345, '12.3 kB'],
  [600_000, '600 kB'],
  [999_400, '999 kB'],
  [999_700, '1 MB'],
  [1_250_000, '1.3 MB'],
  [120_000_000_000, '120 GB'],
  [5_000_000_000_000_000, '5000 TB'],
]
for (const [bytes, text] of rows)
  test(`${bytes} bytes are ${text}`, () => assert.equal(formatBytes(bytes), text))

test('the number is written as the reader writes numbers', () =>
  assert.equal(
    formatBytes(1_250_000, value => String(value).replace('.', ',')),
    '1,3 MB',
  ))
