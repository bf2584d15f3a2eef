import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, Genuineness } from '../../protocol/records.ts'
import { noCounts } from '../input/input-window.ts'
import { extendStretches, mostStretches } from './flagged-stretch.ts'

const suspect = (text: string): Genuineness => ({
  verdict: 'suspect',
  rules: 1,
  evidence: [{ feature: 'pointer_jumps', value: 3, text }],
})
const genuine: Genuineness = { verdict: 'genuine', rules: 1, evidence: [] }

function interval(time: string, genuineness: Genuineness): Extract<Entry, { kind: 'interval' }> {
  const from = `2026-11-22T${time}.000Z`
  return {
    kind: 'interval',
    from,
    length_ms: 10_000,
    ...noCounts,
    activity: '',
    presence: 'active',
    genuineness,
  }
}

const begun = extendStretches([], interval('12:00:00', suspect('first')))

test('a stretch begins with the first interval that does not look genuine', () => {
  assert.deepEqual(begun, [
    { from: '2026-11-22T12:00:00.000Z', to: '2026-11-22T12:00:10.000Z', genuineness: suspect('first') },
  ])
})

test('genuine intervals change nothing', () => {
  assert.deepEqual(extendStretches([], interval('12:00:00', genuine)), [])
  assert.equal(extendStretches(begun, interval('12:00:10', genuine)), begun)
})

const next: [time: string, from: string][] = [
  ['12:00:10', '12:00:00'],
  ['12:01:10', '12:00:00'],
  ['12:01:11', '12:01:11'],
]
for (const [time, from] of next)
  test(`another one at ${time} makes a stretch from ${from}, with the latest evidence`, () => {
    const [stretch] = extendStretches(begun, interval(time, suspect('latest')))
    assert.equal(stretch?.from, `2026-11-22T${from}.000Z`)
    assert.deepEqual(stretch?.genuineness, suspect('latest'))
  })

const extended = (from: string, to: string): Extract<Entry, { kind: 'verdict.extended' }> => ({
  kind: 'verdict.extended',
  from: `2026-11-22T${from}.000Z`,
  to: `2026-11-22T${to}.000Z`,
  genuineness: suspect('of before'),
  scripted_input: 'flag',
  minutes: [],
})

const back: [what: string, from: string, to: string, is: [from: string, to: string]][] = [
  ['before it makes it longer', '11:59:20', '11:59:50', ['11:59:20', '12:00:10']],
  ['over its end too', '11:59:20', '12:00:30', ['11:59:20', '12:00:30']],
  ['within it changes neither', '12:00:00', '12:00:10', ['12:00:00', '12:00:10']],
  ['long after it begins another', '12:02:00', '12:03:00', ['12:02:00', '12:03:00']],
]
for (const [what, from, to, is] of back)
  test(`a verdict on a span that was ${what}`, () => {
    const [stretch] = extendStretches(begun, extended(from, to))
    assert.deepEqual(
      [stretch?.from, stretch?.to],
      is.map(time => `2026-11-22T${time}.000Z`),
    )
  })

test('earlier stretches are remembered, the latest first, up to as many as a person can look at', () => {
  const times = Array.from({ length: mostStretches + 3 }, (_, n) => `12:${String(2 * n).padStart(2, '0')}:00`)
  const known = times.reduce<ReturnType<typeof extendStretches>>(
    (before, time) => extendStretches(before, interval(time, suspect(time))),
    [],
  )
  assert.deepEqual(
    known.map(({ from }) => from.slice(11, 19)),
    times.toReversed().slice(0, mostStretches),
  )
})
