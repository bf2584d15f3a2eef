import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { applyPoint, mutationPoints } from './mutation-points.ts'

const changes: [text: string, mutants: string[]][] = [
  ['x = a + b', ['x = a - b', ';']],
  ['const x = a * (b - c)', ['const x = a / (b - c)', 'const x = a * (b + c)']],
  ['const x = a < b', ['const x = a <= b', 'const x = a >= b']],
  ['const x = a === b', ['const x = a !== b']],
  ['const x = a && b || c', ['const x = a && b && c', 'const x = a || b || c']],
  ['const x = a ?? b', ['const x = a']],
  ['const x = !a', ['const x = a']],
  ['const x = -a', ['const x = a']],
  ['const x = true', ['const x = false']],
  ['const x = Math.max(a, b)', ['const x = Math.min(a, b)']],
  ['const x = list.some(f)', ['const x = list.every(f)']],
  ['const x = list.at(-1)', ['const x = list.at(1)', 'const x = list.at(-2)']],
  ['const x = 60_000', []],
  ["const x = 'a' + b", []],
  ['if (a) f()', ['if (!(a)) f()', 'if (a) ;']],
  ['if (a > b) f()', ['if (a >= b) f()', 'if (a <= b) f()', 'if (a > b) ;']],
  ['for (const a of b) continue', ['for (const a of b) ;']],
  ['let n = 0; n++', ['let n = 1; n++', 'let n = 0; n--', 'let n = 0; ;']],
  ["const f = () => 'a'", ["const f = () => ''"]],
  ['const f = () => list.map(g)', ['const f = () => []']],
  ['function f() { return [a] }', ['function f() { return [] }']],
  ['function f() { return }', ['function f() { ; }']],
  ["throw new Error('a')", [';']],
]

describe('finds every point at which a program can be changed', () => {
  for (const [text, mutants] of changes)
    test(text, () => {
      const found = mutationPoints('a.ts', text).map(point => applyPoint(text, point))
      assert.deepEqual(found.sort(), [...mutants].sort())
    })
})

describe('leaves what no test can notice', () => {
  for (const text of [
    'type T = true | 1',
    "import { a } from './b.ts'",
    'const x = { 1: a }',
    'let x: { n: 0 | 1 }',
    "'use strict'",
    'interface T { f(a: 1): true }',
  ])
    test(text, () => assert.deepEqual(mutationPoints('a.ts', text), []))
})

test('counts in the same units as JavaScript, in any script', () => {
  const text = '// ’ ü 😀\nconst x = (a + b) as number'
  assert.deepEqual(
    mutationPoints('a.ts', text).map(point => applyPoint(text, point)),
    ['// ’ ü 😀\nconst x = (a - b) as number'],
  )
})

test('says of which file it cannot read the text', () => {
  assert.throws(() => mutationPoints('a.ts', 'const ='), /^Error: a\.ts: /)
})
