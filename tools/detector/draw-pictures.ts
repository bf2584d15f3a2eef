import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nativeOf } from './detector-report.ts'
import type { HumanFigures } from './humans.ts'
import { type Delay, type FamilyFigures, foundWithin } from './tools.ts'

const folder = join(import.meta.dirname, '..', '..', 'docs', 'images')

/** Both are drawn for a light and a dark page. */
const style = `<style>
text { font: 13px system-ui, sans-serif; fill: #1d2b26 } .quiet { fill: #5d6d66 } .grid { stroke: #c9d3ce }
.bar { fill: #8fc3ad } .dot { fill: #0b6b4a } .none { fill: #b3401f } .line { fill: none; stroke: #0b6b4a; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
text { fill: #e3ebe7 } .quiet { fill: #9fb0a8 } .grid { stroke: #3b4a44 } .bar { fill: #2f6b55 } .dot { fill: #74d8b2 }
.none { fill: #ff9a78 } .line { stroke: #74d8b2 } }
</style>`

export function drawPictures(humans: readonly HumanFigures[], families: readonly FamilyFigures[]): void {
  writeFileSync(join(folder, 'detection-delay.svg'), delayPicture(families))
  writeFileSync(join(folder, 'detection-strictness.svg'), strictnessPicture(humans, families))
}

const left = 190
const right = 640
const rowHeight = 22
const longestS = 240

/** For each family the middle delay, and from the fastest to the slowest tenth. */
function delayPicture(families: readonly FamilyFigures[]): string {
  const rows = families
    .map(row => ({ family: row.family, delays: secondsOf(nativeOf(row.known ?? row.unseen)) }))
    .sort((a, b) => at(a.delays, 0.5) - at(b.delays, 0.5))
  const height = 72 + rows.length * rowHeight
  const x = (s: number) => left + ((right - left) * Math.log(Math.max(1, s))) / Math.log(longestS)
  const marks = [1, 3, 10, 30, 60, 120, longestS].map(
    s =>
      `<line class="grid" x1="${px(x(s))}" x2="${px(x(s))}" y1="44" y2="${height - 16}"/>` +
      `<text class="quiet" x="${px(x(s))}" y="38" text-anchor="middle">${s} s</text>`,
  )
  const drawn = rows.map(({ family, delays }, index) => {
    const y = 60 + index * rowHeight
    const [fast, middle, slow] = [0.1, 0.5, 0.9].map(share => at(delays, share))
    const name = `<text x="${left - 12}" y="${y + 4}" text-anchor="end">${family}</text>`
    if (middle === undefined || !Number.isFinite(middle))
      return `${name}<text class="none" x="${right + 12}" y="${y + 4}">not found</text>`
    const from = x(fast ?? middle)
    const to = Number.isFinite(slow) ? x(slow ?? middle) : right
    return (
      name +
      `<rect class="bar" x="${px(from)}" y="${y - 5}" width="${px(Math.max(2, to - from))}" height="10" rx="5"/>` +
      `<circle class="dot" cx="${px(x(middle))}" cy="${y}" r="5"/>`
    )
  })
  return svg(740, height, 'Seconds until each family of tools is found', [...marks, ...drawn])
}

/** What more or less strictness buys, and what it costs. Families that are found at once at any strictness say nothing. */
function strictnessPicture(humans: readonly HumanFigures[], families: readonly FamilyFigures[]): string {
  const levels = ['low', 'normal', 'high'] as const
  const x = (level: number) => 90 + level * 200
  const y = (share: number) => 300 - 250 * share
  const activeMs = humans.reduce((sum, row) => sum + row.activeMs, 0)
  const alarms = levels.map(level => {
    const count = humans.reduce((sum, row) => sum + row.alarms[level].stretches, 0)
    return ((count * 40 * 3_600_000) / activeMs).toFixed(1)
  })
  const lines = families
    .map(row => ({
      family: row.family,
      shares: [row.strictness.low, nativeOf(row.unseen), row.strictness.high].map(delays =>
        foundWithin(delays, 60),
      ),
    }))
    .filter(({ shares }) => shares.some(share => share < 0.98) && shares.every(share => !Number.isNaN(share)))
    .sort((a, b) => (b.shares[2] ?? 0) - (a.shares[2] ?? 0))
  const labels = spread(
    lines.map(({ shares }) => y(shares[2] ?? 0)),
    y(0),
  )
  const drawn = lines.map(({ family, shares }, line) => {
    const points = shares.map((share, level) => `${x(level)},${px(y(share))}`).join(' ')
    const dots = shares.map(
      (share, level) => `<circle class="dot" cx="${x(level)}" cy="${px(y(share))}" r="4"/>`,
    )
    const labelY = labels[line] ?? 0
    const leader = `<line class="grid" x1="${x(2) + 6}" x2="${x(2) + 36}" y1="${px(y(shares[2] ?? 0))}" y2="${px(labelY)}"/>`
    const label = `<text x="${x(2) + 40}" y="${px(labelY + 4)}">${family}</text>`
    return `<polyline class="line" points="${points}"/>${dots.join('')}${leader}${label}`
  })
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    share =>
      `<line class="grid" x1="${x(0)}" x2="${x(2)}" y1="${y(share)}" y2="${y(share)}"/>` +
      `<text class="quiet" x="${x(0) - 12}" y="${y(share) + 4}" text-anchor="end">${100 * share} %</text>`,
  )
  const names = levels.map(
    (level, index) =>
      `<text x="${x(index)}" y="326" text-anchor="middle">${level}</text>` +
      `<text class="quiet" x="${x(index)}" y="344" text-anchor="middle">${alarms[index]} false in 40 h</text>`,
  )
  return svg(740, 360, 'Found within 60 s by a model that never saw the tool', [...grid, ...names, ...drawn])
}

/** Labels in a column, from the top: none over another, none below the last line. */
function spread(wanted: readonly number[], lowest: number): number[] {
  const placed: number[] = []
  for (const y of wanted) placed.push(Math.max(y, (placed.at(-1) ?? 0) + labelPx))
  for (let index = placed.length - 1, most = lowest; index >= 0; index--, most -= labelPx)
    placed[index] = Math.min(placed[index] ?? most, most)
  return placed
}
const labelPx = 15

function secondsOf(delays: readonly Delay[]): number[] {
  return (
    delays
      // A run that ended too soon to be found says nothing.
      .filter(({ delayMs, spanMs }) => spanMs > 100_000 || Number.isFinite(delayMs))
      .map(({ delayMs }) => delayMs / 1000)
      .sort((a, b) => a - b)
  )
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.POSITIVE_INFINITY
}

function px(value: number): string {
  return value.toFixed(1)
}

function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${px(height)}" role="img" aria-label="${title}">`
  return `${[head, style, `<text x="10" y="16">${title}</text>`, ...parts, '</svg>'].join('\n')}\n`
}
