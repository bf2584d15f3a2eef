import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { chainStart } from '../../protocol/records.ts'
import { linkOf } from './chain-link.ts'

const sha256 = (text: string) => hash('sha256', text)

test('of a record without salt it is the hash of its line, as old versions had it', () => {
  assert.equal(linkOf('{"seq":1}', { prev: chainStart }, sha256), hash('sha256', '{"seq":1}'))
})

test('of a salted one it is made of the link before it and the hash of its line: exactly these bytes', () => {
  const line = '{"seq":2,"salt":"AAAAAAAAAAAAAAAAAAAAAA"}'
  const place = { prev: 'ab'.repeat(32), salt: 'AAAAAAAAAAAAAAAAAAAAAA' }
  const bytes = `activity-tracker link 2\n${place.prev}\n${hash('sha256', line)}\n`
  assert.equal(linkOf(line, place, sha256), hash('sha256', bytes))
  // Fixed here, so that no change of the code changes links that were delivered.
  assert.equal(
    linkOf(line, place, sha256),
    '544756c35ed9edc17cb9aed77196a8398857f83cda06ab35869538d78bc6a45d',
  )
})
