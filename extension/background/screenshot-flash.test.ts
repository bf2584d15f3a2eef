import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNewScreenshot } from './screenshot-flash.ts'

const [one, two] = ['2026-11-22T14:05:00.000Z', '2026-11-22T14:10:00.000Z']
const rows: [what: string, before: string | null | undefined, now: string | null, isNew: boolean][] = [
  ['the first that is heard of', undefined, one, false],
  ['the very first', null, one, true],
  ['the next', one, two, true],
  ['the same', one, one, false],
  ['none', null, null, false],
]
for (const [what, before, now, isNew] of rows)
  test(`${what} is ${isNew ? '' : 'not '}shown on the toolbar button`, () => {
    assert.equal(isNewScreenshot(before === undefined ? undefined : { last: before }, { last: now }), isNew)
  })
