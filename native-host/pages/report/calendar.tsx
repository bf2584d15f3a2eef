import { describeTotal } from '../../../extension/text/durations.ts'
import type { Report, ReportDay, ReportDevice } from '../../../protocol/report.ts'
import { dateWords } from '../parts/date-words.ts'
import { daysIn, totalsOf } from './model/figures.ts'
import { heatLevel } from './model/heat.ts'
import { datesOf, type Period, periodOf, weekdayOf } from './model/period.ts'
import { hashOf, type Route } from './model/route.ts'
import { text } from './text.ts'

/** So much in a day is the darkest. */
const mostSeconds = 8 * 3600

/** The month around what is shown, which is outlined. */
export function Calendar({ device, report, route }: { device: ReportDevice; report: Report; route: Route }) {
  const month = periodOf('month', route.view === 'week' ? monthOfWeek(route) : route.from)
  const days = daysIn(device.days, month)
  const byDate = new Map(days.map(day => [day.date, day]))
  return (
    <section class="card calendar" data-testid="calendar">
      <div class="row head">
        <h2>
          <a href={hashOf({ ...month, device: route.device })}>{dateWords.month(month.from)}</a>
        </h2>
        <strong>{describeTotal(totalsOf(days).active)}</strong>
      </div>
      <ol>
        {text.calendar.weekdays.map(name => (
          <li key={name} class="weekday soft small" aria-hidden="true">
            {name}
          </li>
        ))}
        {datesOf(month).map((date, place) => (
          <li key={date} style={place === 0 ? { gridColumnStart: String(weekdayOf(date)) } : {}}>
            <Date_ date={date} day={byDate.get(date)} report={report} route={route} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Date_(props: { date: string; day: ReportDay | undefined; report: Report; route: Route }) {
  const { date, day, report, route } = props
  const number = Number(date.slice(-2))
  const isShown = route.view !== 'month' && date >= route.from && date <= route.to
  if (!day) {
    const isOutside = date < report.from || date > report.to
    const said = isOutside ? text.calendar.outside : text.calendar.empty
    return (
      <span class="date" data-outside={isOutside} data-shown={isShown}>
        {number}
        <span class="visually-hidden">{said(dateWords.day(date))}</span>
      </span>
    )
  }
  const total = describeTotal(day.totals.active)
  return (
    <a
      class="date"
      href={hashOf({ ...periodOf('day', date), device: route.device })}
      data-level={heatLevel(day.totals.active, mostSeconds)}
      data-shown={isShown}
      data-flagged={day.totals.flagged > 0}
      aria-label={text.calendar.day(dateWords.day(date), total)}
      title={total}
    >
      {number}
    </a>
  )
}

/** A week at the turn of two months: where most of it is. */
function monthOfWeek({ from, to }: Period): string {
  return datesOf({ from, to })[3] ?? from
}
