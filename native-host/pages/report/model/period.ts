/** Dates of a calendar, such as 2026-10-08, without a zone: days are counted as if all were 24 hours. */
export const views = ['day', 'week', 'month'] as const
export type View = (typeof views)[number]

export type Period = { view: View; from: string; to: string }

const dayMs = 86_400_000

export function addDays(date: string, days: number): string {
  return dateOf(Date.parse(date) + days * dayMs)
}

/** From 1, Monday, to 7. */
export function weekdayOf(date: string): number {
  return new Date(date).getUTCDay() || 7
}

/** The day, the week from Monday on, or the month that a date is in. */
export function periodOf(view: View, date: string): Period {
  switch (view) {
    case 'day':
      return { view, from: date, to: date }
    case 'week': {
      const from = addDays(date, 1 - weekdayOf(date))
      return { view, from, to: addDays(from, 6) }
    }
    case 'month': {
      const from = `${date.slice(0, 8)}01`
      const next = `${addDays(from, 31).slice(0, 8)}01`
      return { view, from, to: addDays(next, -1) }
    }
    default:
      throw view satisfies never
  }
}

export function datesOf({ from, to }: Pick<Period, 'from' | 'to'>): string[] {
  const dates: string[] = []
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date)
  return dates
}

/** `2026-W41`: the week of ISO 8601, which belongs to the year that its Thursday is in. */
export function weekNumberOf(date: string): { year: number; week: number } {
  const thursday = addDays(date, 4 - weekdayOf(date))
  const year = Number(thursday.slice(0, 4))
  const passed = Date.parse(thursday) - Date.parse(`${thursday.slice(0, 4)}-01-01`)
  return { year, week: Math.floor(passed / (7 * dayMs)) + 1 }
}

export function mondayOf(year: number, week: number): string {
  const fourth = `${String(year).padStart(4, '0')}-01-04`
  return addDays(periodOf('week', fourth).from, (week - 1) * 7)
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
