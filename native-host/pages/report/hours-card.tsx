import { useState } from 'preact/hooks'
import { describeTotal } from '../../../extension/text/durations.ts'
import { clockTime, type DayZones } from '../../../extension/text/lane-words.ts'
import { words } from '../../../extension/text/local-words.ts'
import type { ReportDay } from '../../../protocol/report.ts'
import { dateWords } from '../parts/date-words.ts'
import { Icon } from '../parts/icon.tsx'
import { flaggedInActive } from './model/figures.ts'
import {
  type HoursRow,
  hoursCsv,
  hoursIn,
  hoursRows,
  hoursTotal,
  type Rounding,
  roundings,
} from './model/hours.ts'
import { periodOf } from './model/period.ts'
import { hashOf } from './model/route.ts'
import { offerFile } from './offer-file.ts'
import { text } from './text.ts'

/** Hours as they are handed over: rounded by the day, with flagged time or without. */
export function HoursCard({
  days,
  name,
  device,
}: {
  days: readonly ReportDay[]
  name: string
  device: number
}) {
  const [rounding, setRounding] = useState<Rounding>(6)
  const [flagged, setFlagged] = useState<'in' | 'out'>('out')
  const rows = hoursRows(days, { rounding, flagged })
  const total = hoursTotal(rows)
  const marked = days.reduce((sum, day) => sum + flaggedInActive(day), 0)
  return (
    <section class="card hours-card" data-testid="hours">
      <div class="row head">
        <h2>{text.hours.heading}</h2>
        <RoundingChoice rounding={rounding} onChoose={setRounding} />
      </div>
      <p class="soft small">{text.hours.note}</p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{text.hours.day}</th>
              <th scope="col">{text.hours.from}</th>
              <th scope="col">{text.hours.to}</th>
              <th scope="col">{text.hours.breaks}</th>
              <th scope="col">{text.hours.there}</th>
              <th scope="col">{text.hours.active}</th>
              <th scope="col">{text.hours.rounded}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <Row key={row.day.date} row={row} rounding={rounding} device={device} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{text.hours.total}</th>
              <td />
              <td />
              <td>{describeTotal(total.breaks)}</td>
              <td>{describeTotal(total.there)}</td>
              <td>{describeTotal(total.active)}</td>
              <td>{hoursIn(total.rounded, rounding)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      <div class="row below">
        <button
          type="button"
          class="screen-only"
          aria-label={text.hours.csvLabel}
          onClick={() => offerFile(name, hoursCsv(rows, rounding), 'text/csv')}
        >
          <Icon name="download" />
          {text.hours.csv}
        </button>
        {marked > 0 && (
          <label class="screen-only">
            <input
              type="checkbox"
              checked={flagged === 'out'}
              onChange={event => setFlagged(event.currentTarget.checked ? 'out' : 'in')}
            />{' '}
            {text.hours.leaveOut}
          </label>
        )}
      </div>
      {marked > 0 && (
        <p class="soft small">
          {flagged === 'out'
            ? text.hours.leftOut(describeTotal(marked))
            : text.hours.leftIn(describeTotal(marked))}
        </p>
      )}
    </section>
  )
}

function Row({ row, rounding, device }: { row: HoursRow; rounding: Rounding; device: number }) {
  const { day, from, to } = row
  return (
    <tr>
      <th scope="row">
        <a href={hashOf({ ...periodOf('day', day.date), device })}>{dateWords.short(day.date)}</a>
      </th>
      <td>{timeOn(day, from)}</td>
      <td>{timeOn(day, to)}</td>
      <td>{describeTotal(row.breaks)}</td>
      <td>{describeTotal(row.there)}</td>
      <td>{describeTotal(row.active)}</td>
      <td>{hoursIn(row.rounded, rounding)}</td>
    </tr>
  )
}

function timeOn(day: DayZones, instant: string | undefined): string {
  return instant === undefined ? '–' : clockTime(instant, day, words)
}

function RoundingChoice(props: { rounding: Rounding; onChoose: (rounding: Rounding) => void }) {
  return (
    <fieldset class="rounding small">
      <legend class="soft">{text.hours.round}</legend>
      <div class="segments">
        {roundings.map(value => (
          <label key={value}>
            <input
              type="radio"
              name="rounding"
              checked={value === props.rounding}
              onChange={() => props.onChoose(value)}
            />
            {text.hours.roundings[value]}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
