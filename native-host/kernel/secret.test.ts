import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, inspect } from 'node:util'
import { Secret } from './secret.ts'

const secret = new Secret('correct horse')

const ways: [name: string, shown: string][] = [
  ['a template', `${secret}`],
  ['concatenation', `${String(secret)}`],
  ['JSON', JSON.stringify({ secret })],
  ['inspect, also deep and with hidden fields', inspect({ a: [{ secret }] }, { depth: 9, showHidden: true })],
  ['format', format('%s %o %j', secret, secret, secret)],
  ['an error', inspect(new Error('failed', { cause: { secret } }))],
  ['its own fields', JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret)])],
]

for (const [name, shown] of ways) {
  test(`a secret does not show in ${name}`, () => {
    assert.doesNotMatch(shown, /horse/)
  })
}

test('a secret says that it is there', () => {
  assert.equal(`${secret}`, '[set]')
  assert.equal(secret.reveal(), 'correct horse')
})
