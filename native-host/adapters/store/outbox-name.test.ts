import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { coveredBy, formatName, type ItemName, keyOf, parseName } from './outbox-name.ts'

const sha256 = '0123456789abcdef'.repeat(4)
const date = '2026-11-22'
const number = fc.integer({ min: 0, max: 999_999_999_999 })
const anyPicture = fc.constantFrom(
  { kind: 'screenshot' as const },
  { kind: 'screenshot' as const, format: 'jpeg' as const },
)
const anyName: fc.Arbitrary<ItemName> = fc
  .tuple(number, fc.option(fc.tuple(number, number)), anyPicture)
  .map(([seq, covers, picture]) => ({
    seq,
    date,
    sha256,
    content: covers ? { kind: 'records', from: covers[0], to: covers[1] } : picture,
  }))

describe('names of files in the outbox', () => {
  test('property: a name is read back as it was written', () => {
    fc.assert(fc.property(anyName, name => assert.deepEqual(parseName(formatName(name)), name)))
  })

  test('property: names and keys sort as their numbers do', () => {
    fc.assert(
      fc.property(anyName, anyName, (one, other) => {
        if (one.seq >= other.seq) return
        assert.ok(formatName(one) < formatName(other))
        assert.ok(keyOf('device', one) < keyOf('device', other))
      }),
    )
  })

  test('records and pictures', () => {
    const records: ItemName = { seq: 42, date, sha256, content: { kind: 'records', from: 17, to: 90 } }
    const picture: ItemName = { seq: 43, date, sha256, content: { kind: 'screenshot' } }
    assert.equal(formatName(records), `000000000042_2026-11-22_r17-90_${sha256}.records.ndjson.zst.age`)
    assert.equal(keyOf('laptop', records), `laptop/2026-11-22/000000000042-${sha256}.records.ndjson.zst.age`)
    assert.equal(coveredBy(records), 90)
    assert.equal(formatName(picture), `000000000043_2026-11-22_s_${sha256}.screenshot.webp.age`)
    assert.equal(keyOf('laptop', picture), `laptop/2026-11-22/000000000043-${sha256}.screenshot.webp.age`)
    assert.equal(coveredBy(picture), 0)
    const blurred: ItemName = { ...picture, content: { kind: 'screenshot', format: 'jpeg' } }
    assert.equal(formatName(blurred), `000000000043_2026-11-22_s_${sha256}.screenshot.jpg.age`)
  })

  const strangers = [
    '',
    'notes.txt',
    `42_2026-11-22_s_${sha256}.screenshot.webp.age`,
    `000000000042_2026-11-22_s_${sha256}.records.ndjson.zst.age`,
    `000000000042_2026-11-22_r1-2_${sha256}.screenshot.webp.age`,
    `000000000042_2026-11-22_r1-2_${sha256.slice(1)}.records.ndjson.zst.age`,
    `000000000042_2026-11-22_s_${sha256}.screenshot.webp.age.77.tmp`,
    `x000000000042_2026-11-22_s_${sha256}.screenshot.webp.age`,
    `000000000042_../../../x_s_${sha256}.screenshot.webp.age`,
  ]
  for (const file of strangers)
    test(`no such name: ${file || '(empty)'}`, () => assert.equal(parseName(file), undefined))
})
