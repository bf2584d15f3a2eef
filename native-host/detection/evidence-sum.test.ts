import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createEvidenceSum } from './evidence-sum.ts'

function sumOf(limit: number, amounts: readonly number[]) {
  const sum = createEvidenceSum(limit)
  for (const [index, amount] of amounts.entries()) sum.add(amount, index * 10, index * 10 + 5)
  return sum
}

const rows: [what: string, amounts: number[], level: number][] = [
  ['nothing was seen', [], 0],
  ['weak evidence adds up', [1, 1, 1, 1], 0.4],
  ['what speaks for a person takes it back', [1, 1, 1, -2], 0.1],
  ['people earn no credit for later', [-5, -5, 1], 0.1],
  ['it is bounded, so that a person who returns is seen', [100, 100], 2.5],
]
describe('the level is the sum by its limit of ten', () => {
  for (const [what, amounts, level] of rows)
    test(what, () => assert.ok(Math.abs(sumOf(10, amounts).level() - level) < 1e-9))
})

test('what is suspected began where the sum last left zero', () => {
  assert.equal(sumOf(10, [1, 1, -5, -1, 1, 1]).from(), 40)
})

const silences: [what: string, ms: number, from: number][] = [
  ['a short silence is part of it', 300_000, 0],
  ['after a long one it began anew, though the evidence still counts', 300_001, 300_000],
]
for (const [what, ms, from] of silences)
  test(what, () => {
    const sum = createEvidenceSum(10)
    sum.add(4, 0, 5)
    sum.add(-1, 50, 55)
    sum.add(4, 300_000, 5 + ms)
    assert.equal(sum.from(), from)
    assert.equal(sum.level(), 0.7)
  })

test('it is known when anything last spoke for a script', () => {
  assert.equal(sumOf(10, [1, 1, -0.5, -0.5]).raisedAt(), 15)
})

test('after a reset nothing is left but the memory of the highest level', () => {
  const sum = sumOf(10, [4])
  sum.reset()
  assert.deepEqual([sum.level(), sum.highest()], [0, 0.4])
})

test('the level is never below zero nor above two and a half', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true })), amounts => {
      const level = sumOf(10, amounts).level()
      assert.ok(level >= 0 && level <= 2.5)
    }),
  )
})
