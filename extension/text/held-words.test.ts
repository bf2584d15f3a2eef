import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HeldScreenshot } from '../../protocol/status.ts'
import { describeHeld, nameHeld } from './held-words.ts'
import { createTimeWords } from './instants.ts'

const words = createTimeWords({ locale: 'en-GB', hourCycle: 'h23', zone: 'UTC' })
const nowMs = Date.parse('2026-11-22T14:05:18Z')
const held: HeldScreenshot = {
  object: 'a/key',
  taken: '2026-11-22T14:05:00Z',
  until: '2026-11-22T14:06:00Z',
  display: 1,
  of: 1,
  width: 960,
  height: 540,
  blurred: false,
  viewable: true,
}

const names: [name: string, change: Partial<HeldScreenshot>, expected: string][] = [
  ['of the only screen', {}, '14:05'],
  ['of one of several screens', { display: 2, of: 3 }, '14:05, screen 2 of 3'],
  ['of yesterday', { taken: '2026-11-21T14:05:00Z' }, '21 Nov, 14:05'],
]
for (const [name, change, expected] of names)
  test(`a screenshot ${name} is called ${expected}`, () => {
    assert.equal(nameHeld({ ...held, ...change }, nowMs, words), expected)
  })

const fates: [name: string, change: Partial<HeldScreenshot>, expected: string][] = [
  ['sharp', {}, 'Uploads in 42 s'],
  ['blurred', { blurred: true }, 'Uploads in 42 s, blurred'],
  ['blurred before a restart', { blurred: true, viewable: false }, 'Uploads in 42 s, blurred'],
  ['at its time', { until: '2026-11-22T14:05:18Z' }, 'Uploads now'],
  [
    'sharp from before a restart',
    { viewable: false },
    'Uploads in 42 s. Can’t be shown: the tracker has restarted since',
  ],
]
for (const [name, change, expected] of fates)
  test(`what becomes of one that is ${name}`, () => {
    assert.equal(describeHeld({ ...held, ...change }, 's3', nowMs), expected)
  })

test('a folder on this computer is not called an upload', () => {
  assert.equal(describeHeld(held, 'folder', nowMs), 'Goes to the folder in 42 s')
})
