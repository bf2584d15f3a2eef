import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PrivateWindows, privateWindowsOf } from './private-windows.ts'

const rows: [said: PrivateWindows[], sum: PrivateWindows][] = [
  [[], 'unknown'],
  [['none'], 'none'],
  [['some'], 'some'],
  [['unknown'], 'unknown'],
  [['none', 'none'], 'none'],
  [['none', 'unknown'], 'unknown'],
  [['unknown', 'some', 'none'], 'some'],
]
for (const [said, sum] of rows)
  test(`profiles that say ${said.join(', ') || 'nothing'} make ${sum}`, () => {
    const other = { browser: 'Brave', windows: 'some' } as const
    const all = [other, ...said.map(windows => ({ browser: 'Chromium', windows }))]
    assert.equal(privateWindowsOf('Chromium', all), sum)
  })
