import { createKeyPresses } from './key-presses.ts'
import { evidence, type Rule } from './rule.ts'

/** Key strokes that are looked at together, and how often. */
const window = 30
const stride = 10
/** A longer wait is thinking and no part of the rhythm. */
const longestMs = 1500
/** Fingers that tap one key in time vary by 3 to 15 %, so that up to there the holds have to be alike as well. */
const evenest = 0.025
/** Faster than any keyboard reports: the times are not those of the keys. */
const shortestMs = 0.5

/**
 * Typing that no hand does: keys that are not held, or waits between them that are too alike. Of 19,600 stretches of 30
 * strokes by 1,160 people one in ten thousand held its keys for less than 53 ms on average, or had a longest wait of
 * less than 1.37 times the mean. What is faked with the spread and the skew of a person is not found here.
 */
export function typing(): Rule {
  const waits = new Float64Array(window)
  const holds = new Float64Array(window)
  const keys = createKeyPresses()
  let waited = 0
  let held = 0
  let lastAt = Number.NaN
  let told = { hold: 0, variation: 0, mean: 0 }
  return {
    onEvent(event, add) {
      if (event.kind === 'key-up') {
        const hold = keys.release(event)
        if (hold !== undefined) holds[held++ % window] = hold
      }
      if (event.kind !== 'key-down' || !keys.isPress(event)) return
      const wait = event.at - lastAt
      lastAt = event.at
      if (!(wait < longestMs)) return
      waits[waited++ % window] = wait
      if (waited < window || waited % stride !== 0 || held < window / 2) return
      const seen = describe(waits, holds.subarray(0, Math.min(held, window)))
      if (seen.mean < shortestMs) return
      told = { hold: seen.hold, variation: seen.variation, mean: seen.mean }
      add(amountOf(seen), event.at - seen.mean * window, event.at)
    },
    evidence: () =>
      evidence(
        'typing_alike',
        Math.round(told.mean),
        `Keys were held for ${told.hold.toFixed(0)} ms on average and came every ${told.mean.toFixed(0)} ms with a variation of ${(100 * told.variation).toFixed(0)} %; people hold for 80 to 130 ms and vary by 40 to 90 %.`,
      ),
  }
}

type Seen = {
  mean: number
  variation: number
  skew: number
  longest: number
  hold: number
  holdVariation: number
}

/** In units of the limit's tenth; the bounds are those that at most one in a thousand stretches of people passed. */
function amountOf({ variation, skew, longest, hold, holdVariation }: Seen): number {
  if (hold < 25 || variation < evenest) return 4
  if (variation < 0.15) return holdVariation < 0.08 ? 4 : 0.4
  const unlike = Number(variation < 0.24) + Number(longest < 1.5) + Number(skew < -0.1) + Number(hold < 58)
  if (unlike >= 2) return 1
  if (unlike === 1 && (variation < 0.36 || longest < 1.9)) return 0.5
  return -1.5
}

function describe(waits: Float64Array, holds: Float64Array): Seen {
  let sum = 0
  let largest = 0
  for (const wait of waits) {
    sum += wait
    if (wait > largest) largest = wait
  }
  const mean = sum / waits.length
  let squares = 0
  let cubes = 0
  for (const wait of waits) {
    const off = wait - mean
    squares += off * off
    cubes += off * off * off
  }
  const deviation = Math.sqrt(squares / waits.length)
  let held = 0
  let heldSquares = 0
  for (const hold of holds) {
    held += hold
    heldSquares += hold * hold
  }
  const hold = held / holds.length
  return {
    mean,
    variation: mean > 0 ? deviation / mean : 0,
    skew: deviation > 0 ? cubes / waits.length / deviation ** 3 : 0,
    longest: mean > 0 ? largest / mean : 1,
    hold,
    holdVariation: hold > 0 ? Math.sqrt(Math.max(0, heldSquares / holds.length - hold * hold)) / hold : 0,
  }
}
