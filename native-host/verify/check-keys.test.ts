import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createKeyTrust } from './check-keys.ts'

const changed = (key: string, seq: number) => [{ kind: 'key-changed', object: 'o', seq, key }]

describe('without a key that was given', () => {
  test('the first that signs is trusted, and no other', () => {
    const keys = createKeyTrust([])
    assert.deepEqual(
      ['a', 'a', 'b'].map(key => keys.trusts(key, 'o', [])),
      [true, true, false],
    )
  })
  test('one that a record of the object itself names is trusted for that object', () => {
    const keys = createKeyTrust([])
    keys.trusts('a', 'o', [])
    assert.equal(keys.trusts('b', 'o', ['b']), true)
    assert.equal(keys.trusts('b', 'p', []), false)
  })
  test('the first that a record names is the device’s, and another is a change', () => {
    const keys = createKeyTrust([])
    assert.deepEqual(keys.named('o', { seq: 1, key: 'a' }), [])
    assert.deepEqual(keys.named('o', { seq: 2, key: 'a' }), [])
    assert.deepEqual(keys.named('o', { seq: 3, key: 'b' }), changed('b', 3))
    assert.deepEqual([keys.trusts('b', 'o', []), keys.trusts('a', 'o', [])], [true, false])
    assert.deepEqual(keys.notes(), [])
  })
})

describe('with keys that were given', () => {
  test('the first that a record names has to be one of them', () => {
    assert.deepEqual(createKeyTrust(['a']).named('o', { seq: 1, key: 'a' }), [])
    assert.deepEqual(createKeyTrust(['a']).named('o', { seq: 1, key: 'b' }), changed('b', 1))
    assert.equal(createKeyTrust(['a']).trusts('b', 'o', []), false)
  })
  test('of one device follows what was given behind it, and is noted', () => {
    const keys = createKeyTrust(['x', 'a,b', 'c'])
    assert.deepEqual(keys.named('o', { seq: 1, key: 'a' }), [])
    assert.deepEqual(keys.notes(), [])
    assert.deepEqual(keys.named('o', { seq: 5, key: 'b' }), [])
    assert.deepEqual(keys.notes(), [{ kind: 'key-replaced', object: 'o', seq: 5, key: 'b' }])
    assert.deepEqual(keys.named('o', { seq: 6, key: 'a' }), changed('a', 6))
    assert.deepEqual(keys.named('o', { seq: 7, key: 'c' }), changed('c', 7))
    assert.equal(keys.notes().length, 1)
  })
  test('one that signs before a record names it is foreign, unless a record comes', () => {
    const keys = createKeyTrust(['a,b'])
    keys.trusts('a', 'o', [])
    assert.deepEqual(
      ['o', 'p'].map(object => keys.trusts('b', object, [])),
      [true, true],
    )
    assert.deepEqual(keys.end(), [
      { kind: 'signature-foreign', object: 'o', key: 'b' },
      { kind: 'signature-foreign', object: 'p', key: 'b' },
    ])
    keys.named('q', { seq: 9, key: 'b' })
    assert.deepEqual(keys.end(), [])
  })
})

test('it remembers which keys signed what stands where it belongs', () => {
  const keys = createKeyTrust([])
  for (const key of ['a', 'b', 'a']) keys.use(key)
  assert.deepEqual(keys.used(), ['a', 'b'])
})
