/**
 * A sum of small decision trees (gradient boosting, Friedman 2001), flat in one array so that it can be read as data:
 * each tree of depth d has 2^d - 1 questions and 2^d leaves.
 */
export type BoostedTrees = {
  readonly depth: number
  /** Of each question in turn: which column it looks at, and the bound; below it goes to the left. */
  readonly columns: readonly number[]
  readonly bounds: readonly number[]
  /** What each leaf adds to the logarithm of the odds. */
  readonly leaves: readonly number[]
}

/** The logarithm of the odds: 0 is undecided, 3 is twenty to one. */
export function scoreOf({ depth, columns, bounds, leaves }: BoostedTrees, row: Float64Array): number {
  const questions = 2 ** depth - 1
  const ends = 2 ** depth
  let sum = 0
  for (let tree = 0; tree * ends < leaves.length; tree++) {
    let node = 0
    while (node < questions) {
      const question = tree * questions + node
      const right = (row[columns[question] as number] as number) >= (bounds[question] as number)
      node = 2 * node + (right ? 2 : 1)
    }
    sum += leaves[tree * ends + node - questions] as number
  }
  return sum
}
