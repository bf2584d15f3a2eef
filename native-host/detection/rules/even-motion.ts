import { measureStroke, strokeFeatureCount } from '../stroke-features.ts'
import { evidence, type Rule } from './rule.ts'

/** Shorter strokes have no shape to speak of. */
const fewestSteps = 15
const shortestPx = 60
/** People's strokes begin and end slowly: of theirs 1 % vary less in speed than 0.3 to 0.5, and hardly any in both. */
const evenSpeed = 0.3
const evenSteps = 0.4
/**
 * A connection that passes on a place every tenth of a second rounds the speed off, so there it takes more: of a hand that
 * draws circles fast, a third of the strokes would seem even.
 */
const coarseMs = 80
const coarsely = 0.65

/** Strokes at one speed in equal steps. People drew at most four in a row in 222 hours, whatever their mouse. */
export function evenMotion(): Rule {
  const row = new Float64Array(strokeFeatureCount)
  let found = 0
  let judged = 0
  return {
    onStroke(stroke, add) {
      if (stroke.steps < fewestSteps || stroke.path < shortestPx) return
      measureStroke(stroke, row)
      const [stepVariation = 1, speedVariation = 1] = row.subarray(8, 10)
      const bound = stroke.to - stroke.from > coarseMs * stroke.steps ? coarsely : 1
      const even = speedVariation < bound * evenSpeed && stepVariation < bound * evenSteps
      judged++
      if (even) found++
      add(even ? 2 : -1.5, stroke.from, stroke.to)
    },
    evidence: () =>
      evidence(
        'even_motion',
        found,
        `${found} of ${judged} movements had one speed and equal steps. A hand starts and stops slowly.`,
      ),
  }
}
