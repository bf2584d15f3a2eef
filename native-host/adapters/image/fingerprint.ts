import type { PixelRows } from './read-pixels.ts'
import { reduce } from './reduce.ts'

/** Pixels on a side of the squares: about a letter and what is around it. */
const square = 16

/** The luma (ITU-R BT.601) of each square, row by row. */
export async function brightnessOf(rows: PixelRows): Promise<Uint8Array> {
  const { pixels, width, height } = await reduce(rows, square)
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [r = 0, g = 0, b = 0] = pixels.subarray(3 * i, 3 * i + 3)
    return Math.round(0.299 * r + 0.587 * g + 0.114 * b)
  })
}
