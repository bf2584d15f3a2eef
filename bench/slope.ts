import { median } from './figure.ts'

export type Point = readonly [x: number, y: number]

/**
 * How much `y` grows with each `x` when it also goes up and down once in every `period`. NaN for points of
 * less than two periods.
 *
 * The median of all slopes between two levels (Theil–Sen) ignores one late collection, but also a growth or a
 * step that begins late. The slope from the first level to the last does not. The larger of the two counts.
 */
export function growth(points: readonly Point[], period: number): number {
  const levels = levelsOf(points, period)
  const slopes = levels.flatMap(from =>
    levels.filter(([x]) => x - from[0] >= period).map(to => slopeBetween(from, to)),
  )
  const [first, last] = [levels[0], levels.at(-1)]
  if (!first || !last || slopes.length === 0) return Number.NaN
  return Math.max(median(slopes), slopeBetween(first, last))
}

/**
 * The mean of each full period that begins at a point. What repeats itself in every period has the same mean
 * at any start of the period, and no single point moves it far.
 */
export function levelsOf(points: readonly Point[], period: number): Point[] {
  const end = points.at(-1)?.[0] ?? 0
  return points
    .filter(([begin]) => begin + period <= end)
    .map(([begin]) => [begin, meanBetween(points, begin, begin + period)])
}

/**
 * By how much the growth that points show may be wrong, to either side: twice the standard error of the slope through the
 * levels of periods that share no point. NaN for less than three periods.
 */
export function uncertainty(points: readonly Point[], period: number): number {
  const start = points[0]?.[0] ?? 0
  const levels = levelsOf(points, period).filter(
    ([x], index, all) =>
      index === 0 ||
      Math.floor((x - start) / period) > Math.floor(((all[index - 1]?.[0] ?? 0) - start) / period),
  )
  if (levels.length < 3) return Number.NaN
  const x0 = mean(levels.map(([x]) => x))
  const y0 = mean(levels.map(([, y]) => y))
  const width = levels.reduce((total, [x]) => total + (x - x0) ** 2, 0)
  const slope = levels.reduce((total, [x, y]) => total + (x - x0) * (y - y0), 0) / width
  const missed = levels.reduce((total, [x, y]) => total + (y - y0 - slope * (x - x0)) ** 2, 0)
  return 2 * Math.sqrt(missed / (levels.length - 2) / width)
}

/** The largest rise from one period to the next, and where they meet. Undefined for less than two periods. */
export function largestStep(points: readonly Point[], period: number): Point | undefined {
  const levels = levelsOf(points, period)
  const start = points[0]?.[0] ?? 0
  const steps = levels
    .filter(([x]) => x - period >= start)
    .map(([x, level]): Point => [x, level - meanBetween(points, x - period, x)])
  return steps.reduce<Point | undefined>(
    (largest, step) => (largest && largest[1] >= step[1] ? largest : step),
    undefined,
  )
}

/** The same points as if the step had never been. */
export function withoutStep(points: readonly Point[], [at, height]: Point): Point[] {
  return points.map(([x, y]) => [x, x < at ? y : y - height])
}

function meanBetween(points: readonly Point[], from: number, to: number): number {
  return mean(points.filter(([x]) => x >= from && x < to).map(([, y]) => y))
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}

function slopeBetween([x1, y1]: Point, [x2, y2]: Point): number {
  return (y2 - y1) / (x2 - x1)
}
