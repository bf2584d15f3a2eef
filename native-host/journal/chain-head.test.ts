import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HeadSaid, headArguments, headStatement, parseHeadArguments } from './chain-head.ts'

const old: HeadSaid = { form: 1, device: 'device-1a2b', seq: 90, hash: 'ab'.repeat(32), key: 'k'.repeat(43) }
const now: HeadSaid = {
  form: 2,
  device: 'device-1a2b',
  ...{ date: '2026-11-22', number: 42, kind: 'records' },
  before: { seq: 80, hash: 'cd'.repeat(32) },
  ...{ seq: 90, hash: 'ab'.repeat(32), rest: 'ef'.repeat(32) },
  key: 'k'.repeat(43),
}

test('a head of either form comes back from the arguments of its stanza', () => {
  for (const head of [old, now]) assert.deepEqual(parseHeadArguments(headArguments(head)), head)
})

test('the signed text separates every part: exactly these bytes', () => {
  assert.equal(headStatement(old), `activity-tracker chain head 1\ndevice-1a2b\n90\n${'ab'.repeat(32)}\n`)
  assert.equal(
    headStatement(now),
    `activity-tracker head 2\ndevice-1a2b\n2026-11-22\n42\nrecords\n80\n${'cd'.repeat(32)}\n90\n${'ab'.repeat(32)}\n` +
      `${'ef'.repeat(32)}\n${'k'.repeat(43)}\n`,
  )
})

const args1 = headArguments(old)
const args2 = headArguments(now)
const wrong: [name: string, args: string[]][] = [
  ['another stanza', ['X25519', ...args1.slice(1)]],
  ['no key', args1.slice(0, 4)],
  ['one more argument', [...args1, 'x']],
  ['a number that is written in two ways', args1.with(2, '090')],
  ['no record at all', args1.with(2, '0')],
  ['a hash in capitals', args1.with(3, 'AB'.repeat(32))],
  ['a key of another length', args1.with(4, 'k'.repeat(44))],
  ['the old name with what is said now', args2.with(0, 'activity-tracker/head')],
  ['a date that is none', args2.with(2, '2026-11-2')],
  ['a place that is written in two ways', args2.with(3, '042')],
  ['another kind', args2.with(4, 'notes')],
  ['one argument less', args2.toSpliced(9, 1)],
  ['two arguments in one', [...args2.slice(0, 9), args2.slice(9).join(' '), 'x']],
]
for (const [name, changed] of wrong)
  test(`${name} is no head`, () => assert.equal(parseHeadArguments(changed), undefined))
