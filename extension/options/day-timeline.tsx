import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Status } from '../../protocol/status.ts'
import { text } from '../text/catalogue.ts'
import { describeTotal } from '../text/durations.ts'
import { summaryOf, zonesLine } from '../text/lane-words.ts'
import { words } from '../text/local-words.ts'
import { describeTotals } from '../text/picture-words.ts'
import { zoneName } from '../text/zone-words.ts'
import { DayPicture } from '../ui/day-picture/day-picture.tsx'
import type { Tracker } from '../ui/tracker.ts'
import { DayLanes } from './day-lanes.tsx'
import { OpenedDay } from './opened-day.tsx'
import { useDay } from './use-day.ts'
import { useOpened } from './use-opened.ts'

/**
 * One day, today at first: one of the last as it is kept readable here, and any other once it is opened. What is only known
 * of today stands in `children`.
 */
export function DayTimeline(props: {
  status: Status
  nowMs: number
  tracker: Tracker
  connected: boolean
  children: ComponentChildren
}) {
  const { status, nowMs, tracker, connected } = props
  const today = status.today.date
  const [chosen, setChosen] = useState<string>()
  const dates = [...new Set([today, ...status.days.map(({ date }) => date)])].sort()
  const date = chosen ?? today
  const isRecent = dates.includes(date)
  const asOf = connected
    ? [status.state.kind, status.last_saved, status.today.flagged_seconds].join()
    : undefined
  const day = useDay(tracker, date, isRecent ? asOf : undefined)
  const past = useOpened(tracker, connected && (status.opened_until ?? null) !== null)
  useEffect(() => past.close(), [date])
  const { opened, wanted } = past
  const picture =
    (opened.kind === 'open' || opened.kind === 'opening') && wanted?.span === 'day'
      ? opened.content.days.find(found => found.date === date)
      : undefined

  return (
    <div class="day">
      <div class="row">
        <h2 data-testid="day-shown" data-value={date}>
          {words.day(date)}
        </h2>
        <div class="actions">
          <input
            type="date"
            class="go-to"
            aria-label={text.opened.goTo}
            data-testid="go-to-date"
            value={date}
            max={today}
            onChange={({ currentTarget: { value } }) =>
              /^\d{4}-/.test(value) && value <= today && setChosen(value)
            }
          />
          <Step to={dates.findLast(other => other < date)} testId="day-before" onStep={setChosen}>
            ← <span class="visually-hidden">{text.days.dayBefore}</span>
          </Step>
          <Step to={dates.find(other => other > date)} testId="day-after" onStep={setChosen}>
            → <span class="visually-hidden">{text.days.dayAfter}</span>
          </Step>
        </div>
      </div>
      <p class="soft" data-testid="day-summary">
        {picture
          ? describeTotals(picture.totals)
          : day
            ? `${summaryOf(day)} · ${zonesLine(day, words)}`
            : isRecent
              ? totalsOf(status, date)
              : text.opened.older}
      </p>
      {picture ? (
        <DayPicture
          key={date}
          day={{ ...picture, screenshots: opened.kind === 'open' ? [...opened.content.pictures] : [] }}
          {...(date === today && { nowMs })}
        />
      ) : (
        day && <DayLanes key={date} day={day} nowMs={nowMs} />
      )}
      <OpenedDay {...{ date, isRecent, status, nowMs, tracker, connected }} day={past} />
      {date === today && props.children}
    </div>
  )
}

/** What is known of it without asking: the tracker may be away. */
function totalsOf({ days, today }: Status, date: string): string {
  const zones = days.filter(day => day.date === date)
  const ofZones = (seconds: (zone: Status['days'][number]) => number) =>
    zones.reduce((sum, zone) => sum + seconds(zone), 0)
  const active = date === today.date ? today.active_seconds : ofZones(zone => zone.active_seconds)
  const flagged = ofZones(zone => zone.flagged_seconds)
  return [
    text.activity.active(describeTotal(active)),
    ...(flagged > 0 ? [text.activity.flagged(describeTotal(flagged))] : []),
    ...zones.map(({ zone }) => zoneName(zone)),
  ].join(' · ')
}

function Step(props: {
  to: string | undefined
  testId: string
  onStep: (date: string) => void
  children: ComponentChildren
}) {
  const { to, onStep } = props
  return (
    <button
      type="button"
      data-testid={props.testId}
      // Not `disabled`, which would drop the keyboard's focus.
      aria-disabled={to === undefined}
      onClick={() => to !== undefined && onStep(to)}
    >
      {props.children}
    </button>
  )
}
