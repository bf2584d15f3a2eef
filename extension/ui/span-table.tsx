import './span-table.css'
import type { Day, LaneSpan } from '../../protocol/day.ts'
import type { HiddenSpan } from '../model/day-picture.ts'
import { text } from '../text/catalogue.ts'
import { type DayZones, laneTitles, lengthOf, timesOf, whyOf } from '../text/lane-words.ts'
import { words } from '../text/local-words.ts'
import { hiddenTitle } from '../text/picture-words.ts'

/** A day in spans, for those who read rather than look. */
export function SpanTable(props: {
  day: DayZones
  spans: readonly LaneSpan[]
  hidden?: readonly HiddenSpan[] | undefined
  joined?: Day['joined']
}) {
  const { day, hidden = [], joined = 0 } = props
  const spans = [...props.spans, ...hidden].toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from))
  return (
    <>
      {joined > 0 && <p class="soft small">{text.lanes.joined(Math.round(joined / 60))}</p>}
      <table class="span-table" data-testid="day-spans">
        <caption class="visually-hidden">{text.lanes.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{text.lanes.times}</th>
            <th scope="col">{text.lanes.what}</th>
            <th scope="col">{text.lanes.length}</th>
            <th scope="col">{text.lanes.why}</th>
          </tr>
        </thead>
        <tbody>
          {spans.map(span => (
            <tr key={`${'lane' in span ? span.lane : span.kind} ${span.from}`}>
              <th scope="row">{timesOf(span, day, words)}</th>
              <td>{'lane' in span ? laneTitles[span.lane] : hiddenTitle(span.kind)}</td>
              <td>{lengthOf(span)}</td>
              <td>{'lane' in span ? whyOf(span, day, words) : text.picture.hidden[span.kind]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
