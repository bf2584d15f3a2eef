import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Status } from '../../protocol/status.ts'
import { text } from '../text/catalogue.ts'
import { describeTotal } from '../text/durations.ts'
import { summaryOf, zonesLine } from '../text/lane-words.ts'
import { words } from '../text/local-words.ts'
import { zoneName } from '../text/zone-words.ts'
import type { Tracker } from '../ui/tracker.ts'
import { DayLanes } from './day-lanes.tsx'
import { useDay } from './use-day.ts'

/** One day of the last ones, today at first. What is only known of today stands in `children`. */
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
  const date = chosen !== undefined && dates.includes(chosen) ? chosen : today
  const place = dates.indexOf(date)
  const asOf = connected
    ? [status.state.kind, status.last_saved, status.today.flagged_seconds].join()
    : undefined
  const day = useDay(tracker, date, asOf)

  return (
    <div class="day">
      <div class="row">
        <h2 data-testid="day-shown" data-value={date}>
          {words.day(date)}
        </h2>
        {dates.length > 1 && (
          <div class="actions">
            <Step to={dates[place - 1]} testId="day-before" onStep={setChosen}>
              ← <span class="visually-hidden">{text.days.dayBefore}</span>
            </Step>
            <Step to={dates[place + 1]} testId="day-after" onStep={setChosen}>
              → <span class="visually-hidden">{text.days.dayAfter}</span>
            </Step>
          </div>
        )}
      </div>
      <p class="soft" data-testid="day-summary">
        {day ? `${summaryOf(day)} · ${zonesLine(day, words)}` : totalsOf(status, date)}
      </p>
      {day && <DayLanes key={date} day={day} nowMs={nowMs} />}
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
