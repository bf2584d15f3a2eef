import assert from 'node:assert/strict'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { openPixels, pixelsOf, readPixels } from './read-pixels.ts'

const size = fc.integer({ min: 1, max: 400 })

for (const order of ['bgrx', 'rgb'] as const)
  test(`property: every pixel of ${order} arrives as it was, at any place in the file`, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'pixels-'))
    const file = join(folder.path, 'pixels')
    await fc.assert(
      fc.asyncProperty(size, size, fc.nat(100), async (width, height, offset) => {
        const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 7919) >> 3)
        const stored = order === 'rgb' ? rgb : asBgrx(rgb)
        await writeFile(file, Buffer.concat([Buffer.alloc(offset), stored]))
        const picture = { form: 'raw', file, offset, width, height, order } as const
        const read = readPixels(picture)
        assert.deepEqual(read, rgb)
        assert.equal(readPixels(picture, read.fill(0)), read)
        assert.deepEqual(read, rgb)
        using rows = openPixels(picture)
        using expected = pixelsOf(rgb, width, height)
        const colours = (pixels: Uint32Array) => pixels.map(pixel => pixel & 0xffffff)
        assert.deepEqual(colours(rows.read(height - 1, 1)), colours(expected.read(height - 1, 1)))
      }),
      { numRuns: 30 },
    )
  })

test('a picture that ends early is an error', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'pixels-'))
  const file = join(folder.path, 'pixels')
  await writeFile(file, Buffer.alloc(4 * 99))
  const picture = { form: 'raw', file, offset: 0, width: 10, height: 10, order: 'bgrx' } as const
  assert.throws(() => readPixels(picture), /ends early/)
})

function asBgrx(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: (rgb.length / 3) * 4 }, (_, i) =>
    i % 4 === 3 ? 77 : (rgb[3 * Math.floor(i / 4) + (2 - (i % 4))] ?? 0),
  )
}
