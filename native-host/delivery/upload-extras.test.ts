import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Extra, mayBeRefusal, timesToBelieve, waysToLeaveOut } from './upload-extras.ts'

const ways: [sent: Extra[], ways: string[]][] = [
  [[], []],
  [['metadata'], ['metadata']],
  [
    ['metadata', 'checksum'],
    ['checksum', 'metadata', 'checksum metadata'],
  ],
  [
    ['expect', 'metadata', 'condition', 'checksum'],
    [
      ...['checksum', 'condition', 'metadata', 'expect'],
      ...['checksum condition', 'checksum condition metadata expect'],
    ],
  ],
]
describe('extras are left out one at a time first, and then together', () => {
  for (const [sent, expected] of ways)
    test(sent.join(' ') || 'nothing', () =>
      assert.deepEqual(
        waysToLeaveOut(new Set(sent)).map(way => way.join(' ')),
        expected,
      ),
    )
})

const answers: [status: number, s3Code: string | undefined, accepted: boolean, refusal: boolean][] = [
  [400, undefined, false, true],
  [400, undefined, true, true],
  [403, 'SignatureDoesNotMatch', false, true],
  [403, undefined, true, false],
  [403, 'InvalidAccessKeyId', false, false],
  [399, undefined, false, false],
  [499, undefined, false, true],
  [500, undefined, false, true],
  [500, undefined, true, false],
  [501, undefined, true, true],
  [417, undefined, true, true],
  [501, 'SlowDown', false, false],
  [503, undefined, false, false],
  [200, undefined, false, false],
  ...[407, 408, 409, 412, 429].map((status): [number, undefined, boolean, boolean] => [
    status,
    undefined,
    false,
    false,
  ]),
]
describe('an answer that may concern the extras of an upload', () => {
  for (const [status, s3Code, accepted, refusal] of answers)
    test(`${[status, s3Code].join(' ').trim()}${accepted ? ', once all was accepted' : ''}: ${refusal}`, () =>
      assert.equal(mayBeRefusal(status, s3Code, accepted), refusal))
})

test('an answer that may be temporary has to come twice', () => {
  assert.deepEqual([400, 401, 403, 404, 500, 501].map(timesToBelieve), [1, 2, 2, 1, 2, 1])
})
