import * as v from 'valibot'
import type { Status } from '../../protocol/status.ts'
import { brokenLinks, type OpenedObjects } from '../support/opened-objects.ts'
import type { Done } from './person.ts'

/** One line of the table at the end: what was to be, what is, and whether that is right. */
export type Row = { what: string; expected: string; found: string; right: boolean }

/** What `activity-tracker verify` says of all that was delivered. */
export const verifiedSchema = v.object({
  found: v.number(),
  devices: v.array(
    v.object({
      provenTo: v.nullable(v.string()),
      findings: v.array(v.object({ kind: v.string() })),
      gaps: v.array(v.object({ cause: v.string() })),
    }),
  ),
})

export type Evidence = {
  done: Done
  /** Opened by Debian's age, and the same objects opened by our own command line. */
  byAge: OpenedObjects
  byUs: { lines: number; pictures: number }
  verified: v.InferOutput<typeof verifiedSchema>
  /** Files that wait in the outbox after the end. */
  left: number
  /** The state during which the destination was away. */
  away: { code: string | undefined; queueBefore: number; queueAtMost: number }
  last: Status
}

export function compare({ done, byAge, byUs, verified, left, away, last }: Evidence): Row[] {
  const { records, lines, pictures } = byAge
  const intervals = records.filter(record => record.kind === 'interval')
  const total = (of: keyof Done) => intervals.reduce((sum, interval) => sum + interval[of], 0)
  const shots = records.filter(record => record.kind === 'screenshot')
  const sharp = shots.filter(shot => !shot.blurred)
  const missing = shots.filter(({ object }) => ![...pictures.keys()].some(path => path.endsWith(object)))
  const broken = brokenLinks(byAge)
  const found = verified.devices.flatMap(({ findings }) => findings)
  const unexplained = verified.devices.flatMap(({ gaps }) => gaps).filter(gap => gap.cause === 'unexplained')
  const lastAt = records.at(-1)?.at ?? ''
  const problem = records.find(record => record.kind === 'screenshot.failed' || record.kind === 'input.lost')
  return [
    same('key presses, injected = recorded', done.keys, total('keys')),
    same('clicks, injected = recorded', done.clicks, total('clicks')),
    same('wheel steps, injected = recorded', done.wheel, total('wheel')),
    same('key presses in the popup at the end', done.keys, last.today.keys),
    atLeast('records', 5, records.length),
    atLeast('screenshots, sharp', 2, sharp.length),
    atLeast('screenshots, blurred', 2, shots.length - sharp.length),
    same('recorded screenshots without a picture', 0, missing.length),
    same('pictures without a record', 0, pictures.size - shots.length),
    same('error in the popup while the drive was unplugged', 'DELIVERY_FOLDER_MISSING', away.code),
    atLeast('files that waited for the drive', away.queueBefore + 1, away.queueAtMost),
    same('files left in the queue', 0, left),
    same('chain of the records', 'unbroken', broken[0] ?? 'unbroken'),
    same('problems found by activity-tracker verify', 'nothing', found[0]?.kind ?? 'nothing'),
    same('proven up to the last record', lastAt, verified.devices[0]?.provenTo),
    same('gaps without a cause', 0, unexplained.length),
    same(
      'opened by activity-tracker and by age',
      `${lines.length} + ${pictures.size}`,
      `${byUs.lines} + ${byUs.pictures}`,
    ),
    same('failures', 'none', problem && 'code' in problem ? problem.code : 'none'),
  ]
}

export function asTable(rows: readonly Row[]): string {
  const width = (of: keyof Omit<Row, 'right'>) => Math.max(...rows.map(row => row[of].length))
  const [what, expected] = [width('what'), Math.max(width('expected'), 'expected'.length)]
  const head = `   ${''.padEnd(what)}  ${'expected'.padStart(expected)}  found`
  const body = rows.map(
    row =>
      `${row.right ? '✔' : '✘'}  ${row.what.padEnd(what)}  ${row.expected.padStart(expected)}  ${row.found}`,
  )
  return [head, ...body].join('\n')
}

function same(what: string, expected: string | number, found: string | number | null | undefined): Row {
  return { what, expected: String(expected), found: String(found), right: expected === found }
}

function atLeast(what: string, least: number, found: number): Row {
  return { what, expected: `≥ ${least}`, found: String(found), right: found >= least }
}
