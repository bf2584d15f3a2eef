import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XPixels } from '../../platform/x11/session.ts'
import { hasColours, isBgrx, toBgrx } from './x-pixels.ts'

const base = { scanlinePad: 32, lowestByteFirst: true }
const formats: [what: string, pixels: XPixels, bgrx: boolean, data: number[], colours: number[][]][] = [
  [
    '24 bits in four bytes',
    { ...base, bitsPerPixel: 32, red: 0xff0000, green: 0xff00, blue: 0xff },
    true,
    [1, 2, 3, 99, 255, 254, 253, 99],
    [
      [3, 2, 1],
      [253, 254, 255],
    ],
  ],
  [
    '24 bits in four bytes, the highest first',
    { ...base, lowestByteFirst: false, bitsPerPixel: 32, red: 0xff0000, green: 0xff00, blue: 0xff },
    false,
    [99, 3, 2, 1, 99, 253, 254, 255],
    [
      [3, 2, 1],
      [253, 254, 255],
    ],
  ],
  [
    '24 bits in three bytes, padded',
    { ...base, bitsPerPixel: 24, red: 0xff0000, green: 0xff00, blue: 0xff },
    false,
    [1, 2, 3, 4, 5, 6, 0, 0],
    [
      [3, 2, 1],
      [6, 5, 4],
    ],
  ],
  [
    '16 bits',
    { ...base, bitsPerPixel: 16, red: 0xf800, green: 0x7e0, blue: 0x1f },
    false,
    [0x00, 0xf8, 0xff, 0xff],
    [
      [255, 0, 0],
      [255, 255, 255],
    ],
  ],
  [
    '15 bits',
    { ...base, bitsPerPixel: 16, red: 0x7c00, green: 0x3e0, blue: 0x1f },
    false,
    [0xe0, 0x03, 0x10, 0x42],
    [
      [0, 255, 0],
      [132, 132, 132],
    ],
  ],
  [
    '30 bits',
    { ...base, bitsPerPixel: 32, red: 0x3ff00000, green: 0xffc00, blue: 0x3ff },
    false,
    [0xff, 0x03, 0x00, 0x00, 0x00, 0x00, 0xf0, 0x3f],
    [
      [0, 0, 255],
      [255, 0, 0],
    ],
  ],
]
for (const [what, pixels, bgrx, data, colours] of formats)
  test(`pixels of ${what} are read`, () => {
    assert.equal(isBgrx(pixels), bgrx)
    assert.ok(hasColours(pixels))
    const read = toBgrx(Buffer.from(data), 2, 1, pixels)
    const seen = [0, 4].map(at => [read[at + 2], read[at + 1], read[at]])
    assert.deepEqual(seen, colours)
  })

test('pixels that stand for a row of a table have no colours', () => {
  assert.ok(!hasColours({ ...base, bitsPerPixel: 8, red: 0, green: 0, blue: 0 }))
})

test('an image that is too short is an error', () => {
  const pixels = { ...base, bitsPerPixel: 16, red: 0xf800, green: 0x7e0, blue: 0x1f }
  assert.throws(() => toBgrx(Buffer.alloc(7), 2, 2, pixels), /ends early/)
})
