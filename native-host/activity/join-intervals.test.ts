import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../../protocol/records.ts'
import { noCounts } from '../input/input-window.ts'
import { canJoin, joinIntervals } from './join-intervals.ts'

type Interval = Extract<Entry, { kind: 'interval' }>

const first: Interval = {
  kind: 'interval',
  from: '2026-11-22T12:00:00.000Z',
  length_ms: 10_000,
  ...noCounts,
  keys: 3,
  active_seconds: 1,
  activity: '1000000000',
  presence: 'active',
  genuineness: { verdict: 'genuine', rules: 1, evidence: [] },
}
const second: Interval = {
  ...first,
  from: '2026-11-22T12:00:10.000Z',
  length_ms: 4_000,
  keys: 4,
  activity: '0010',
}
const counts = (keys: number) => ({ ...noCounts, keys })

test('the joined interval has the counts, the length and the active seconds of both', () => {
  assert.deepEqual(joinIntervals(first, second), {
    ...first,
    keys: 7,
    active_seconds: 2,
    length_ms: 14_000,
    activity: '10000000000010',
  })
})

const asides: [a: number | undefined, b: number | undefined, sum: number | undefined][] = [
  [undefined, undefined, undefined],
  [2, undefined, 2],
  [undefined, 5, 5],
  [2, 5, 7],
]
for (const [a, b, sum] of asides)
  test(`counts that were set aside are added up too: ${a} and ${b} are ${sum}`, () => {
    const joined = joinIntervals(
      a === undefined ? first : { ...first, discarded: counts(a) },
      b === undefined ? second : { ...second, discarded: counts(b) },
    )
    assert.deepEqual(joined.discarded, sum === undefined ? undefined : counts(sum))
  })

test('intervals that differ in verdict, in presence or in whether input was counted are not joined', () => {
  assert.equal(canJoin(first, second), true)
  assert.equal(canJoin(first, { ...second, presence: 'idle' }), false)
  assert.equal(canJoin(first, { ...second, incomplete: true }), false)
  assert.equal(canJoin({ ...first, incomplete: true }, { ...second, incomplete: true }), true)
  assert.equal(
    canJoin(first, { ...second, genuineness: { ...second.genuineness, verdict: 'suspect' } }),
    false,
  )
})
