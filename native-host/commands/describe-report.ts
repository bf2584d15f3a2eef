import { describeGap } from '../../protocol/gap-words.ts'
import { activityPercent, type Report, type ReportDay } from '../../protocol/report.ts'
import { type DayGroup, type Grouping, groupDays } from '../reader/group-days.ts'
import { formatSpan } from './format.ts'
import { text } from './text.ts'

const words = text.report
const mostFindings = 20

/** For a terminal: a line for each group, and below a day what is not in its figures. */
export function describeReport(report: Report, by: Grouping, zone: string): string[] {
  const groups = groupDays(report, by)
  if (groups.length === 0) return [words.nothing(report.from, report.to), ...describeFindings(report)]
  const rows = [words.head, ...groups.map(group => cellsOf(group))]
  const widths = words.head.map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  const lines = [lineOf(words.head)]
  let heading: string | undefined
  for (const group of groups) {
    const name = [group.person, group.device].filter(part => part !== '').join('/')
    if (by !== 'device' && by !== 'person' && name !== heading) lines.push('', name)
    heading = name
    lines.push(lineOf(cellsOf(group)))
    if (by === 'day') lines.push(...group.days.flatMap(describeDay))
  }
  return [...lines, '', ...describeProof(report, zone), ...describeFindings(report)]
}

function cellsOf({ person, device, period, totals, days }: DayGroup): string[] {
  const name =
    period === '' ? [person, device].filter(part => part !== '').join('/') || words.everybody : period
  const shots = days
    .flatMap(({ screenshots }) => screenshots)
    .filter(({ state }) => state === 'delivered').length
  const percent = `${Math.round(activityPercent(totals))} %`
  const spans = [totals.active, totals.idle, totals.paused, totals.gap, totals.flagged].map(formatSpan)
  const [active = '', ...others] = spans
  return [name, active, percent, ...others, String(shots)]
}

function describeDay({ zones, spans, flags }: ReportDay): string[] {
  const zone = zones.at(-1)?.zone ?? 'UTC'
  const time = (instant: string) =>
    Temporal.Instant.from(instant)
      .toZonedDateTimeISO(zoneAt(zones, instant) ?? zone)
      .toPlainTime()
      .toString({ smallestUnit: 'minute' })
  return [
    ...(zones.length > 1 ? [`    ${words.zones(zones.map(each => each.zone))}`] : []),
    ...spans.flatMap(span => {
      if (span.lane !== 'gap') return []
      const seconds = Math.round((Date.parse(span.to) - Date.parse(span.from)) / 1000)
      return seconds < 60 ? [] : [`    ${time(span.from)}–${time(span.to)}  ${describeGap(span)}`]
    }),
    ...flags.map(flag => {
      const why = flag.evidence.map(each => each.text).join('; ')
      return `    ${time(flag.from)}–${time(flag.to)}  ${words.flag(flag, why)}`
    }),
  ]
}

function zoneAt(zones: ReportDay['zones'], instant: string): string | undefined {
  return zones.find(
    ({ from, to }) => Date.parse(from) <= Date.parse(instant) && Date.parse(instant) < Date.parse(to),
  )?.zone
}

function describeProof({ devices }: Report, zone: string): string[] {
  return devices.map(({ device, proven_to }) => {
    if (proven_to === null) return words.notProven(device)
    const local = Temporal.Instant.from(proven_to).toZonedDateTimeISO(zone)
    return words.proven(
      device,
      `${local.toPlainDate()} ${local.toPlainTime().toString({ smallestUnit: 'second' })}`,
    )
  })
}

function describeFindings({ devices, findings = [] }: Report): string[] {
  const all = [...findings, ...devices.flatMap(device => device.findings)]
  return [
    ...all.slice(0, mostFindings).map(finding => `✘ ${finding}`),
    ...(all.length > mostFindings ? [`✘ ${words.moreFindings(all.length - mostFindings)}`] : []),
  ]
}
