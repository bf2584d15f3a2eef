import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chainStart } from '../../protocol/records.ts'
import { joinRuns, type Run } from './timeline-record.ts'

const run = (second: number, lengthMs: number, more: Partial<Run> = {}): Run => ({
  ...{ seq: second, prev: chainStart, zone: 'UTC', offset: '+00:00', kind: 'interval', presence: 'active' },
  at: new Date(1000 * second + lengthMs).toISOString(),
  from: new Date(1000 * second).toISOString(),
  length_ms: lengthMs,
  ...more,
})

test('two intervals in a row become one, with the length of both and the time between them', () => {
  assert.deepEqual(joinRuns(run(0, 10_000), run(11, 9000)), {
    ...run(0, 20_000),
    at: run(11, 9000).at,
    length_ms: 20_000,
  })
})

const pairs: [what: string, first: Run, second: Run, joined: boolean][] = [
  ['that lie 1.5 s apart', run(0, 8500), run(10, 1000), false],
  ['that lie less than that apart', run(0, 8501), run(10, 1000), true],
  ['that overlap by 1.5 s', run(0, 11_500), run(10, 1000), false],
  ['that overlap by less', run(0, 11_499), run(10, 1000), true],
  ['of another presence', run(0, 10_000), run(10, 1000, { presence: 'idle' }), false],
  ['in another zone', run(0, 10_000), run(10, 1000, { zone: 'Asia/Tokyo' }), false],
  ['of which one is incomplete', run(0, 10_000), run(10, 1000, { incomplete: true }), false],
]
describe('two intervals', () => {
  for (const [what, first, second, joined] of pairs)
    test(`${what} are ${joined ? 'one' : 'two'}`, () =>
      assert.equal(joinRuns(first, second) !== undefined, joined))
})
