import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ErrorCode, errorRows } from '../../protocol/errors.ts'
import { mayBeOfTheItem, retryLimits } from './retry-limits.ts'

const codes = Object.keys(errorRows) as ErrorCode[]

test('no code is tried more often than once a second, or less often than every five minutes', () => {
  for (const code of codes) {
    const { firstMs, longestMs } = retryLimits(code)
    assert.ok(firstMs / 2 >= 1000 && longestMs <= 300_000, code)
  }
})

test('a local problem is checked every ten seconds, and a remote server is not', () => {
  const often = codes.filter(code => retryLimits(code).longestMs === 10_000)
  assert.deepEqual(often.sort(), [
    'DELIVERY_FOLDER_MISSING',
    'DELIVERY_FOLDER_NOT_WRITABLE',
    'DELIVERY_FOLDER_UNMARKED',
    'DISK_FULL',
    'FILE_UNREADABLE',
    'STORE_DAMAGED',
    'STORE_NOT_WRITABLE',
  ])
})

const whose: [code: ErrorCode, itsOwn: boolean][] = [
  ['FILTERED', true],
  ['UPLOAD_DENIED', true],
  ['FILE_UNREADABLE', true],
  ['NETWORK_NONE', false],
  ['DNS_UNKNOWN', false],
  ['PORT_REFUSED', false],
  ['UPLOAD_BUSY', false],
  ['UPLOAD_STORAGE_FULL', false],
  ['STORE_DAMAGED', false],
]
for (const [code, itsOwn] of whose)
  test(`${code} ${itsOwn ? 'may concern one item only' : 'concerns all items'}`, () =>
    assert.equal(mayBeOfTheItem(code), itsOwn))
