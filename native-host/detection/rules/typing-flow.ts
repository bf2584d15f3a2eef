import { createKeyPresses } from './key-presses.ts'
import { evidence, type Rule } from './rule.ts'

/** Key strokes that are looked at together, and how often. */
const window = 100
const stride = 20
/** A longer wait is thinking and no part of the flow. */
const longestMs = 1500
/** Faster than any keyboard reports: the times are not those of the keys. */
const shortestMs = 0.5
/** Somebody who taps one key keeps a beat and hesitates at nothing; what is more even than a finger is for the rule of 30. */
const tapping = 0.15

/**
 * A hundred key strokes without a hesitation. Whoever writes waits now and then for the next word, or for a finger that has
 * a long way: of 100 waits the longest is 3 to 9 times the median, and most are short. Waits that a program draws
 * between two bounds, or with the spread of a bell, have no such tail, and the more of them there are the plainer it is.
 */
export function typingFlow(): Rule {
  const waits = new Float64Array(window)
  const sorted = new Float64Array(window)
  const keys = createKeyPresses()
  let waited = 0
  let lastAt = Number.NaN
  let told = { median: 0, longest: 0 }
  return {
    onEvent(event, add) {
      if (event.kind === 'key-up') keys.release(event)
      if (event.kind !== 'key-down' || !keys.isPress(event)) return
      const wait = event.at - lastAt
      lastAt = event.at
      if (!(wait < longestMs)) return
      waits[waited++ % window] = wait
      if (waited < window || waited % stride !== 0) return
      sorted.set(waits)
      sorted.sort()
      const seen = describe(sorted)
      if (seen.mean < shortestMs) return
      const amount = amountOf(seen)
      if (amount > 0) told = { median: seen.median, longest: seen.longest }
      add(amount, event.at - seen.mean * window, event.at)
    },
    evidence: () =>
      evidence(
        'typing_flow',
        Math.round(100 * told.longest) / 100,
        `Of ${window} pauses between keys, the median was ${told.median.toFixed(0)} ms and the longest ${told.longest.toFixed(1)} times that. People’s longest pauses are 3 to 9 times the median.`,
      ),
  }
}

type Flow = { mean: number; variation: number; skew: number; median: number; longest: number; long: number }

function amountOf({ variation, skew, longest, long }: Flow): number {
  if (variation < tapping) return 0
  if (longest < 2 && skew < 0.45) return 3
  if (longest < 2.4 && skew < 0.7 && long < 1.75) return 1.5
  if (longest < 2.7 && long < 1.75 && skew < 1) return 0.75
  return -3
}

/** @param sorted from the shortest */
function describe(sorted: Float64Array): Flow {
  const count = sorted.length
  const mean = sorted.reduce((sum, wait) => sum + wait, 0) / count
  let squares = 0
  let cubes = 0
  for (const wait of sorted) {
    const off = wait - mean
    squares += off * off
    cubes += off * off * off
  }
  const deviation = Math.sqrt(squares / count)
  const median = sorted[count >> 1] as number
  const by = (wait: number) => (median > 0 ? wait / median : 1)
  return {
    mean,
    variation: mean > 0 ? deviation / mean : 0,
    skew: deviation > 0 ? cubes / count / deviation ** 3 : 0,
    median,
    longest: by(sorted[count - 1] as number),
    long: by(sorted[Math.floor(0.97 * (count - 1))] as number),
  }
}
