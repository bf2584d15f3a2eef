/** How much `y` grows with each `x`, by least squares. NaN for fewer than two points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: number[]) => values.reduce((total, value) => total + value, 0) / values.length
  const x0 = mean(points.map(([x]) => x))
  const y0 = mean(points.map(([, y]) => y))
  const shared = points.reduce((total, [x, y]) => total + (x - x0) * (y - y0), 0)
  return shared / points.reduce((total, [x]) => total + (x - x0) ** 2, 0)
}

/**
 * The lowest point of each full span of `length`, counted from the first point. What is collected now and then goes up
 * and down between two collections, and only its low points say whether it grows.
 */
export function lowPoints(
  points: readonly (readonly [x: number, y: number])[],
  length: number,
): (readonly [x: number, y: number])[] {
  const [first, last] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0]
  const full = Math.floor((last - first) / length)
  const spans = Map.groupBy(points, ([x]) => Math.floor((x - first) / length))
  return [...spans].flatMap(([span, own]) =>
    span < full ? [own.reduce((lowest, point) => (point[1] < lowest[1] ? point : lowest))] : [],
  )
}
