import { hoursOf } from '../../model/day-hours.ts'
import type { PictureDay } from '../../model/day-picture.ts'
import { text } from '../../text/catalogue.ts'
import { describeTotal } from '../../text/durations.ts'
import { words } from '../../text/local-words.ts'
import { SpanTable } from '../span-table.tsx'

/** What the picture shows, to read: the spans, and the hours with their sums. */
export function PictureTable({ day }: { day: PictureDay }) {
  return (
    <div class="tables">
      <SpanTable day={day} spans={day.spans} hidden={day.hidden} />
      <table class="span-table" data-testid="day-hours">
        <caption class="visually-hidden">{text.picture.hours}</caption>
        <thead>
          <tr>
            <th scope="col">{text.picture.hour}</th>
            <th scope="col">{text.chart.active}</th>
            <th scope="col">{text.chart.flagged}</th>
            <th scope="col">{text.picture.shots}</th>
          </tr>
        </thead>
        <tbody>
          {hoursOf(day).map(({ startMs, minute, offset, active, flagged, shots }) => (
            <tr key={startMs}>
              <th scope="row">{[words.clock(minute), offset].filter(Boolean).join(' ')}</th>
              <td>{active > 0 ? describeTotal(active) : '–'}</td>
              <td>{flagged > 0 ? describeTotal(flagged) : '–'}</td>
              <td>{shots > 0 ? words.number(shots) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
