import './day-picture.css'
import { useId, useRef, useState } from 'preact/hooks'
import type { ReportScreenshot } from '../../../protocol/report.ts'
import {
  type DayPictureModel,
  dayPicture,
  type Part,
  type PictureDay,
  partAfterKey,
  placeOn,
  type Row,
  rows,
} from '../../model/day-picture.ts'
import { text } from '../../text/catalogue.ts'
import { words } from '../../text/local-words.ts'
import { describePart } from '../../text/picture-words.ts'
import { Hours } from './hours.tsx'
import { Legend } from './legend.tsx'
import { Bar, type PartButton, PresenceBlock, percent, styleOf } from './parts.tsx'
import { PictureTable } from './picture-table.tsx'

/**
 * A day on one axis: active time by ten minutes, presence, and when screenshots were taken. All of it is one stop of the
 * Tab key; arrows go from part to part. What it shows stands in a table too.
 */
export function DayPicture(props: {
  day: PictureDay
  /** Of today: a line, and nothing after it. */
  nowMs?: number
  onScreenshot?: (shots: readonly ReportScreenshot[]) => void
  /** What the picture is of, for those who do not see it. */
  summary?: string
}) {
  const { day, nowMs } = props
  const summaryId = useId()
  const picture = dayPicture(day, nowMs)
  if (!picture) return <p class="soft">{text.picture.nothing}</p>
  return (
    <figure class="day-picture" data-testid="day-picture">
      <Legend day={day} />
      {props.summary !== undefined && (
        <p class="visually-hidden" id={summaryId}>
          {props.summary}
        </p>
      )}
      <Plot {...props} picture={picture} describedBy={props.summary === undefined ? undefined : summaryId} />
      <details>
        <summary>{text.chart.asTable}</summary>
        <PictureTable day={day} />
      </details>
    </figure>
  )
}

type PlotProps = {
  day: PictureDay
  nowMs?: number
  onScreenshot?: (shots: readonly ReportScreenshot[]) => void
  picture: DayPictureModel
  describedBy: string | undefined
}

function Plot({ day, nowMs, onScreenshot, picture, describedBy }: PlotProps) {
  const [shown, setShown] = useState<string>()
  const elements = useRef(new Map<string, HTMLButtonElement>())
  const { axis, parts } = picture
  const current = parts.find(({ key }) => key === shown) ?? parts[0]
  const detail = parts.find(({ key }) => key === shown)

  function follow(event: KeyboardEvent): void {
    const next = partAfterKey(parts, current, event.key)
    if (!next) return
    event.preventDefault()
    elements.current.get(next.key)?.focus()
  }

  const buttonOf = (part: Part): PartButton => {
    const { times, what } = describePart(part, day, words)
    return {
      type: 'button',
      ref: element => {
        if (element) elements.current.set(part.key, element)
        else elements.current.delete(part.key)
      },
      style: styleOf(part, axis),
      tabIndex: part === current ? 0 : -1,
      'aria-label': text.picture.times(times, what),
      onFocus: () => setShown(part.key),
      onPointerEnter: () => setShown(part.key),
    }
  }
  const inRow = (row: Row) => parts.filter(part => part.row === row)

  return (
    <>
      <fieldset
        class="plot"
        aria-label={text.picture.label}
        aria-describedby={describedBy}
        onKeyDown={follow}
      >
        {rows.map(row => (
          <div key={row} class={`row-${row}`} data-empty={inRow(row).length === 0}>
            <RowName row={row} />
            <div class="track">
              {inRow(row).map(part => (
                <PlotPart key={part.key} part={part} button={buttonOf(part)} onScreenshot={onScreenshot} />
              ))}
            </div>
          </div>
        ))}
        <div class="over" aria-hidden="true">
          {picture.flagged.map(ends => (
            <i key={ends.fromMs} class="flag-outline" style={styleOf(ends, axis)} />
          ))}
          {axis.changes.map(({ at }) => (
            <i key={at} class="zone-line" style={{ left: percent(at) }} />
          ))}
          {nowMs !== undefined && nowMs > axis.startMs && nowMs < axis.endMs && (
            <i class="now-line" style={{ left: percent(placeOn(axis, { fromMs: nowMs, toMs: nowMs }).at) }} />
          )}
        </div>
      </fieldset>
      <Hours axis={axis} />
      <p class="detail small" data-testid="picture-detail" aria-hidden="true">
        {detail ? <Detail part={detail} day={day} /> : <span class="soft">{text.picture.hint}</span>}
      </p>
    </>
  )
}

function PlotPart(props: {
  part: Part
  button: PartButton
  onScreenshot: ((shots: readonly ReportScreenshot[]) => void) | undefined
}) {
  const { part, button, onScreenshot } = props
  switch (part.row) {
    case 'bars':
      return <Bar part={part} button={button} />
    case 'presence':
      return <PresenceBlock part={part} button={button} />
    case 'shots':
      return (
        <button {...button} data-state={part.shots[0]?.state} onClick={() => onScreenshot?.(part.shots)} />
      )
    default:
      throw part satisfies never
  }
}

function RowName({ row }: { row: Row }) {
  if (row === 'bars')
    return (
      <span class="name scale" aria-hidden="true">
        <span>{text.picture.minutes.full}</span>
        <span>{text.picture.minutes.half}</span>
      </span>
    )
  return <span class="name">{text.picture[row]}</span>
}

function Detail({ part, day }: { part: Part; day: PictureDay }) {
  const { times, what } = describePart(part, day, words)
  return (
    <>
      <strong>{times}</strong> {what}
    </>
  )
}
