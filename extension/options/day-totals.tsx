import { daysShown, type Status } from '../../protocol/status.ts'
import { text } from '../text/catalogue.ts'
import { describeTotal } from '../text/durations.ts'
import { words } from '../text/local-words.ts'
import { zoneName } from '../text/zone-words.ts'

/**
 * The last days, each counted in the zone in which it was spent. After a flight one date has two zones, and
 * the hours of both.
 */
export function DayTotals({ days, today }: { days: Status['days']; today: string }) {
  const byDate = [...Map.groupBy(days, ({ date }) => date)]
  // The chart of today says it already.
  if (byDate.length === 0 || (byDate.length === 1 && days.length === 1 && days[0]?.date === today))
    return null
  return (
    <table class="day-totals" data-testid="day-totals">
      <caption>{text.days.caption(daysShown)}</caption>
      <thead>
        <tr>
          <th scope="col">{text.days.day}</th>
          <th scope="col">{text.days.active}</th>
          <th scope="col">{text.days.flagged}</th>
          <th scope="col">{text.days.timeZone}</th>
        </tr>
      </thead>
      {byDate.map(([date, zones]) => (
        <tbody key={date}>
          {zones.map(({ zone, active_seconds, flagged_seconds }, index) => (
            <tr key={zone}>
              {index === 0 && (
                <th scope="rowgroup" rowSpan={zones.length}>
                  {date === today ? text.days.today : words.day(date)}
                </th>
              )}
              <td>{describeTotal(active_seconds)}</td>
              <td>{flagged_seconds > 0 ? describeTotal(flagged_seconds) : '–'}</td>
              <td>{zoneName(zone)}</td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  )
}
