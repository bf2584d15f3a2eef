import { evidence, type Rule } from './rule.ts'

/** Clicks that are looked at together. */
const window = 10
/** The second of a double click has no way to it either, so only what is more than that counts. */
const mostClickedInPlace = 2
/** Faster than any mouse reports: the times are not those of the clicks. */
const shortestMs = 1

/**
 * Clicks one after the other without a hand's way to any of them, and all alike: held equally short, or
 * at equal intervals. People click on one spot too, but hold for 60 to 120 ms and not alike.
 */
export function clicks(): Rule {
  const holds = new Float64Array(window)
  const intervals = new Float64Array(window)
  let count = 0
  let pressedAt = Number.NaN
  let lastPressAt = Number.NaN
  let movesSince = 0
  let inPlace = 0
  let told = { hold: 0, interval: 0, variation: 0 }
  return {
    onEvent(event, add) {
      if (event.kind === 'move') movesSince++
      if (event.kind === 'button-down') {
        const interval = event.at - lastPressAt
        inPlace = movesSince <= 1 && interval < 5000 ? inPlace + 1 : 0
        if (inPlace === 0) count = 0
        intervals[count % window] = interval
        pressedAt = lastPressAt = event.at
        movesSince = 0
      }
      if (event.kind !== 'button-up' || Number.isNaN(pressedAt)) return
      holds[count % window] = event.at - pressedAt
      pressedAt = Number.NaN
      if (inPlace <= mostClickedInPlace) return
      count++
      if (count < window) return
      const hold = spread(holds)
      const interval = spread(intervals)
      if (interval.mean < shortestMs) return
      told = { hold: hold.mean, interval: interval.mean, variation: interval.deviation / interval.mean }
      const machineHold = hold.largest < 62 || hold.deviation < 1.5
      const machineBeat = told.variation < 0.025
      const humanHold = hold.mean > 70 && !machineBeat && hold.deviation >= 1.5
      const amount = machineBeat ? 1 : machineHold ? briefly(interval.mean) : humanHold ? -2 : 0
      add(amount, event.at - interval.mean * window, event.at)
    },
    evidence: () =>
      evidence(
        'clicks_alike',
        Math.round(told.interval),
        `The pointer did not move to these clicks. They were held for ${told.hold.toFixed(0)} ms on average and came every ${told.interval.toFixed(0)} ms with a variation of ${(100 * told.variation).toFixed(1)} %.`,
      ),
  }
}

/**
 * A touchpad that is tapped holds as briefly as a clicker does, and so do fingers that play a game as fast as they can: ten times
 * a second for half a minute. What clicks on without a beat has to do so for longer, the more so the faster.
 */
function briefly(intervalMs: number): number {
  return Math.min(0.4, 0.1 * (intervalMs / 200) ** 2)
}

function spread(values: Float64Array): { mean: number; deviation: number; largest: number } {
  let sum = 0
  let squares = 0
  let largest = 0
  for (const value of values) {
    sum += value
    squares += value * value
    if (value > largest) largest = value
  }
  const mean = sum / values.length
  return { mean, deviation: Math.sqrt(Math.max(0, squares / values.length - mean * mean)), largest }
}
