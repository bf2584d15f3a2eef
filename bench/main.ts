import { styleText } from 'node:util'
import type { Benchmark, Figure } from './figure.ts'

/**
 * `npm run bench [NAME …]`: measures and prints; never part of a test, because a figure of a busy machine says
 * little. Exit 1 when a figure misses its limit, so that a release can be held to them.
 */
const benchmarks: Record<string, () => Promise<{ default: Benchmark }>> = {
  rest: () => import('./rest.ts'),
  events: () => import('./events.ts'),
  bridge: () => import('./bridge.ts'),
  popup: () => import('./popup.ts'),
  storing: () => import('./storing.ts'),
  upload: () => import('./upload.ts'),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  console.error(`No benchmark named ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}`)
  process.exit(64)
}

const figures: Figure[] = []
for (const [name, load] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const { default: benchmark } = await load()
  console.error(styleText('dim', `${name}: ${benchmark.what} …`))
  figures.push(...(await benchmark.measure()))
}
console.log(tableOf(figures))
process.exitCode = figures.some(missesLimit) ? 1 : 0

function missesLimit({ value, limit }: Figure): boolean {
  return limit !== undefined && value > limit
}

function ratioOf({ value, limit, of }: Figure): string {
  if (of !== undefined) return `ours is ${(of / value).toFixed(2)} × that`
  return limit === undefined ? '' : `${((value / limit) * 100).toFixed(0)} % of it`
}

function tableOf(rows: readonly Figure[]): string {
  const cells = rows.map(row => [
    row.name,
    `${formatted(row.value)} ${row.unit}`,
    row.limit === undefined ? '' : `under ${formatted(row.limit)}`,
    ratioOf(row),
    missesLimit(row) ? 'MISSED' : '',
  ])
  const all = [['figure', 'measured', 'limit', '', ''], ...cells]
  const widths = [0, 1, 2, 3].map(column => Math.max(...all.map(row => row[column]?.length ?? 0)))
  return all
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function formatted(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 })
}
