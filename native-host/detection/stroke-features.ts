import type { Stroke } from './strokes.ts'

/**
 * What is measured on each stroke. A row is one number; the model sees, of the last strokes, the average of each
 * number and how much it varied: people vary more from stroke to stroke than programs do.
 *
 * Sources: [S] Shen et al., User Authentication Through Mouse Dynamics (2013); [A] Acien et al., BeCAPTCHA-Mouse
 * (2022); [F] Flash and Hogan, The Coordination of Arm Movements (1985); [M] measured on the recordings, docs/detection.md.
 */
export type StrokeFeature = { name: string; unit: string; means: string; source: string }

export const strokeFeatures = [
  { name: 'steps', unit: 'log', means: 'number of steps', source: 'S' },
  { name: 'duration', unit: 'log ms', means: 'time from the first to the last step', source: 'S' },
  { name: 'path', unit: 'log px', means: 'length of the way', source: 'S' },
  { name: 'straightness', unit: 'ratio', means: 'direct distance by length of the way', source: 'S, A' },
  { name: 'largest_share', unit: 'ratio', means: 'longest step by length of the way', source: 'M' },
  { name: 'unit_steps', unit: 'ratio', means: 'steps of one pixel', source: 'M' },
  { name: 'interval', unit: 'log ms', means: 'mean time between steps', source: 'M' },
  {
    name: 'interval_variation',
    unit: 'ratio',
    means: 'how unequal the times between steps are',
    source: 'M',
  },
  { name: 'step_variation', unit: 'ratio', means: 'how unequal the steps are', source: 'A' },
  {
    name: 'speed_variation',
    unit: 'ratio',
    means: 'how much the speed changed over the way',
    source: 'A, F',
  },
  { name: 'speed_first', unit: 'ratio', means: 'speed in the first eighth, by the mean', source: 'F' },
  { name: 'speed_last', unit: 'ratio', means: 'speed in the last eighth, by the mean', source: 'F' },
  {
    name: 'collinear',
    unit: 'ratio',
    means: 'steps in exactly the direction of the one before',
    source: 'M',
  },
  { name: 'turning', unit: 'radians', means: 'mean change of direction', source: 'S' },
  {
    name: 'roughness',
    unit: 'ratio',
    means: 'mean difference of neighbouring steps, by the mean step',
    source: 'M',
  },
  { name: 'pause', unit: 'log ms', means: 'rest before it', source: 'S' },
  { name: 'largest_step', unit: 'log px', means: 'longest step', source: 'M' },
] as const satisfies StrokeFeature[]

export type StrokeFeatureName = (typeof strokeFeatures)[number]['name']
export const strokeFeatureCount = strokeFeatures.length

/** Shorter ones are mostly the tremor of a resting hand, and have no shape. */
export const shortestPathPx = 40

const speedBins = new Float64Array(8)

/** Measures a stroke into `row`, in the order of the table. */
export function measureStroke(stroke: Stroke, row: Float64Array): void {
  const { steps, dx, dy, length, interval, path } = stroke
  let duration = 0
  let timed = 0
  let squares = 0
  let largest = 0
  let units = 0
  let lengthSquares = 0
  for (let i = 0; i < steps; i++) {
    const ms = interval[i] as number
    const px = length[i] as number
    if (!Number.isNaN(ms)) {
      duration += ms
      squares += ms * ms
      timed++
    }
    if (px > largest) largest = px
    if (px <= 1.5) units++
    lengthSquares += px * px
  }
  let turning = 0
  let collinear = 0
  let rough = 0
  for (let i = 1; i < steps; i++) {
    const ax = dx[i - 1] as number
    const ay = dy[i - 1] as number
    const bx = dx[i] as number
    const by = dy[i] as number
    const cross = ax * by - ay * bx
    const dot = ax * bx + ay * by
    if (cross === 0) collinear++
    if (cross !== 0 || dot < 0) turning += Math.abs(Math.atan2(cross, dot))
    rough += Math.abs((length[i] as number) - (length[i - 1] as number))
  }
  const meanLength = path / steps
  const meanInterval = timed > 0 ? duration / timed : 0
  const joints = Math.max(1, steps - 1)
  const speeds = speedProfile(stroke, duration)
  row[0] = Math.log(steps)
  row[1] = Math.log(1 + duration)
  row[2] = Math.log(path)
  row[3] = Math.hypot(stroke.netX, stroke.netY) / path
  row[4] = largest / path
  row[5] = units / steps
  row[6] = Math.log(1 + meanInterval)
  row[7] = timed > 0 ? variation(squares / timed, meanInterval) : 0
  row[8] = variation(lengthSquares / steps, meanLength)
  row[9] = speeds.variation
  row[10] = speeds.first
  row[11] = speeds.last
  row[12] = collinear / joints
  row[13] = turning / joints
  row[14] = rough / joints / meanLength
  row[15] = Math.log(1 + Math.min(stroke.pauseMs, longestPauseMs))
  row[16] = Math.log(largest)
}

const longestPauseMs = 60_000

/** The way in eight equal spans of time. A hand is slow at both ends and fast in between. */
function speedProfile({ steps, length, interval, path }: Stroke, duration: number) {
  const bins = speedBins.length
  speedBins.fill(0)
  let at = 0
  for (let i = 0; i < steps; i++) {
    const ms = interval[i] as number
    const span = Number.isNaN(ms) ? 0 : ms
    const bin = duration > 0 ? Math.min(bins - 1, Math.floor(((at + span / 2) / duration) * bins)) : 0
    speedBins[bin] = (speedBins[bin] as number) + (length[i] as number)
    at += span
  }
  const mean = path / bins
  let squares = 0
  for (let bin = 0; bin < bins; bin++) squares += (speedBins[bin] as number) ** 2
  return {
    variation: variation(squares / bins, mean),
    first: (speedBins[0] as number) / mean,
    last: (speedBins[bins - 1] as number) / mean,
  }
}

/** Standard deviation by mean. */
function variation(meanOfSquares: number, mean: number): number {
  return mean > 0 ? Math.sqrt(Math.max(0, meanOfSquares - mean * mean)) / mean : 0
}
