import assert from 'node:assert/strict'
import { test } from 'node:test'
import { staleRows, whyEquivalent } from './equivalent.ts'
import { type Mutant, mutantsOf, sampleOf } from './mutants.ts'

const text = 'const x = a + b\nif (x < c) f(a + b, a + b)\n'
const mutants = mutantsOf('journal', 'native-host/a.ts', text)
const ids = (some: readonly Mutant[]) => some.map(({ id }) => id)

test('a mutant says where it is and what it changes', () => {
  assert.deepEqual(
    mutants.map(({ line, change, nth }) => [line, change, nth]),
    [
      [1, '+ → -', 1],
      [2, '< → <=', 1],
      [2, '< → >=', 1],
      [2, 'f(a + b, a + b) → ;', 1],
      [2, '+ → -', 1],
      [2, '+ → -', 2],
    ],
  )
  assert.equal(new Set(ids(mutants)).size, mutants.length)
})

test('it keeps its name when its line and its file are moved', () => {
  const moved = mutantsOf('journal', 'native-host/journal/a.ts', `\n// more\n  ${text.replace('\n', '\n  ')}`)
  assert.deepEqual(ids(moved), ids(mutants))
  assert.deepEqual(
    moved.map(({ line }) => line),
    [3, 4, 4, 4, 4, 4],
  )
})

test('a seed names a sample, and another seed another one', () => {
  const many = mutantsOf(
    'journal',
    'a.ts',
    Array.from({ length: 200 }, (_, n) => `const x${n} = a${n} + b`).join('\n'),
  )
  const sample = ids(sampleOf(many, 1, 20))
  assert.equal(sample.length, 20)
  assert.deepEqual(ids(sampleOf(many.toReversed(), 1, 20)), sample)
  assert.notDeepEqual(ids(sampleOf(many, 2, 20)), sample)
})

test('what the sample lacks leaves the others in it', () => {
  const [first, ...others] = sampleOf(mutants, 1, 4)
  const without = mutants.filter(({ id }) => id !== first?.id)
  assert.deepEqual(ids(sampleOf(without, 1, 3)), ids(others))
})

test('a row of the table is about the mutants that read as it does', () => {
  const row = { file: 'a.ts', line: 'if (x < c) f(a + b, a + b)', change: '+ → -', why: 'made up' }
  const about = (nth?: number) => {
    const rows = [nth === undefined ? row : { ...row, nth }]
    return mutants.flatMap((mutant, index) => (whyEquivalent(mutant, rows) ? [index] : []))
  }
  assert.deepEqual(about(), [4, 5])
  assert.deepEqual(about(2), [5])
  assert.deepEqual(staleRows(mutants, [row, { ...row, change: '+ → *' }]), [{ ...row, change: '+ → *' }])
})
