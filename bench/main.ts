import { parseArgs, styleText } from 'node:util'
import type { Benchmark, BenchOptions, Figure } from './figure.ts'
import { textTable } from './text-table.ts'

/**
 * `npm run bench [-- NAME …]`: measures and prints; never part of a test, because a figure of a busy machine says
 * little. Exit 1 when a figure misses its limit, so that a release can be held to them.
 */
const benchmarks: Record<string, () => Promise<{ default: Benchmark }>> = {
  rest: () => import('./rest.ts'),
  events: () => import('./events.ts'),
  bridge: () => import('./bridge.ts'),
  popup: () => import('./popup.ts'),
  storing: () => import('./storing.ts'),
  detector: () => import('./detector.ts'),
  live: () => import('./live.ts'),
  upload: () => import('./upload.ts'),
  restore: () => import('./restore.ts'),
  capture: () => import('./capture.ts'),
  soak: () => import('./soak.ts'),
}

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    fit: { type: 'boolean', default: false },
    picture: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '60' },
  },
})
const options: BenchOptions = { data: undefined, ...values, minutes: Number(values.minutes) }
const unknown = wanted.filter(name => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  console.error(`No benchmark named ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}`)
  process.exit(64)
}

const figures: Figure[] = []
for (const [name, load] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const { default: benchmark } = await load()
  if (benchmark.long && wanted.length === 0) continue
  const lacks = benchmark.lacks?.(options)
  if (lacks !== undefined) {
    console.error(`${name}: left out. ${lacks}`)
    if (wanted.length > 0) process.exit(64)
    continue
  }
  console.error(styleText('dim', `${name}: ${benchmark.what} …`))
  figures.push(...(await benchmark.measure(options)))
}
console.log(tableOf(figures))
for (const { name, because } of figures.filter(missesLimit)) if (because) console.log(`${name}: ${because}.`)
process.exitCode = figures.some(missesLimit) ? 1 : 0

function missesLimit({ value, limit, atLeast }: Figure): boolean {
  return (limit !== undefined && !(value <= limit)) || (atLeast !== undefined && !(value >= atLeast))
}

function limitOf({ limit, atLeast }: Figure): string {
  if (atLeast !== undefined) return `at least ${formatted(atLeast)}`
  return limit === undefined ? '' : `at most ${formatted(limit)}`
}

function ratioOf({ value, limit, of }: Figure): string {
  if (of !== undefined) return `ours is ${(of / value).toFixed(2)} × that`
  // Of a limit of nothing there is no share.
  return limit ? `${((value / limit) * 100).toFixed(0)} % of it` : ''
}

function tableOf(rows: readonly Figure[]): string {
  return textTable(
    ['figure', 'measured', 'limit', '', ''],
    rows.map(row => [
      row.name,
      `${formatted(row.value)} ${row.unit}`,
      limitOf(row),
      ratioOf(row),
      missesLimit(row) ? 'MISSED' : '',
    ]),
  )
}

function formatted(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 })
}
