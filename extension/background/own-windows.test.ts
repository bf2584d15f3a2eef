import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { ownWindowsSchema } from '../../protocol/own-windows.ts'
import { findOwnWindows } from './own-windows.ts'

const place = { left: 10, top: -20, width: 900, height: 600 }

test('a report of a window holds its place, whether it is minimised and whether it is private, and nothing else', async () => {
  const found = await findOwnWindows(async () => [
    { ...place, state: 'normal', incognito: false, tabs: [{ title: 'secret', url: 'https://secret' }] },
    { ...place, state: 'minimized', incognito: true, title: 'secret' },
    { ...place, left: 10.4, state: 'fullscreen', incognito: false },
  ])
  assert.deepEqual(found, [
    { ...place, state: 'open', private: false },
    { ...place, state: 'minimised', private: true },
    { ...place, state: 'open', private: false },
  ])
})

test('a window without a place is left out', async () => {
  const found = await findOwnWindows(async () => [
    { incognito: false },
    { ...place, width: 0, incognito: false },
  ])
  assert.deepEqual(found, [])
})

test('windows beyond the agent’s limit are not sent', async () => {
  const found = await findOwnWindows(async () =>
    Array.from({ length: 500 }, () => ({ ...place, incognito: false })),
  )
  assert.equal(found.length, 200)
  assert.ok(v.is(ownWindowsSchema, found))
})
