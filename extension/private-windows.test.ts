import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findPrivateWindows } from './private-windows.ts'

const rows: [what: string, allowed: boolean, windows: boolean[], found: string][] = [
  ['it is not allowed in them', false, [false], 'unknown'],
  ['it is not allowed in them, and sees no window at all', false, [], 'unknown'],
  ['all windows are ordinary', true, [false, false], 'none'],
  ['one of them is private', true, [false, true], 'some'],
  ['there is no window', true, [], 'none'],
]
for (const [what, allowed, windows, found] of rows)
  test(`the extension says ${found} when ${what}`, async () => {
    const said = await findPrivateWindows({
      isAllowed: async () => allowed,
      windows: async () => windows.map(incognito => ({ incognito })),
    })
    assert.equal(said, found)
  })
