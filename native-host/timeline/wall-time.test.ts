import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chainStart, type Entry } from '../../protocol/records.ts'
import { createWallTime } from './wall-time.ts'

const start = Date.parse('2026-11-22T10:00:00.000Z')
const iso = (ms: number) => new Date(start + ms).toISOString()
const minute = 60_000

type Row = [wallMs: number, entry?: Entry]
/** Follows the records, and tells the time of each in milliseconds since ten o'clock. */
function following(rows: readonly Row[]) {
  const time = createWallTime()
  const times = rows.map(([wallMs, entry = { kind: 'input.restored' }], index) => {
    const place = { seq: index + 1, prev: chainStart, zone: 'UTC', offset: '+00:00' }
    return time.follow({ ...place, ...entry, at: iso(wallMs) }) - start
  })
  return { time, times }
}
const set = (by_ms: number): Entry => ({ kind: 'clock.changed', by_ms })
const interval = (from: number, length_ms = 10_000): Entry => ({
  ...{ kind: 'interval', from: iso(from), length_ms, presence: 'active', activity: '' },
  ...{ keys: 0, clicks: 0, wheel: 0, distance_px: 0, active_seconds: 0 },
  genuineness: { verdict: 'genuine', rules: 1, evidence: [] },
})

const rows: [what: string, rows: Row[], times: number[]][] = [
  ['a clock that is never set', [[0], [minute], [3 * minute]], [0, minute, 3 * minute]],
  ['one that is set forward', [[0], [61 * minute, set(60 * minute)], [62 * minute]], [0, minute, 2 * minute]],
  ['one that is set back', [[0], [-29 * minute, set(-30 * minute)], [-28 * minute]], [0, minute, 2 * minute]],
  ['records that are two seconds out of order', [[0], [-2000], [0]], [0, -2000, 0]],
  ['set back while no tracker ran', [[0], [-minute], [0]], [0, 0, minute]],
  [
    'seen by a record before the one that says it',
    [[0], [-30 * minute], [-30 * minute, set(-30 * minute)], [-29 * minute]],
    [0, 0, 0, minute],
  ],
  [
    'set back while no tracker ran, and once more after the start',
    [
      [0],
      [-30 * minute],
      [-30 * minute, { kind: 'agent.started', version: '1', previous_end: 'clean' }],
      [-50 * minute, set(-20 * minute)],
    ],
    [0, 0, 0, 0],
  ],
  ['set twice in a row', [[0], [60 * minute, set(60 * minute)], [120 * minute, set(60 * minute)]], [0, 0, 0]],
]
describe('time goes on evenly', () => {
  for (const [what, records, times] of rows)
    test(what, () => assert.deepEqual(following(records).times, times))
})

describe('an instant that a record names', () => {
  test('is as it reads where no clock was set', () => {
    const { time } = following([[0], [minute]])
    assert.equal(time.read(iso(5000), start + minute), start + 5000)
    assert.equal(time.ahead(iso(5 * minute)), start + 5 * minute)
    assert.equal(time.write(start + 5000), iso(5000))
  })
  test('before the clock was set is on the old one, and after it on the new one', () => {
    const { time } = following([[0], [61 * minute, set(60 * minute)], [62 * minute]])
    assert.equal(time.read(iso(30_000), start + 2 * minute) - start, 30_000)
    assert.equal(time.read(iso(61.5 * minute), start + 2 * minute) - start, 1.5 * minute)
    assert.equal(time.ahead(iso(70 * minute)) - start, 10 * minute)
    assert.equal(time.write(start + 30_000), iso(30_000))
    assert.equal(time.write(start + minute), iso(61 * minute))
    assert.equal(time.write(start + minute - 1), iso(minute - 1))
  })
  test('that both clocks showed is the later one, unless that lies in the future', () => {
    const { time } = following([[0], [2 * minute], [minute, set(-minute)], [1.5 * minute]])
    const at = start + 2.5 * minute
    assert.equal(time.read(iso(1.2 * minute), at) - start, 2.2 * minute)
    assert.equal(time.read(iso(1.2 * minute), at, 0.3 * minute) - start, 2.2 * minute)
    assert.equal(time.read(iso(1.2 * minute), at, 0.3 * minute + 1001) - start, 1.2 * minute)
  })
  test('is on the clock under which the open interval began, for as long as that lasts', () => {
    const { time } = following([
      [0],
      [minute, interval(50_000)],
      [122 * minute, set(120 * minute)],
      [122.2 * minute, interval(122.1 * minute)],
      [123 * minute, interval(122.9 * minute)],
    ])
    const at = start + 3 * minute
    assert.equal(time.read(iso(1.5 * minute), at) - start, -118.5 * minute)
    const other = following([
      [0],
      [minute, interval(50_000)],
      [122 * minute, set(120 * minute)],
      [122.2 * minute],
    ])
    assert.equal(other.time.read(iso(1.5 * minute), start + 2.2 * minute) - start, 1.5 * minute)
  })
  test('is read by the old clock up to thirty seconds after it was set', () => {
    const after = (ms: number) => {
      const { time } = following([
        [0, interval(-10_000)],
        [122 * minute, set(120 * minute)],
        [122 * minute + 1000, interval(122 * minute - 9000)],
        [122 * minute + ms, interval(122 * minute + ms - 100, 100)],
      ])
      return time.read(iso(minute), start + 2 * minute + ms) - start
    }
    assert.equal(after(30_000), minute)
    assert.equal(after(30_001), minute - 120 * minute)
  })
})
