/**
 * One line of the table. `limit` is an upper bound that the project promises to stay under, `atLeast` a lower one; `of`
 * is our own figure, where the line is that of a peer.
 */
export type Figure = {
  name: string
  value: number
  unit: string
  limit?: number
  atLeast?: number
  of?: number
  /** Why it is known to miss its limit. It misses it all the same. */
  because?: string
}

/** `data`: a folder of recordings, which are not the project's to ship. */
export type BenchOptions = { data: string | undefined; fit: boolean; picture: boolean; minutes: number }

export type Benchmark = {
  what: string
  /** Runs only when its name is given, because it takes long. */
  long?: true
  /** Why it cannot run with these options. */
  lacks?(options: BenchOptions): string | undefined
  measure(options: BenchOptions): Promise<Figure[]>
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
