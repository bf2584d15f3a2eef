import { measureStroke, strokeFeatureCount, strokeFeatures } from './stroke-features.ts'
import type { Stroke } from './strokes.ts'

/** So many strokes are judged together: some 20 seconds of pointing. */
export const windowStrokes = 9

/** The columns that a model sees: of each feature the average over the window, and how much it varied. */
export const windowColumns = strokeFeatures.flatMap(({ name, unit, means }) => [
  { name, unit, means: `${means}, on average` },
  { name: `${name}_spread`, unit, means: `${means}: how much it varied from stroke to stroke` },
])

/** The features of the last strokes, and what they sum up to. */
export function createStrokeWindow() {
  const rows = Array.from({ length: windowStrokes }, () => new Float64Array(strokeFeatureCount))
  const starts = new Float64Array(windowStrokes)
  const summary = new Float64Array(2 * strokeFeatureCount)
  let count = 0

  return {
    /** The summary once there are enough strokes. It is written again by the next call. */
    add(stroke: Stroke): Float64Array | undefined {
      const slot = count % windowStrokes
      measureStroke(stroke, rows[slot] as Float64Array)
      starts[slot] = stroke.from
      count++
      if (count < windowStrokes) return undefined
      for (let feature = 0; feature < strokeFeatureCount; feature++) {
        let sum = 0
        let squares = 0
        for (const row of rows) {
          const value = row[feature] as number
          sum += value
          squares += value * value
        }
        const mean = sum / windowStrokes
        summary[2 * feature] = mean
        summary[2 * feature + 1] = Math.sqrt(Math.max(0, squares / windowStrokes - mean * mean))
      }
      return summary
    },

    /** When the oldest stroke of the window began. */
    from: () => starts[count % windowStrokes] as number,
  }
}
