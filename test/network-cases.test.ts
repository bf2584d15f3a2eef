import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorRows } from '../protocol/errors.ts'
import { type NetworkCase, networkCases } from './network/cases.ts'

const cases = Object.values<NetworkCase>(networkCases)

test('every trouble on the way to the storage is brought about for real', () => {
  const ofTheWay = /^(NETWORK|DNS|PROXY|PORT|CONNECTION|TLS|CAPTIVE|FILTERED|UPLOAD)(_|$)/
  // What is in no other row cannot be brought about by a row of its own, and a person who is asked is on no network.
  const others = ['UPLOAD_FAILED', 'UPLOAD_CREDENTIALS_WAIT']
  const wanted = Object.keys(errorRows).filter(code => ofTheWay.test(code) && !others.includes(code))
  const broughtAbout = new Set<string>(cases.map(({ code }) => code))
  assert.deepEqual(
    wanted.filter(code => !broughtAbout.has(code)),
    [],
  )
})

test('no two cases are brought about in the same way', () => {
  assert.equal(new Set(cases.map(({ how }) => how)).size, cases.length)
})
