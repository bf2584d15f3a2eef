import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { pixelsOf } from './read-pixels.ts'
import { mostReduction, reduce } from './reduce.ts'

const size = fc.integer({ min: 1, max: 90 })
const reduction = fc.integer({ min: 2, max: mostReduction / 2 }).map(half => 2 * half)

test('property: a picture of one colour stays one, at any size', () =>
  fc.assert(
    fc.asyncProperty(
      size,
      size,
      reduction,
      fc.uint8Array({ minLength: 3, maxLength: 3 }),
      async (width, height, by, colour) => {
        const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => colour[i % 3] ?? 0)
        const reduced = await reduce(pixelsOf(rgb, width, height), by)
        assert.deepEqual([reduced.width, reduced.height], [Math.ceil(width / by), Math.ceil(height / by)])
        assert.ok(reduced.pixels.every((level, i) => level === colour[i % 3]))
      },
    ),
  ))

test('property: no colour runs into another, however bright', () =>
  fc.assert(
    fc.asyncProperty(size, size, reduction, fc.constantFrom(0, 1, 2), async (width, height, by, channel) => {
      const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i % 3 === channel ? 255 : 0))
      const { pixels } = await reduce(pixelsOf(rgb, width, height), by)
      assert.ok(pixels.every((level, i) => level === (i % 3 === channel ? 255 : 0)))
    }),
  ))

for (const by of [4, 6, 8, 10, 16, 64])
  test(`at 1/${by} it is what a linear kernel makes of it`, async () => {
    const [width, height] = [by * 30, by * 20]
    const noise = await sharp({
      create: {
        width,
        height,
        channels: 3,
        background: 'black',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .raw()
      .toBuffer()
    const reduced = await reduce(pixelsOf(noise, width, height), by)
    const expected = await sharp(noise, { raw: { width, height, channels: 3 } })
      .resize(30, 20, { kernel: 'linear' })
      .raw()
      .toBuffer()
    const differences = reduced.pixels.map((level, i) => Math.abs(level - (expected[i] ?? 0)))
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length
    assert.ok(mean < 2.5, `${mean}`)
  })
