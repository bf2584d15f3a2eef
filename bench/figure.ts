/**
 * One line of the table. `limit` is an upper bound that the project promises to stay under; `of` is our own figure, where
 * the line is that of a peer.
 */
export type Figure = { name: string; value: number; unit: string; limit?: number; of?: number }

export type Benchmark = { what: string; measure(): Promise<Figure[]> }

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
