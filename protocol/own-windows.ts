import * as v from 'valibot'
import { wireBudgets } from './budgets.ts'

export const mostOwnWindows = wireBudgets.ownWindows.most

const pixels = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000))
const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000))

/** A window of a browser, as its own extension sees it: where it is, and never what it shows or is called. */
export const ownWindowSchema = v.object({
  left: pixels,
  top: pixels,
  width: size,
  height: size,
  state: v.picklist(['open', 'minimised']),
  private: v.boolean(),
})
export type OwnWindow = v.InferOutput<typeof ownWindowSchema>

export const ownWindowsSchema = v.pipe(v.array(ownWindowSchema), v.maxLength(mostOwnWindows))
