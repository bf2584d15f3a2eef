import { slotAt } from '../../protocol/local-day.ts'
import type { Status } from '../../protocol/status.ts'
import { activeShare } from '../model/active-share.ts'
import { dayBars } from '../model/day-bars.ts'
import { text } from '../text/catalogue.ts'
import { describeTotal } from '../text/durations.ts'
import { words } from '../text/local-words.ts'
import { DayChart } from '../ui/day-chart.tsx'
import { ProblemHint } from '../ui/problem-note.tsx'

export function Activity({ status, nowMs }: { status: Status; nowMs: number }) {
  const { today, input } = status
  const when =
    today.date === words.today(nowMs)
      ? text.activity.activeToday
      : text.activity.activeOn(words.day(today.date))
  // Zero would be a figure, and there is none.
  const count = (value: number) =>
    input.state === 'without-detail' && value === 0 ? '–' : words.number(value)
  const share = activeShare(today)
  return (
    <section class="stack">
      <div class="row headline">
        <p>
          <span class="big" data-testid="active-today" data-value={today.active_seconds}>
            {describeTotal(today.active_seconds)}
          </span>{' '}
          <span class="soft">{when}</span>
        </p>
        {share !== undefined && (
          <p
            class="soft"
            data-testid="active-share"
            title={text.activity.ofTracked(describeTotal(today.tracked_seconds))}
          >
            {text.units.percent(share)} <span class="visually-hidden">{text.activity.ofTrackedTime}</span>
          </p>
        )}
      </div>
      <DayChart bars={dayBars(today, today, slotAt(nowMs, today))} table="hidden" />
      <dl class="figures">
        <div>
          <dt>{text.activity.keys}</dt>
          <dd data-testid="keys-today" data-value={today.keys}>
            {count(today.keys)}
          </dd>
        </div>
        <div>
          <dt>{text.activity.clicks}</dt>
          <dd data-testid="clicks-today" data-value={today.clicks}>
            {count(today.clicks)}
          </dd>
        </div>
        <div>
          <dt>{text.activity.flaggedTerm}</dt>
          <dd>{today.flagged_seconds > 0 ? describeTotal(today.flagged_seconds) : '–'}</dd>
        </div>
      </dl>
      {input.problem && status.state.kind !== 'blocked' && <ProblemHint problem={input.problem} />}
    </section>
  )
}
