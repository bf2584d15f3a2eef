import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseObjectName } from './object-order.ts'
import { restoredPlace, safeFolder } from './restored-files.ts'

test('property: every name becomes one plain name of a folder, and another name another one', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (one, other) => {
      for (const name of [one, other, '..', '.', '', '/etc', 'C:\\x', '~', 'a\u0000b', '\u202e']) {
        const safe = safeFolder(name)
        assert.match(safe, /^[^/\\:*?"<>|\p{Cc}\p{Cf}]+$/u)
        assert.doesNotMatch(safe, /^\.|[. ]$/)
        assert.ok(new TextEncoder().encode(safe).length <= 255)
      }
      assert.equal(safeFolder(one) === safeFolder(other), one === other)
    }),
  ))

test('usual names stay as they are', () => {
  for (const name of ['laptop', '2026-11-22', 'Büro (2)', 'ana@example.org'])
    assert.equal(safeFolder(name), name)
})

test('an object that is opened loses the ends of its name, and a sealed one keeps them', () => {
  const name = `000000000042-${'ab'.repeat(32)}.records.ndjson.zst.age`
  const object = parseObjectName(`s3://b/team/../laptop/2026-11-22/${name}`, name)
  assert.ok(object)
  const device = { device: 'laptop', person: 'team/..' }
  const folders = ['team', '%2e%2e', 'laptop', '2026-11-22']
  assert.deepEqual(restoredPlace(object, device, 'sealed'), { folders, name })
  assert.deepEqual(restoredPlace(object, device, 'opened'), {
    folders,
    name: `000000000042-${'ab'.repeat(32)}.records.ndjson`,
  })
})
