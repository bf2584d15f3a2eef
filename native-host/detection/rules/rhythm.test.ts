import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { strokeOf, verdictsOn } from '../../../test/support/rule-run.ts'
import type { InputEvent } from '../../input/input-event.ts'
import { rhythm } from './rhythm.ts'

function strokesAt(times: readonly number[], pauseMs = 250): [number, number, number][] {
  const added: [number, number, number][] = []
  const rule = rhythm()
  for (const from of times)
    rule.onStroke?.(strokeOf([[5, 0, 1]], { from, to: from + 20, pauseMs }), (...of) => added.push(of))
  return added
}
const amounts = (added: readonly [number, number, number][]) => added.map(([amount]) => amount)

describe('movements', () => {
  test('of the third on an interval can be like the one before', () =>
    assert.deepEqual(strokesAt([0, 1000, 2000, 3000]), [
      [-1, 0, 1020],
      [1, 1000, 2020],
      [1, 2000, 3020],
    ]))
  test('within 2 % is like it, and 2 % are not', () => {
    assert.deepEqual(amounts(strokesAt([0, 1000, 2019])), [-1, 1])
    assert.deepEqual(amounts(strokesAt([0, 1000, 2020])), [-1, -1])
    assert.deepEqual(amounts(strokesAt([0, 1000, 1981])), [-1, 1])
  })
  test('a beat of half a second counts, and a faster one does not', () => {
    assert.deepEqual(amounts(strokesAt([0, 500, 1000])), [-1, 1])
    assert.deepEqual(strokesAt([0, 499, 998]), [])
  })
  test('a movement out of time ends what was in a row', () => {
    const rule = rhythm()
    for (const from of [0, 1000, 2000, 3000, 3700, 4400])
      rule.onStroke?.(strokeOf([[5, 0, 1]], { from, to: from }), () => {})
    assert.match(rule.evidence().text, /^1 movements .* every 0\.70 s/)
    assert.equal(rule.evidence().value, 1)
  })
  test('one that did not rest before is the same movement', () =>
    assert.deepEqual(strokesAt([0, 1000, 2000], 249), []))
})

const keys = (times: readonly number[]): InputEvent[] =>
  times.flatMap((at): InputEvent[] => [
    { kind: 'key-down', at, slot: 0 },
    { kind: 'move', at: at + 1, x: at, y: 0 },
    { kind: 'key-up', at: at + 700, slot: 0 },
    { kind: 'button-up', at: at + 701, button: 1, x: 0, y: 0 },
  ])
const pressed = (times: readonly number[]) => heard(keys(times))

function heard(events: readonly InputEvent[]): [number, number, number][] {
  const added: [number, number, number][] = []
  const rule = rhythm()
  for (const event of events) rule.onEvent?.(event, (...of) => added.push(of))
  return added
}

describe('presses after a silence', () => {
  test('of the fifth on they speak for a script', () =>
    assert.deepEqual(pressed([0, 2000, 4000, 6000, 8000, 10_000]), [
      [2, 2000, 8000],
      [2, 2000, 10_000],
    ]))
  test('the more so when more than five seconds lie between them', () => {
    assert.deepEqual(amounts(pressed([0, 5000, 10_000, 15_000, 20_000])), [2])
    assert.deepEqual(amounts(pressed([0, 5001, 10_002, 15_003, 20_004])), [3])
  })
  test('one that is out of time takes back what they added, once', () =>
    assert.deepEqual(pressed([0, 2000, 4000, 6000, 8000, 10_000, 13_000, 17_000]).slice(2), [
      [-4, 13_000, 13_000],
    ]))
  test('what follows within a second belongs to the press before it', () => {
    const late = [0, 2000, 4000, 6000, 8000].flatMap(at => [at, at + 999])
    assert.deepEqual(pressed(late), [[2, 2000, 8000]])
    const pair = (at: number): InputEvent[] => [
      { kind: 'wheel', at, steps: 1, x: 0, y: 0 },
      { kind: 'wheel', at: at + 900, steps: 1, x: 0, y: 0 },
    ]
    assert.deepEqual(amounts(heard([0, 1900, 3800, 5700, 7600].flatMap(pair))), [2])
  })
  test('and what follows after a whole second does not', () =>
    assert.deepEqual(amounts(pressed([0, 1000, 2000, 3000, 4000])), [2]))
})

test('what it makes of known input is that of this version of the rules', () => {
  assert.deepEqual(verdictsOn(rhythm), {
    'a hand': '22: -237.00 since 6628.80 at 7188.03, says 1 1.68 2',
    'even lines': '13: -91.00 since 2169.74 at 2535.56, says 0 0.00 2',
    'coarse lines': '9: -45.00 since 923.72 at 1175.29, says 0 0.00 2',
    curves: '14: -105.00 since 2540.65 at 2892.03, says 0 0.00 2',
    jumps: '29: -435.00 since 11709.40 at 12239.15, says 0 0.00 2',
    'a loop': '22: -253.00 since 6510.43 at 7093.01, says 0 0.00 2',
    'a beat': '14: 203.00 since 4505.00 at 6313.00, says 6 7.00 2',
    'a wheel': '11: 132.00 since 327.46 at 1603.46, says 13 2.00 2',
  })
})
