import './day-chart.css'
import { minutesPerSlot } from '../../protocol/local-day.ts'
import { type Bar, hourTotals } from '../model/day-bars.ts'
import { text } from '../text/catalogue.ts'
import { describeTotal } from '../text/durations.ts'
import { words } from '../text/local-words.ts'

/** Bars of ten minutes. What they show stands in a table too: hidden for eyes in the popup, to be opened elsewhere. */
export function DayChart({ bars, table }: { bars: readonly Bar[]; table: 'hidden' | 'to-open' }) {
  const first = bars[0]
  if (!first) return <EmptyChart table={table} />
  return (
    <figure class="day-chart" data-table={table}>
      <div class="bars" aria-hidden="true">
        {bars.map(bar => (
          <i key={bar.slot} data-future={bar.future} title={titleOf(bar)}>
            {bar.flagged > 0 && <b class="flagged" style={{ height: share(bar.flagged) }} />}
            {bar.genuine > 0 && <b class="genuine" style={{ height: share(bar.genuine) }} />}
          </i>
        ))}
      </div>
      <div class="axis" aria-hidden="true">
        {ticks(bars).map((minute, place) => (
          <span key={place}>{words.clock(minute)}</span>
        ))}
      </div>
      {table === 'hidden' ? (
        <div class="visually-hidden">
          <HourTable bars={bars} />
        </div>
      ) : (
        <details>
          <summary>{text.chart.asTable}</summary>
          <HourTable bars={bars} />
        </details>
      )}
    </figure>
  )
}

/** As high as the chart will be: the first key pressed must not move what a person is about to click on. */
function EmptyChart({ table }: { table: 'hidden' | 'to-open' }) {
  return (
    <figure class="day-chart" data-table={table}>
      <div class="bars empty">
        <p class="soft small">{text.chart.empty}</p>
      </div>
      <div class="axis" aria-hidden="true">
        {'\u00a0'}
      </div>
    </figure>
  )
}

function HourTable({ bars }: { bars: readonly Bar[] }) {
  return (
    <table>
      <caption class="visually-hidden">{text.chart.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{text.chart.hour}</th>
          <th scope="col">{text.chart.active}</th>
          <th scope="col">{text.chart.flagged}</th>
        </tr>
      </thead>
      <tbody>
        {hourTotals(bars).map(({ genuine, flagged, ...hour }) => (
          <tr key={timeOf(hour)}>
            <th scope="row">{timeOf(hour)}</th>
            <td>{genuine + flagged > 0 ? describeTotal(genuine + flagged) : '–'}</td>
            <td>{flagged > 0 ? describeTotal(flagged) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function titleOf({ genuine, flagged, ...bar }: Bar): string {
  const shown = { time: timeOf(bar), active: describeTotal(genuine + flagged) }
  if (flagged === 0) return text.chart.bar(shown)
  return text.chart.barFlagged({ ...shown, flagged: describeTotal(flagged) })
}

const share = (seconds: number) => `${(seconds / (minutesPerSlot * 60)) * 100}%`

/** `02:00`, or `02:00 +01:00` on a day on which that comes twice. */
function timeOf({ clock, offset }: Pick<Bar, 'clock' | 'offset'>): string {
  return offset === undefined ? words.clock(clock) : `${words.clock(clock)} ${offset}`
}

/** Minutes of the day at the start, the middle and the end. */
function ticks(bars: readonly Bar[]): number[] {
  const hours = bars.filter((_, index) => index % (60 / minutesPerSlot) === 0)
  const middle = hours[Math.round(hours.length / 2)] ?? hours[0]
  const last = bars.at(-1)
  return [bars[0]?.clock ?? 0, middle?.clock ?? 0, (last?.clock ?? 0) + minutesPerSlot]
}
