import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { encodeJpeg } from './encode-jpeg.ts'

async function decoded(jpeg: Uint8Array) {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
  return { pixels: new Uint8Array(data), width: info.width, height: info.height }
}

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  assert.equal(one.length, other.length)
  return one.reduce((sum, level, i) => sum + Math.abs(level - (other[i] ?? 0)), 0) / one.length
}

const size = fc.integer({ min: 1, max: 40 })

test('property: any picture is read back by another decoder, all but the same at quality 100', () =>
  fc.assert(
    fc.asyncProperty(size, size, fc.infiniteStream(fc.nat(255)), async (width, height, levels) => {
      const pixels = Uint8Array.from({ length: 3 * width * height }, () => levels.next().value ?? 0)
      const read = await decoded(encodeJpeg({ pixels, width, height }, 100))
      assert.deepEqual([read.width, read.height], [width, height])
      assert.ok(meanDifference(read.pixels, pixels) < 2)
    }),
    { numRuns: 60 },
  ))

test('a smooth picture is small, and the smaller the lower the quality', async () => {
  const [width, height] = [240, 135]
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    return [x, y, 255 - x][i % 3] ?? 0
  })
  const sizes: number[] = []
  for (const quality of [95, 70, 30, 1]) {
    const jpeg = encodeJpeg({ pixels, width, height }, quality)
    sizes.push(jpeg.length)
    assert.equal((await sharp(jpeg).metadata()).format, 'jpeg')
    if (quality >= 70) assert.ok(meanDifference((await decoded(jpeg)).pixels, pixels) < 3)
  }
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => b - a),
  )
  assert.ok((sizes[1] ?? 0) < 5000, `${sizes}`)
})
