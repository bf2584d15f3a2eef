import type { ReportDay } from '../../../../protocol/report.ts'
import { flaggedInActive } from './figures.ts'

export const roundings = [1, 6, 15] as const
/** To so many minutes. */
export type Rounding = (typeof roundings)[number]

export type HoursRow = {
  day: ReportDay
  /** The first and the last moment at the computer; undefined on a day without. */
  from: string | undefined
  to: string | undefined
  /** Seconds between both that were not spent at the computer. */
  breaks: number
  there: number
  active: number
  /** Active seconds to hand over: all of them, or without those that were flagged. */
  counted: number
  /** Of `counted`, in minutes. */
  rounded: number
}

export type HoursOptions = { rounding: Rounding; flagged: 'in' | 'out' }

export function hoursRows(days: readonly ReportDay[], { rounding, flagged }: HoursOptions): HoursRow[] {
  return days.map(day => {
    const { active, there } = day.totals
    const spans = day.spans.filter(({ lane }) => lane === 'active')
    const [from, to] = [spans[0]?.from, spans.at(-1)?.to]
    const length = from === undefined || to === undefined ? 0 : (Date.parse(to) - Date.parse(from)) / 1000
    const counted = flagged === 'in' ? active : active - flaggedInActive(day)
    return {
      ...{ day, from, to, there, active, counted },
      breaks: Math.max(0, Math.round(length) - there),
      rounded: Math.round(counted / 60 / rounding) * rounding,
    }
  })
}

export type HoursTotal = Pick<HoursRow, 'breaks' | 'there' | 'active' | 'counted' | 'rounded'>

export function hoursTotal(rows: readonly HoursRow[]): HoursTotal {
  const sum = (of: (row: HoursRow) => number) => rows.reduce((total, row) => total + of(row), 0)
  return {
    breaks: sum(row => row.breaks),
    there: sum(row => row.there),
    active: sum(row => row.active),
    counted: sum(row => row.counted),
    rounded: sum(row => row.rounded),
  }
}

/** For a spreadsheet: seconds and hours as numbers, and no text that a program could take for a formula. */
export function hoursCsv(rows: readonly HoursRow[], rounding: Rounding): string {
  const header =
    'date,from,to,breaks_seconds,at_computer_seconds,active_seconds,counted_seconds,rounded_hours'
  const lines = rows.map(({ day, from = '', to = '', breaks, there, active, counted, rounded }) =>
    [day.date, from, to, breaks, there, active, counted, hoursIn(rounded, rounding)].join(','),
  )
  return `${[header, ...lines].join('\r\n')}\r\n`
}

/** `7.7`: hours of decimals, as invoices have them. */
export function hoursIn(minutes: number, rounding: Rounding): string {
  return (minutes / 60).toFixed(rounding === 6 ? 1 : 2)
}
