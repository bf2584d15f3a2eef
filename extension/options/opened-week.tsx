import {
  activityPercent,
  addTotals,
  noTotals,
  type ReportDay,
  type ReportTotals,
} from '../../protocol/report.ts'
import { text } from '../text/catalogue.ts'
import { describeTotal } from '../text/durations.ts'
import { words } from '../text/local-words.ts'

/** A week in figures; the sums are those of every report. */
export function OpenedWeek({ days, done }: { days: readonly ReportDay[]; done: boolean }) {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last)
    return done ? (
      <p class="soft" data-testid="opened-none">
        {text.opened.nothingOfWeek}
      </p>
    ) : null
  const [from, to] = [words.day(first.date), words.day(last.date)]
  const title = from === to ? from : text.opened.week({ from, to })
  return (
    <section
      class="scroll"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reached by the keyboard
      tabIndex={0}
      aria-label={title}
    >
      <table class="day-totals week" data-testid="opened-week">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{text.opened.day}</th>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map(({ date, totals }) => (
            <Row key={date} name={words.day(date)} totals={totals} />
          ))}
        </tbody>
        <tfoot>
          <Row
            name={text.opened.total}
            totals={days.reduce((sum, { totals }) => addTotals(sum, totals), noTotals)}
          />
        </tfoot>
      </table>
    </section>
  )
}

const columns: { title: string; of: (totals: ReportTotals) => string }[] = [
  { title: text.opened.active, of: ({ active }) => describeTotal(active) },
  { title: text.opened.there, of: ({ there, idle }) => describeTotal(there + idle) },
  {
    title: text.opened.percent,
    of: totals => text.opened.asPercent(words.number(Math.round(activityPercent(totals)))),
  },
  { title: text.opened.paused, of: ({ paused }) => orDash(paused) },
  { title: text.opened.gaps, of: ({ gap }) => orDash(gap) },
  { title: text.opened.flagged, of: ({ flagged }) => orDash(flagged) },
]

function Row({ name, totals }: { name: string; totals: ReportTotals }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {columns.map(({ title, of }) => (
        <td key={title}>{of(totals)}</td>
      ))}
    </tr>
  )
}

function orDash(seconds: number): string {
  return seconds > 0 ? describeTotal(seconds) : '–'
}
