import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mutantsOf } from './mutants.ts'
import { describeResults, type Result, scoreOf } from './report.ts'

const mutants = mutantsOf('verify', 'a.ts', 'const x = a + b * c - d < e && f\n')
const outcomes = ['killed', 'timed out', 'survived', 'untested', 'equivalent', 'killed'] as const
const results: Result[] = mutants.flatMap((mutant, index) => {
  const outcome = outcomes[index]
  return outcome ? [{ ...mutant, outcome, why: '', tests: [], ms: 1 }] : []
})

test('what never ends is killed, what has no test has lived, what is equivalent is not counted', () => {
  assert.equal(results.length, 6)
  assert.deepEqual(scoreOf(results), { tried: 5, killed: 3, percent: 60 })
  assert.deepEqual(scoreOf([]), { tried: 0, killed: 0, percent: 100 })
})

test('the table has a row for each topic, and below it stands each mutant that lived', () => {
  const text = describeResults(results, new Map([['verify', 9]]))
  assert.match(text, /^verify +9 +6 +1 +1 +2 +60\.0 %$/m)
  assert.match(text, /^all +9 +6 +1 +1 +2 +60\.0 %$/m)
  assert.equal(text.match(/^a\.ts:1 /gm)?.length, 2)
})
