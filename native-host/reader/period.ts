import { AppError } from '../../protocol/errors.ts'

/** Local dates, both included; undefined: from the first or to the last that was recorded. */
export type Period = { from: string | undefined; to: string | undefined }
export type PeriodAsked = {
  week?: string | undefined
  month?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

/** @throws AppError PERIOD_INVALID */
export function parsePeriod({ week, month, from, to }: PeriodAsked): Period {
  const ways = [week, month, from ?? to].filter(way => way !== undefined)
  if (ways.length > 1) throw invalid(ways.join(', '), 'name a week, a month, or dates, and only one of these')
  if (week !== undefined) return weekOf(week)
  if (month !== undefined) return monthOf(month)
  const period = { from: from && dateOf(from), to: to && dateOf(to) }
  if (period.from && period.to && period.from > period.to)
    throw invalid(`${period.from} – ${period.to}`, 'it ends before it begins')
  return period
}

/** ISO 8601: weeks begin on Monday, and the first is the one with the year's first Thursday. */
export function weekNameOf(date: string): string {
  const { yearOfWeek, weekOfYear } = Temporal.PlainDate.from(date)
  return `${String(yearOfWeek).padStart(4, '0')}-W${String(weekOfYear).padStart(2, '0')}`
}

function weekOf(name: string): Period {
  const { year, week } = /^(?<year>\d{4})-W(?<week>\d\d)$/.exec(name)?.groups ?? {}
  if (year === undefined || Number(year) < 1) throw invalid(name, 'not the form of a week')
  const inFirst = Temporal.PlainDate.from(`${year}-01-04`)
  const monday = inFirst.subtract({ days: inFirst.dayOfWeek - 1 }).add({ weeks: Number(week) - 1 })
  if (weekNameOf(monday.toString()) !== name) throw invalid(name, 'that year has no such week')
  return { from: monday.toString(), to: monday.add({ days: 6 }).toString() }
}

function monthOf(name: string): Period {
  if (!/^\d{4}-\d\d$/.test(name)) throw invalid(name, 'not the form of a month')
  const first = dateOf(`${name}-01`)
  const { daysInMonth } = Temporal.PlainDate.from(first)
  return { from: first, to: `${name}-${daysInMonth}` }
}

function dateOf(text: string): string {
  try {
    const isForm = /^\d{4}-\d\d-\d\d$/.test(text)
    if (isForm && Temporal.PlainDate.from(text).year > 0) return text
  } catch {
    throw invalid(text, 'no such date')
  }
  throw invalid(text, 'not the form of a date')
}

function invalid(what: string, why: string): AppError {
  return new AppError('PERIOD_INVALID', { detail: `${what}: ${why}` })
}
