import './day-chart.css'
import { type Bar, hourTotals, minutesPerSlot } from '../day-bars.ts'
import { describeTotal } from '../durations.ts'
import { words } from '../local-words.ts'

/** Bars of ten minutes. What they show stands in a table too: hidden for eyes in the popup, to be opened elsewhere. */
export function DayChart({ bars, table }: { bars: readonly Bar[]; table: 'hidden' | 'to-open' }) {
  const first = bars[0]
  if (!first) return <p class="soft small">No activity yet today.</p>
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
        {ticks(bars).map(minute => (
          <span key={minute}>{words.clock(minute)}</span>
        ))}
      </div>
      {table === 'hidden' ? (
        <div class="visually-hidden">
          <HourTable bars={bars} />
        </div>
      ) : (
        <details>
          <summary>The same as a table</summary>
          <HourTable bars={bars} />
        </details>
      )}
    </figure>
  )
}

function HourTable({ bars }: { bars: readonly Bar[] }) {
  return (
    <table>
      <caption class="visually-hidden">Activity by hour</caption>
      <thead>
        <tr>
          <th scope="col">Hour</th>
          <th scope="col">Active</th>
          <th scope="col">Flagged</th>
        </tr>
      </thead>
      <tbody>
        {hourTotals(bars).map(({ hour, genuine, flagged }) => (
          <tr key={hour}>
            <th scope="row">{words.clock(hour * 60)}</th>
            <td>{genuine + flagged > 0 ? describeTotal(genuine + flagged) : '–'}</td>
            <td>{flagged > 0 ? describeTotal(flagged) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function titleOf({ slot, genuine, flagged }: Bar): string {
  const time = words.clock(slot * minutesPerSlot)
  const active = `${time}: ${describeTotal(genuine + flagged)} active`
  return flagged > 0 ? `${active}, ${describeTotal(flagged)} flagged` : active
}

const share = (seconds: number) => `${(seconds / (minutesPerSlot * 60)) * 100}%`

/** Minutes of the day at the start, the middle and the end. */
function ticks(bars: readonly Bar[]): number[] {
  const start = (bars[0]?.slot ?? 0) * minutesPerSlot
  const length = bars.length * minutesPerSlot
  const middle = start + Math.round(length / 2 / 60) * 60
  return [start, middle, start + length]
}
