const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** `600 kB`, `1.3 MB`, `120 GB`. @param number how the reader writes numbers */
export function formatBytes(bytes: number, number: (value: number) => string = String): string {
  let value = bytes
  let unit = 0
  // What rounds to a thousand of a unit is one of the next.
  while (Math.round(value) >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const rounded = unit === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10
  return `${number(rounded)} ${units[unit]}`
}
