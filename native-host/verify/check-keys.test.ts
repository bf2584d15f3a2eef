import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createKeyTrust } from './check-keys.ts'

const named = (key: string, seq = 1) => ({ seq, key })

describe('where no key was given', () => {
  test('the first that signs is trusted, and from then on no other', () => {
    const keys = createKeyTrust([])
    assert.deepEqual([keys.trusts('a', 'x', []), keys.trusts('b', 'y', [])], [true, false])
    assert.deepEqual(keys.named('z', named('a')), [])
    assert.deepEqual(keys.named('z', named('b', 9)), [{ kind: 'key-changed', object: 'z', seq: 9, key: 'b' }])
  })

  test('the first that a record names is too, though nothing is signed yet', () => {
    const keys = createKeyTrust([])
    assert.deepEqual(keys.named('x', named('a')), [])
    assert.deepEqual([keys.trusts('b', 'y', []), keys.trusts('a', 'z', [])], [false, true])
    assert.deepEqual([keys.end(), keys.notes()], [[], []])
  })
})

describe('where keys were given', () => {
  test('the first that a record names must be one of them, even before anything is signed', () => {
    const keys = createKeyTrust(['a,b'])
    assert.deepEqual(keys.named('x', named('c', 3)), [{ kind: 'key-changed', object: 'x', seq: 3, key: 'c' }])
    const others = createKeyTrust(['a,b', 'c'])
    assert.deepEqual([others.named('x', named('b')), others.notes()], [[], []])
  })

  test('one that signs before a record names it is found, unless one does', () => {
    const found = { kind: 'signature-foreign', object: 'y', key: 'b' }
    const never = createKeyTrust(['a,b'])
    assert.deepEqual([never.trusts('a', 'x', []), never.trusts('b', 'y', [])], [true, true])
    assert.deepEqual(never.end(), [found])
    const later = createKeyTrust(['a,b'])
    assert.deepEqual([later.trusts('a', 'x', []), later.trusts('b', 'y', [])], [true, true])
    assert.deepEqual(later.named('z', named('b', 5)), [])
    assert.deepEqual(later.notes(), [{ kind: 'key-replaced', object: 'z', seq: 5, key: 'b' }])
    assert.deepEqual(later.end(), [])
  })
})
