export type Random = ReturnType<typeof seededRandom>

/** The same numbers for the same seed (mulberry32), so that what is made up can be made up again. */
export function seededRandom(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  /** Box and Muller 1958. */
  const normal = (mean: number, deviation: number) =>
    mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    uniform: (low: number, high: number) => low + (high - low) * next(),
    normal,
    /** `spread`: the standard deviation of the logarithm. */
    logNormal: (median: number, spread: number) => median * Math.exp(normal(0, spread)),
  }
}
