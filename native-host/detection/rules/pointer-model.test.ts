import assert from 'node:assert/strict'
import { test } from 'node:test'
import { strokeOf, verdictsOn } from '../../../test/support/rule-run.ts'
import weights from '../pointer-model.json' with { type: 'json' }
import { windowColumns } from '../stroke-window.ts'
import { pointerModel } from './pointer-model.ts'

const line = (px: number, of = {}) =>
  strokeOf(
    Array.from({ length: 10 }, () => [px, 0, 8] as const).map(([x, y, ms]) => [x, y, ms]),
    of,
  )
/** One question that all strokes answer alike. */
const model = (score: number) => ({
  depth: 1,
  columns: [0],
  bounds: [-1],
  leaves: [0, score],
  typical: windowColumns.map((_, index) => (index === 4 ? { low: 1, high: 2 } : { low: -1e9, high: 1e9 })),
})

for (const [score, amount] of [
  [2, 0],
  [5, 3],
  [8, 6],
  [9, 6],
  [-1, -3],
  [-9, -6],
] as const)
  test(`odds of ${score} add ${amount} for nine strokes`, () => {
    const added: number[][] = []
    const rule = pointerModel(model(score))
    for (let stroke = 0; stroke < 10; stroke++)
      rule.onStroke?.(line(8, { from: 100 * stroke, to: 100 * stroke + 50 }), (...of) => added.push(of))
    assert.deepEqual(added, [
      [amount / 9, 0, 850],
      [amount / 9, 100, 950],
    ])
    assert.equal(rule.evidence().value, amount > 0 ? score : 0)
  })

test('strokes of less than 40 px are not among the nine', () => {
  const added: number[] = []
  const rule = pointerModel(model(5))
  for (let stroke = 0; stroke < 20; stroke++)
    rule.onStroke?.(line(stroke % 2 ? 3.9 : 4), of => added.push(of))
  assert.equal(added.length, 2)
})

test('it tells what is the most unusual', () => {
  const rule = pointerModel(model(5))
  for (let stroke = 0; stroke < 9; stroke++) rule.onStroke?.(line(8), () => {})
  const value = Math.log(80).toFixed(2)
  assert.ok(
    rule
      .evidence()
      .text.includes(`Most unusual: length of the way, on average (${value}; people 1.00 to 2.00);`),
    rule.evidence().text,
  )
})

test('what it makes of known input is that of this version of the rules', () => {
  assert.deepEqual(
    verdictsOn(() => pointerModel(weights)),
    {
      'a hand': '16: 82.15 since 2436.24 at 4318.62, says 9 1.51 0.58 1.24 0.02 0.07 0.35',
      'even lines': '8: 24.00 since 379.13 at 1245.90, says 9 0.05 0.89 1.77 0.05 0.58 1.24',
      'coarse lines': '9: 30.00 since 521.23 at 1292.50, says 9 0.01 0.58 1.24 0.21 0.89 1.77',
      curves: '7: 18.57 since 341.06 at 951.83, says 9 0.01 0.07 0.35 0.08 0.18 0.70',
      jumps: '23: 184.00 since 5765.99 at 8503.04, says 9 0.00 5.16 6.97 8.00 0.34 3.36',
      'a loop': '16: 87.09 since 2346.67 at 4276.85, says 9 1.80 0.58 1.24 0.83 0.14 0.56',
      'a beat': '4: -0.45 since 60.01 at 305.94, says 9 3.88 0.58 1.24 0.85 0.14 0.56',
    },
  )
})
