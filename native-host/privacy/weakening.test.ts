import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeRestored } from './weakening.ts'

test('an undo says which names are hidden again, however long the lists are', () => {
  const long = Array.from({ length: 20 }, (_, n) => `program ${n}`).join(', ')
  const { from, to } = describeRestored('excluded_applications', long, `${long}, bank`)
  assert.deepEqual([from, to], ['bank', 'hidden again'])
})

test('an undo states the old and the new value of other settings', () => {
  assert.equal(describeRestored('blur_screenshots', false, true).to, 'on')
  assert.equal(describeRestored('trusted_devices', 'robot', '').to, 'nothing')
})
