/** How much `y` grows with each `x`, by least squares. NaN for fewer than two points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: number[]) => values.reduce((total, value) => total + value, 0) / values.length
  const x0 = mean(points.map(([x]) => x))
  const y0 = mean(points.map(([, y]) => y))
  const shared = points.reduce((total, [x, y]) => total + (x - x0) * (y - y0), 0)
  return shared / points.reduce((total, [x]) => total + (x - x0) ** 2, 0)
}
