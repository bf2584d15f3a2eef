import { setImmediate as otherWork } from 'node:timers/promises'
import type { PixelRows } from './read-pixels.ts'

/** Red, green, blue. */
export type Rgb = { pixels: Uint8Array; width: number; height: number }

/** Sums of two colours lie side by side in 32 bits. Beyond this they would run into each other. */
export const mostReduction = 64

/** What may pass before others have their turn. */
const pixelsAtATime = 1_000_000

/**
 * The picture at 1/`by` of its size (rounded up): squares of four become one, then a tent ("linear" kernel) weights
 * each pixel. A box would turn one fine stripe in forty into a coarse one.
 *
 * A pixel has two weights, 2·by together: its own cell and the nearer neighbour, |2·i + 1 - by| for pixel i.
 * @param by even, 4 to mostReduction
 */
export async function reduce(rows: PixelRows, by: number): Promise<Rgb> {
  const cell = by / 2
  const [width, height] = [Math.ceil(rows.width / by), Math.ceil(rows.height / by)]
  const result = new Uint8Array(3 * width * height)
  const halved = new Uint32Array(width * cell)
  const sums = new Int32Array(3 * width)
  let above = new Uint32Array(sums.length)
  let here = new Uint32Array(sums.length)
  let below = new Uint32Array(sums.length)
  for (let y = 0, pixelsDone = 0; y < height; y++) {
    const count = Math.min(by, rows.height - y * by)
    const pixels = rows.read(y * by, count)
    for (let at = 0; at < cell; at++) {
      // Beyond the edge the last row goes on.
      if (2 * at < count) {
        halve(pixels, rows.width, 2 * at, Math.min(2 * at + 1, count - 1), halved)
        sumUpRow(halved, cell, sums)
      }
      addRow(sums, Math.abs(2 * at + 1 - cell), 2 * cell, 2 * at < cell ? above : below, here)
    }
    // Rows above the first and below the last one are their mirror image.
    if (y === 0) addTo(here, above)
    else writeRow(above, cell, result.subarray(3 * width * (y - 1)))
    if (y === height - 1) {
      addTo(here, below)
      writeRow(here, cell, result.subarray(3 * width * y))
    }
    const next = above.fill(0)
    above = here
    here = below
    below = next
    pixelsDone += count * rows.width
    if (pixelsDone > pixelsAtATime) {
      pixelsDone = 0
      await otherWork()
    }
  }
  return { pixels: result, width, height }
}

/** Means of squares of four pixels, of the rows `upper` and `lower`. The last one goes on. */
function halve(pixels: Uint32Array, width: number, upper: number, lower: number, halved: Uint32Array): void {
  const [top, bottom] = [upper * width, lower * width]
  const whole = width >> 1
  for (let x = 0; x < whole; x++) {
    const left = mean(pixels[top + 2 * x] ?? 0, pixels[bottom + 2 * x] ?? 0)
    const right = mean(pixels[top + 2 * x + 1] ?? 0, pixels[bottom + 2 * x + 1] ?? 0)
    halved[x] = mean(left, right)
  }
  halved.fill(mean(pixels[top + width - 1] ?? 0, pixels[bottom + width - 1] ?? 0), whole)
}

/** Of all colours at once: what both have, and half of what only one has. */
function mean(one: number, other: number): number {
  return (one & other) + (((one ^ other) >>> 1) & 0x7f7f7f)
}

/**
 * `sums` becomes red, green, blue of each cell of `by` pixels, weighted along the row.
 *
 * Each half of a cell is walked from its outer end to the middle, where the weight for the neighbour falls by 2 with
 * each pixel: sums of sums do that without a multiplication, and red and blue share one number.
 */
function sumUpRow(pixels: Uint32Array, by: number, sums: Int32Array): void {
  const half = by >> 1
  const odd = by & 1
  const lastCell = sums.length / 3 - 1
  sums.fill(0)
  for (let cell = 0; cell <= lastCell; cell++) {
    const own = 3 * cell
    for (let side = -1; side <= 1; side += 2) {
      let at = side < 0 ? cell * by : (cell + 1) * by - 1
      let redBlue = 0
      let green = 0
      let redBlueSums = 0
      let greenSums = 0
      for (let i = 0; i < half; i++) {
        const pixel = pixels[at] ?? 0
        redBlue = (redBlue + (pixel & 0xff00ff)) | 0
        green = (green + (pixel & 0xff00)) | 0
        redBlueSums = (redBlueSums + redBlue) | 0
        greenSums = (greenSums + green) | 0
        at -= side
      }
      const other = 3 * Math.min(lastCell, Math.max(0, cell + side))
      const [red, redSums] = [redBlue >>> 16, redBlueSums >>> 16]
      const [blue, blueSums] = [redBlue & 0xffff, redBlueSums & 0xffff]
      share(sums, own, other, by, red, 2 * redSums - (1 - odd) * red)
      share(sums, own + 1, other + 1, by, green >>> 8, (2 * greenSums - (1 - odd) * green) >>> 8)
      share(sums, own + 2, other + 2, by, blue, 2 * blueSums - (1 - odd) * blue)
    }
    if (odd === 0) continue
    const middle = pixels[cell * by + half] ?? 0
    share(sums, own, own, by, (middle >>> 16) & 0xff, 0)
    share(sums, own + 1, own + 1, by, (middle >>> 8) & 0xff, 0)
    share(sums, own + 2, own + 2, by, middle & 0xff, 0)
  }
}

/** `forOther` of the 2·`by` weights of `sum` go to another cell. */
function share(
  sums: Int32Array,
  own: number,
  other: number,
  by: number,
  sum: number,
  forOther: number,
): void {
  sums[own] = (sums[own] ?? 0) + 2 * by * sum - forOther
  sums[other] = (sums[other] ?? 0) + forOther
}

/** `weight` of it to the neighbour, and the rest of `whole` to its own cell. */
function addRow(
  row: Int32Array,
  weight: number,
  whole: number,
  neighbour: Uint32Array,
  own: Uint32Array,
): void {
  const rest = whole - weight
  for (let i = 0; i < row.length; i++) {
    const sum = row[i] ?? 0
    own[i] = (own[i] ?? 0) + rest * sum
    neighbour[i] = (neighbour[i] ?? 0) + weight * sum
  }
}

function addTo(row: Uint32Array, mirrored: Uint32Array): void {
  for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) + (mirrored[i] ?? 0)
}

function writeRow(sums: Uint32Array, by: number, into: Uint8Array): void {
  const weights = (2 * by * by) ** 2
  for (let i = 0; i < sums.length; i++) into[i] = Math.round((sums[i] ?? 0) / weights)
}
