import type { BoostedTrees } from '../../native-host/detection/boosted-trees.ts'

/** `y`: 1 for a script, 0 for a person; `weight`: how much the row counts. */
export type Example = { row: Float64Array; y: 0 | 1; weight: number }

const bins = 32
const depth = 3
const shrinkage = 0.1
/** Keeps leaves small that stand on little (the lambda of XGBoost, Chen and Guestrin 2016). */
const regularisation = 5
const fewestRows = 20
/** In JSON there is no infinity; no feature comes near this. */
const everythingLeft = 1e300

/** Gradient boosting of the logistic loss with second derivatives, over histograms of 32 quantiles. */
export function fitTrees(examples: readonly Example[], trees: number): BoostedTrees {
  const columnCount = examples[0]?.row.length ?? 0
  const edges = Array.from({ length: columnCount }, (_, column) => quantiles(examples, column))
  const binned = examples.map(({ row }) =>
    Uint8Array.from(row, (value, column) => binOf(edges[column] ?? [], value)),
  )
  const scores = new Float64Array(examples.length)
  const model = { depth, columns: [] as number[], bounds: [] as number[], leaves: [] as number[] }
  for (let tree = 0; tree < trees; tree++) {
    const gradient = new Float64Array(examples.length)
    const curvature = new Float64Array(examples.length)
    for (const [index, { y, weight }] of examples.entries()) {
      const p = 1 / (1 + Math.exp(-(scores[index] as number)))
      gradient[index] = weight * (y - p)
      curvature[index] = weight * p * (1 - p)
    }
    growTree(gradient, curvature)
  }
  return model

  function growTree(gradient: Float64Array, curvature: Float64Array): void {
    let level = [Int32Array.from(examples, (_, index) => index)]
    for (let d = 0; d < depth; d++) {
      level = level.flatMap(rows => {
        const { column, bin } = bestSplit(rows, gradient, curvature) ?? { column: 0, bin: -1 }
        model.columns.push(column)
        model.bounds.push(bin < 0 ? everythingLeft : (edges[column]?.[bin] ?? everythingLeft))
        if (bin < 0) return [rows, new Int32Array()]
        const left = (index: number) => (binned[index]?.[column] ?? 0) <= bin
        return [rows.filter(left), rows.filter(index => !left(index))]
      })
    }
    for (const rows of level) {
      let g = 0
      let h = 0
      for (const index of rows) {
        g += gradient[index] as number
        h += curvature[index] as number
      }
      const leaf = Math.round((1e4 * shrinkage * g) / (h + regularisation)) / 1e4
      model.leaves.push(leaf)
      for (const index of rows) scores[index] = (scores[index] as number) + leaf
    }
  }

  function bestSplit(rows: Int32Array, gradient: Float64Array, curvature: Float64Array) {
    let best: { column: number; bin: number } | undefined
    let bestGain = 1e-3
    if (rows.length < 2 * fewestRows) return undefined
    for (let column = 0; column < columnCount; column++) {
      const g = new Float64Array(bins)
      const h = new Float64Array(bins)
      const n = new Int32Array(bins)
      for (const index of rows) {
        const bin = binned[index]?.[column] as number
        g[bin] = (g[bin] as number) + (gradient[index] as number)
        h[bin] = (h[bin] as number) + (curvature[index] as number)
        n[bin] = (n[bin] as number) + 1
      }
      const total = { g: sum(g), h: sum(h) }
      const part = { g: 0, h: 0, n: 0 }
      for (let bin = 0; bin < bins - 1; bin++) {
        part.g += g[bin] as number
        part.h += h[bin] as number
        part.n += n[bin] as number
        if (part.n < fewestRows || rows.length - part.n < fewestRows) continue
        const gain =
          merit(part.g, part.h) + merit(total.g - part.g, total.h - part.h) - merit(total.g, total.h)
        if (gain <= bestGain) continue
        bestGain = gain
        best = { column, bin }
      }
    }
    return best
  }
}

function merit(g: number, h: number): number {
  return (g * g) / (h + regularisation)
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}

function quantiles(examples: readonly Example[], column: number): number[] {
  const sorted = Float64Array.from(examples, ({ row }) => row[column] as number).sort()
  const edges = new Set<number>()
  for (let bin = 1; bin < bins; bin++) edges.add(sorted[Math.floor((bin * sorted.length) / bins)] as number)
  return [...edges].sort((a, b) => a - b)
}

function binOf(edges: readonly number[], value: number): number {
  let bin = 0
  while (bin < edges.length && value >= (edges[bin] as number)) bin++
  return bin
}
