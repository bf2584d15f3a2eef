import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError, toProblem } from '../../protocol/errors.ts'
import { errorWithRetryAfter, parseRetryAfter, retryAfterMsOf } from './retry-after.ts'

const now = Temporal.Instant.from('2026-11-22T15:40:00Z')

const headers: [header: string, ms: number | undefined][] = [
  ['0', 0],
  ['30', 30_000],
  [' 30 ', 30_000],
  ['999999999', 3_600_000],
  ['Sun, 22 Nov 2026 15:42:00 GMT', 120_000],
  ['Sun, 22 Nov 2026 15:30:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
]

for (const [header, ms] of headers) {
  test(`Retry-After "${header}" asks for ${ms} ms`, () => {
    assert.equal(parseRetryAfter(header, now), ms)
  })
}

test('an error carries the wait that the server asked for and is otherwise the same', () => {
  const busy = errorWithRetryAfter('UPLOAD_SERVER_ERROR', { detail: '503 SlowDown' }, 30_000)
  assert.equal(retryAfterMsOf(busy), 30_000)
  assert.deepEqual(toProblem(busy), { code: 'UPLOAD_SERVER_ERROR', detail: '503 SlowDown' })
  for (const other of [
    errorWithRetryAfter('UPLOAD_SERVER_ERROR', {}, undefined),
    new AppError('INTERNAL'),
    undefined,
  ])
    assert.equal(retryAfterMsOf(other), undefined)
})
