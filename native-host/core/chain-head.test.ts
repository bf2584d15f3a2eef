import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headArguments, headStatement, parseHeadArguments } from './chain-head.ts'

const head = { device: 'device-1a2b', seq: 90, hash: 'ab'.repeat(32), key: 'k'.repeat(43) }

test('a head comes back from the arguments of its stanza', () => {
  assert.deepEqual(parseHeadArguments(headArguments(head)), head)
})

test('what is signed tells every part from its neighbours', () => {
  assert.equal(headStatement(head), `activity-tracker chain head 1\ndevice-1a2b\n90\n${'ab'.repeat(32)}\n`)
})

const args = headArguments(head)
const wrong: [name: string, args: string[]][] = [
  ['another stanza', ['X25519', ...args.slice(1)]],
  ['no key', args.slice(0, 4)],
  ['one more argument', [...args, 'x']],
  ['a number that is written in two ways', args.with(2, '090')],
  ['no record at all', args.with(2, '0')],
  ['a hash in capitals', args.with(3, 'AB'.repeat(32))],
  ['a key of another length', args.with(4, 'k'.repeat(44))],
]
for (const [name, changed] of wrong)
  test(`${name} is no head`, () => assert.equal(parseHeadArguments(changed), undefined))
