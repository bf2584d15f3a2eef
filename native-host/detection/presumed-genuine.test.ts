import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noCounts } from '../input/input-window.ts'
import { createPresumedGenuine, type PresumedGenuine } from './presumed-genuine.ts'

const ten = (from: number, keys = 1): PresumedGenuine => ({
  from,
  to: from + 10_000,
  began: '',
  ended: '',
  counts: { ...noCounts, keys },
  place: { start: '', zone: 'UTC' },
})

function presumed(...intervals: PresumedGenuine[]) {
  const known = createPresumedGenuine()
  for (const interval of intervals) known.add(interval)
  return known
}

const spans: [what: string, from: number, to: number, taken: number[]][] = [
  ['that ends before them takes none', -9, -1, []],
  ['that begins at the end of one leaves that one', 10_000, 15_000, [10_000]],
  ['that reaches into two takes both as a whole', 9_999, 10_000, [0, 10_000]],
  ['over all of them takes them all', 0, 99_000, [0, 10_000, 20_000]],
]
for (const [what, from, to, taken] of spans)
  test(`a stretch ${what}`, () => {
    const known = presumed(ten(0), ten(10_000), ten(20_000))
    assert.deepEqual(
      known.take({ from, to }).map(interval => interval.from),
      taken,
    )
    const left = [0, 10_000, 20_000].filter(at => !taken.includes(at))
    assert.deepEqual(
      known.take({ from: -1e6, to: 1e6 }).map(interval => interval.from),
      left,
      'none is taken twice',
    )
  })

test('there is nothing to judge where nothing was counted', () => {
  assert.deepEqual(presumed(ten(0, 0)).take({ from: 0, to: 1e6 }), [])
})

test('what is forgotten is judged no more', () => {
  const known = presumed(ten(0))
  known.forget()
  assert.deepEqual(known.take({ from: 0, to: 1e6 }), [])
})

test('it does not grow for ever', () => {
  const known = createPresumedGenuine()
  for (let n = 0; n < 10_000; n++) known.add(ten(n * 10_000))
  const left = known.take({ from: 0, to: Number.POSITIVE_INFINITY })
  assert.equal(left.length, 2160)
  assert.equal(left.at(-1)?.from, 99_990_000)
})
