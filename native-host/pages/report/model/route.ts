import { mondayOf, type Period, periodOf, type View, weekNumberOf } from './period.ts'

/** What the page shows. It stands in the address behind #, so that back and forward work and a view can be linked to. */
export type Route = Period & {
  /** The place of the device in the report. */
  device: number
}

/** `#/day/2026-10-08`, `#/week/2026-W41?device=1`, `#/month/2026-10` */
export function hashOf({ view, from, device }: Route): string {
  const { year, week } = weekNumberOf(from)
  const shown = {
    day: from,
    week: `${year}-W${String(week).padStart(2, '0')}`,
    month: from.slice(0, 7),
  }[view]
  return `#/${view}/${shown}${device > 0 ? `?device=${device}` : ''}`
}

/** undefined for what names no view. */
export function routeOf(hash: string): Route | undefined {
  const {
    view,
    when = '',
    device = '0',
  } = /^#\/(?<view>day|week|month)\/(?<when>[\dW-]{7,10})(?:\?device=(?<device>\d{1,4}))?$/.exec(hash)
    ?.groups ?? {}
  const date = dateIn(view, when)
  return date === undefined || !isView(view) ? undefined : { ...periodOf(view, date), device: Number(device) }
}

function dateIn(view: string | undefined, when: string): string | undefined {
  if (view === 'week') {
    const [, year, week] = /^(\d{4})-W(\d{2})$/.exec(when) ?? []
    return week === undefined || Number(week) < 1 || Number(week) > 53
      ? undefined
      : mondayOf(Number(year), Number(week))
  }
  const date = view === 'month' ? `${when}-01` : when
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : Number.NaN
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? undefined : date
}

function isView(name: string | undefined): name is View {
  return name === 'day' || name === 'week' || name === 'month'
}

/** What is shown at first: all of a short report at once, else its last month with a record. */
export function firstRoute(report: {
  from: string
  to: string
  devices: readonly { days: readonly { date: string }[] }[]
}): Route {
  const last = report.devices[0]?.days.at(-1)?.date ?? report.to
  const days = (Date.parse(report.to) - Date.parse(report.from)) / 86_400_000 + 1
  const view = days <= 1 ? 'day' : days <= 7 ? 'week' : 'month'
  return { ...periodOf(view, last), device: 0 }
}
