import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { namesInList, unquoted } from './name-list.ts'

const rows: [list: string, names: string[]][] = [
  ['', []],
  [' , ,', []],
  ['""," "', []],
  ['A switch', ['A switch']],
  ['A switch,a scanner , ', ['A switch', 'a scanner']],
  ['"Yubico, Inc. Key"', ['Yubico, Inc. Key']],
  ['a mouse, "Yubico, Inc. Key" ,another', ['a mouse', 'Yubico, Inc. Key', 'another']],
  ['27" monitor, 24" monitor', ['27" monitor', '24" monitor']],
  ['say "a, b" twice', ['say "a', 'b" twice']],
  ['"never closed, other', ['never closed', 'other']],
  ['a,","","', ['a']],
]
for (const [list, names] of rows)
  test(`${list || 'nothing'} is ${names.length} names`, () =>
    assert.deepEqual(namesInList(list).map(unquoted), names))

test('what is written back is the same list', () => {
  const list = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"') })
  fc.assert(
    fc.property(list, text => assert.deepEqual(namesInList(namesInList(text).join(', ')), namesInList(text))),
  )
})
