import './day-lanes.css'
import { useRef, useState } from 'preact/hooks'
import type { Day, LaneSpan } from '../../protocol/day.ts'
import { type Axis, axisOf, laneOrder, placeOf, shareToCome, spanAfterKey } from '../model/lane-layout.ts'
import { text } from '../text/catalogue.ts'
import { describeSpan, isAmiss, laneTitles, lengthOf, timesOf, whyOf } from '../text/lane-words.ts'
import { words } from '../text/local-words.ts'
import { zoneName } from '../text/zone-words.ts'
import { SpanTable } from '../ui/span-table.tsx'

/**
 * The hours of a day in lanes. All blocks together are one stop of the Tab key; arrows go from one to the next. What
 * they say stands in a table too.
 */
export function DayLanes({ day, nowMs }: { day: Day; nowMs: number }) {
  const [shown, setShown] = useState<string>()
  const blocks = useRef(new Map<string, HTMLButtonElement>())
  const axis = axisOf(day)
  if (!axis) return null
  const { spans } = day
  const current = Math.max(
    0,
    spans.findIndex(span => keyOf(span) === shown),
  )
  const detail = spans.find(span => keyOf(span) === shown)

  function follow(event: KeyboardEvent): void {
    const next = spanAfterKey(spans, current, event.key)
    const span = next === undefined ? undefined : spans[next]
    if (!span) return
    event.preventDefault()
    blocks.current.get(keyOf(span))?.focus()
  }

  return (
    <figure class="day-lanes" data-testid="day-lanes">
      <fieldset class="lanes" aria-label={text.lanes.label} onKeyDown={follow}>
        {laneOrder
          .filter(lane => lane !== 'flagged' || spans.some(span => span.lane === lane))
          .map(lane => (
            <div key={lane} class="lane" data-lane={lane}>
              <span class="name">{laneTitles[lane]}</span>
              <div class="track">
                <i class="to-come" style={{ width: percent(shareToCome(axis, nowMs)) }} />
                {axis.changes.map(({ at }) => (
                  <i key={at} class="change" style={{ left: percent(at) }} />
                ))}
                {spans.map((span, index) =>
                  span.lane === lane ? (
                    <button
                      key={keyOf(span)}
                      type="button"
                      ref={element => {
                        if (element) blocks.current.set(keyOf(span), element)
                        else blocks.current.delete(keyOf(span))
                      }}
                      data-amiss={isAmiss(span)}
                      data-cause={'cause' in span ? span.cause : undefined}
                      style={styleOf(span, axis)}
                      tabIndex={index === current ? 0 : -1}
                      aria-label={describeSpan(span, day, words)}
                      onFocus={() => setShown(keyOf(span))}
                      onPointerEnter={() => setShown(keyOf(span))}
                    />
                  ) : null,
                )}
              </div>
            </div>
          ))}
      </fieldset>
      <Hours axis={axis} />
      <p class="detail small" data-testid="lane-detail" aria-hidden="true">
        {detail ? (
          <>
            <strong>{timesOf(detail, day, words)}</strong>{' '}
            {text.lanes.detail({
              lane: laneTitles[detail.lane],
              length: lengthOf(detail),
              why: whyOf(detail, day, words),
            })}
          </>
        ) : (
          <span class="soft">{text.lanes.hint}</span>
        )}
      </p>
      <details>
        <summary>{text.chart.asTable}</summary>
        <SpanTable day={day} spans={day.spans} joined={day.joined} />
      </details>
    </figure>
  )
}

function Hours({ axis }: { axis: Axis }) {
  return (
    <div class="hours" aria-hidden="true">
      {axis.ticks.map(({ at, hour }) => (
        <span
          key={at}
          data-end={at === 0 ? 'first' : at === 1 ? 'last' : undefined}
          style={{ left: percent(at) }}
        >
          {words.hour(hour)}
        </span>
      ))}
      {axis.changes.map(({ at, zone }) => (
        <span
          key={`zone ${at}`}
          class="zone"
          data-end={at < 0.2 ? 'first' : at > 0.8 ? 'last' : undefined}
          style={{ left: percent(at) }}
        >
          {text.lanes.zoneFromHere(zoneName(zone))}
        </span>
      ))}
    </div>
  )
}

/** A block that grows while one looks at it stays the same. */
function keyOf({ lane, from }: LaneSpan): string {
  return `${lane} ${from}`
}

function styleOf(span: LaneSpan, axis: Axis): { left: string; width: string } {
  const { at, length } = placeOf(span, axis)
  return { left: percent(at), width: percent(length) }
}

const percent = (share: number) => `${(share * 100).toFixed(3)}%`
