import { evidence, type Rule, seconds } from './rule.ts'

/** Below half a second people can keep a beat, such as by a double click. */
const shortestMs = 500
const tolerance = 0.02

/** Movements that begin at equal intervals. People came to four in a row. */
export function rhythm(): Rule {
  let lastFrom = Number.NaN
  let lastInterval = Number.NaN
  let beats = 0
  return {
    onStroke(stroke, add) {
      if (stroke.pauseMs < 250) return
      const interval = stroke.from - lastFrom
      lastFrom = stroke.from
      if (interval >= shortestMs) {
        const even = Math.abs(interval - lastInterval) < tolerance * lastInterval
        beats = even ? beats + 1 : 0
        add(even ? 1 : -1, stroke.from - interval, stroke.to)
      }
      lastInterval = interval
    },
    evidence: () =>
      evidence(
        'rhythm',
        beats,
        `${beats} movements in a row began every ${seconds(lastInterval)}, within 2 %.`,
      ),
  }
}
