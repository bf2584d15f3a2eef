import { type BoostedTrees, scoreOf } from '../boosted-trees.ts'
import { shortestPathPx } from '../stroke-features.ts'
import { createStrokeWindow, windowColumns, windowStrokes } from '../stroke-window.ts'
import { evidence, type Rule } from './rule.ts'

/** Odds of seven to one for a script are no evidence yet: the model has seen few of the people that there are. */
const undecided = 2
/** No window says more than this, so that eight in a row are needed at least. */
const most = 6

/** `typical`: of each column what nine of ten windows of people have, to say in words what is unusual. */
export type PointerWeights = BoostedTrees & { typical: readonly { low: number; high: number }[] }

/** How the last nine strokes were drawn, by a model that was fitted to people and tools (docs/detection.md). */
export function pointerModel(model: PointerWeights): Rule {
  const strokes = createStrokeWindow()
  const told = { score: 0, summary: new Float64Array(windowColumns.length) }
  return {
    onStroke(stroke, add) {
      if (stroke.path < shortestPathPx) return
      const summary = strokes.add(stroke)
      if (!summary) return
      const score = scoreOf(model, summary)
      const amount = Math.max(-most, Math.min(most, score - undecided)) / windowStrokes
      if (amount > 0) {
        told.score = score
        told.summary.set(summary)
      }
      add(amount, strokes.from(), stroke.to)
    },
    evidence: () =>
      evidence(
        'pointer_style',
        Math.round(10 * told.score) / 10,
        `The last ${windowStrokes} movements look drawn by a tool, not by a person. Most unusual: ${oddestOf(told.summary)}.`,
      ),
  }

  /** The columns that are farthest outside of what nine of ten people do. */
  function oddestOf(summary: Float64Array): string {
    return windowColumns
      .map(({ means }, index) => {
        const { low = 0, high = 0 } = model.typical[index] ?? {}
        const value = summary[index] as number
        const off = Math.max(low - value, value - high) / (high - low || 1)
        return { off, text: `${means} (${round(value)}; people ${round(low)} to ${round(high)})` }
      })
      .sort((a, b) => b.off - a.off)
      .slice(0, 2)
      .map(({ text }) => text)
      .join('; ')
  }
}

function round(value: number): string {
  return value.toFixed(2)
}
