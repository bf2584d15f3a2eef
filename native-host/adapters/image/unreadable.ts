import type { PixelRows } from './read-pixels.ts'
import { mostReduction, type Rgb, reduce } from './reduce.ts'

/**
 * Removes the strokes of letters, because smearing can be undone (docs/decisions/0006). A letter of 110 px is reduced
 * to 14 px, blurred below the contrast of 8 bits, and stored so. The scale is the height in Full HD screens (the width
 * if upright), or the desktop's if larger.
 *
 * In JavaScript: no process, and no library sees what it hides.
 */
export async function makeUnreadable(
  rows: PixelRows,
  { scalePercent, scale }: { scalePercent: number; scale: number },
): Promise<Rgb> {
  const screens = Math.max(1, scale, Math.min(rows.width, rows.height) / onShortSide)
  const wanted = 2 * Math.max(Math.ceil((reduceBy / 2) * screens), Math.round(50 / scalePercent))
  const by = Math.min(wanted, mostReduction)
  const reduced = await reduce(rows, by)
  // What could not be reduced has to be blurred the more.
  for (let round = 0; round < Math.ceil((wanted / by) ** 2); round++) blur(reduced)
  return reduced
}

const reduceBy = 8
const onShortSide = 1080

/** Means of 7 pixels, five times over: all but a Gaussian of σ 4.5, since variances add up (5 · (7² - 1) / 12 = 20). */
const boxes = 5
export const reach = 3

/** In place. A border goes on outwards with its last pixel. */
function blur({ pixels, width, height }: Rgb): void {
  const levels = Float64Array.from(pixels)
  const line = new Float64Array(Math.max(width, height))
  for (let colour = 0; colour < 3; colour++) {
    for (let y = 0; y < height; y++) blurLine(levels, 3 * width * y + colour, 3, width, line)
    for (let x = 0; x < width; x++) blurLine(levels, 3 * x + colour, 3 * width, height, line)
  }
  for (let i = 0; i < pixels.length; i++) pixels[i] = Math.round(levels[i] ?? 0)
}

/** `count` values, `step` apart. */
function blurLine(
  levels: Float64Array,
  first: number,
  step: number,
  count: number,
  line: Float64Array,
): void {
  for (let round = 0; round < boxes; round++) {
    for (let i = 0; i < count; i++) line[i] = levels[first + i * step] ?? 0
    const at = (i: number) => line[i < 0 ? 0 : i < count ? i : count - 1] ?? 0
    let sum = 0
    for (let i = -reach; i <= reach; i++) sum += at(i)
    for (let i = 0; i < count; i++) {
      levels[first + i * step] = sum / (2 * reach + 1)
      sum += at(i + reach + 1) - at(i - reach)
    }
  }
}
