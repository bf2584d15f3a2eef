import type { Stroke } from '../strokes.ts'
import { evidence, type Rule, seconds } from './rule.ts'

/** So far back a repetition is looked for: some ten minutes of steady pointing. */
const remembered = 512
/** A match that tells nothing, such as one of two short strokes, ends no loop, but it costs. */
const fewestBits = 2
/** Strokes are not spread evenly over the screen, so that two are alike more often than by chance. */
const commonBits = 3.5
const missBits = 10
/** One stroke, however long, is not a loop. */
const mostBits = 10
/**
 * A stroke that repeats an earlier one step by step. Of 177,000 strokes of people 7 repeated one of the last 512 with four
 * changes of their steps, and none with more, so that two with this many in a row are a loop.
 */
const fewestChanges = 8
const exactBits = 40
/** A loop is forgotten after a few strokes that do not fit, however long it went on. */
const mostSum = 200

/**
 * The same strokes again in the same order. For each distance in the past the bits of surprise are added up: a stroke
 * of 300 px that ends within a pixel of where its predecessor did says about 13 bits, one that ends 30 px off says 3.
 * The longest chance repetition in 222 hours of people was 58 bits; a minute that is looped passes 80 within some
 * eight strokes, or two if nothing was changed at all. Displacements are compared, so a loop is found wherever it starts,
 * and in any sampling.
 */
export function loops(): Rule {
  const netX = new Float64Array(remembered)
  const netY = new Float64Array(remembered)
  const path = new Float64Array(remembered)
  const from = new Float64Array(remembered)
  const shapes = new Int32Array(remembered)
  const bits = new Float64Array(remembered)
  const length = new Int32Array(remembered)
  let count = 0
  let best = 0
  let told = { strokes: 0, periodMs: 0 }
  return {
    onStroke(stroke, add) {
      if (stroke.path < 3) return
      const size = Math.max(Math.hypot(stroke.netX, stroke.netY), stroke.path / 2)
      // Too short to tell anything, so it must not end a loop.
      const small = size < 12
      // Farther off is no match: where nothing was matched before either, there is nothing to add up.
      const reach = (2 + size) / 2 ** ((fewestBits + commonBits) / 2)
      const shape = shapeOf(stroke)
      let top = 0
      for (let back = 1; back < remembered && back <= count; back++) {
        const there = (count - back) % remembered
        const offX = (netX[there] as number) - stroke.netX
        if (bits[back] === 0 && Math.abs(offX) > reach) continue
        const offY = (netY[there] as number) - stroke.netY
        const off = Math.sqrt(offX * offX + offY * offY) + Math.abs((path[there] as number) - stroke.path) / 4
        const surprise = 2 * Math.log2((2 + size) / (1 + off)) - commonBits
        const exact = shape !== 0 && shapes[there] === shape
        const fits = small && off <= 2
        const change = exact ? exactBits : changeFor(surprise, fits)
        bits[back] = Math.max(0, Math.min((bits[back] as number) + change, mostSum))
        length[back] = (bits[back] as number) > 0 ? (length[back] as number) + 1 : 0
        if ((bits[back] as number) > (bits[top] as number)) top = back
      }
      const slot = count % remembered
      netX[slot] = stroke.netX
      netY[slot] = stroke.netY
      path[slot] = stroke.path
      from[slot] = stroke.from
      shapes[slot] = shape
      count++
      const sum = bits[top] as number
      const goesOn = sum > 0 && sum >= best
      if (goesOn) {
        const earlier = from[(count - 1 - top + remembered) % remembered] as number
        told = { strokes: length[top] as number, periodMs: stroke.from - earlier }
      }
      // The sum of the best distance is the evidence, so what is added is by how much that changed. One that is as high
      // as it gets still goes on.
      add(goesOn ? Math.max(sum - best, 0.01) : sum - best, stroke.from, stroke.to)
      best = sum
    },
    evidence: () =>
      evidence(
        'loop',
        told.strokes,
        `Movements repeated: ${told.strokes} in a row matched those of ${seconds(told.periodMs)} earlier to the pixel.`,
      ),
  }
}

/** By how many bits a distance in the past gains or loses. */
function changeFor(surprise: number, fits: boolean): number {
  if (surprise >= fewestBits) return Math.min(surprise, mostBits)
  return fits ? 0 : -missBits
}

/**
 * A number that strokes of the very same steps share, and others by chance once in two thousand million (FNV-1a over the
 * steps, draft-eastlake-fnv); 0 for a stroke too plain for its repetition to say anything.
 */
function shapeOf({ steps, dx, dy }: Stroke): number {
  let hash = 0x811c9dc5
  let changes = 0
  for (let step = 0; step < steps; step++) {
    const x = dx[step] as number
    const y = dy[step] as number
    if (step > 0 && (x !== dx[step - 1] || y !== dy[step - 1])) changes++
    hash = Math.imul(hash ^ x, 0x01000193)
    hash = Math.imul(hash ^ y, 0x01000193)
  }
  return changes < fewestChanges ? 0 : hash | 1
}
