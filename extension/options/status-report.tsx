import { useState } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import { slotAt } from '../../protocol/local-day.ts'
import { noticesOf, type Status, waitReasons } from '../../protocol/status.ts'
import { dayBars } from '../model/day-bars.ts'
import { deliveryWords, type Presentation } from '../model/presentation.ts'
import { describeTotal, describeWait } from '../text/durations.ts'
import { words } from '../text/local-words.ts'
import { describeSize } from '../text/sizes.ts'
import { timeChangeWords, zoneName } from '../text/zone-words.ts'
import { BlurNote } from '../ui/blur-note.tsx'
import { DayChart } from '../ui/day-chart.tsx'
import { FlaggedNote } from '../ui/flagged-note.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import type { Tracker } from '../ui/tracker.ts'
import { WishButton } from '../ui/wish-button.tsx'
import { DayTimeline } from './day-course.tsx'
import { DayTotals } from './day-totals.tsx'
import { Fact } from './fact.tsx'

/** The day in figures, what needs attention, and where everything goes. */
export function StatusReport(props: {
  status: Status
  shown: Presentation
  nowMs: number
  tracker: Tracker
  connected: boolean
}) {
  const { status, shown, nowMs, tracker, connected } = props
  const { today, agent } = status
  return (
    <>
      {problemsOf(status, shown).map(problem => (
        <ProblemNote key={problem.code} problem={problem} />
      ))}
      <BlurNote screenshots={status.screenshots} />
      <DayTimeline status={status} nowMs={nowMs} tracker={tracker} connected={connected}>
        {status.flagged && (
          <FlaggedNote flagged={status.flagged} nowMs={nowMs}>
            <Withdrawal flagged={status.flagged} tracker={tracker} />
          </FlaggedNote>
        )}
        <FlaggedBefore status={status} nowMs={nowMs} tracker={tracker} />
        <h3>Input in every ten minutes</h3>
        <p class="soft">{dayWords(status)}</p>
        <DayChart bars={dayBars(today, today, slotAt(nowMs, today))} table="to-open" />
        {today.elsewhere.map(spent => {
          const day = { date: today.date, zone: spent.zone }
          return (
            <section key={spent.zone}>
              <h3>In {zoneName(spent.zone)}</h3>
              <p class="soft">{describeTotal(spent.active_seconds)} active</p>
              <DayChart bars={dayBars(spent, day, slotAt(nowMs, day))} table="to-open" />
            </section>
          )
        })}
      </DayTimeline>
      <DayTotals days={status.days} today={today.date} />
      <dl class="facts">
        <Fact term="Screenshots">{screenshotWords(status, nowMs)}</Fact>
        <Fact term="Delivery">{queueWords(status, nowMs)}</Fact>
        <Fact term="Time zone">
          {zoneName(status.time.zone)}, UTC{status.time.offset}
          {status.time.last_change && `; ${timeChangeWords(status.time.last_change, nowMs, words)}`}
        </Fact>
        <Fact term="Tracker">
          Version {agent.version}, running since {words.time(agent.started, nowMs)}, serving{' '}
          {agent.clients === 1 ? 'one browser or terminal' : `${agent.clients} browsers and terminals`}
        </Fact>
        {status.left_out && <Fact term="Not shown">{leftOutWords(status.left_out)}</Fact>}
      </dl>
    </>
  )
}

/** Each can be withdrawn, also days later: often it is only noticed then. */
function FlaggedBefore({ status, nowMs, tracker }: { status: Status; nowMs: number; tracker: Tracker }) {
  const { flagged_before: before } = status
  if (before.length === 0) return null
  return (
    <details data-testid="flagged-before">
      <summary>
        {before.length === 1
          ? 'One more that did not look genuine'
          : `${before.length} more that did not look genuine`}
      </summary>
      {before.map(flagged => (
        <FlaggedNote key={flagged.from} flagged={flagged} nowMs={nowMs}>
          <Withdrawal flagged={flagged} tracker={tracker} />
        </FlaggedNote>
      ))}
    </details>
  )
}

/** A verdict is evidence, and the person knows better. The record of it stays, with the record of this. */
function Withdrawal({ flagged, tracker }: { flagged: NonNullable<Status['flagged']>; tracker: Tracker }) {
  const [problem, setProblem] = useState<Problem>()
  return (
    <div class="withdrawal">
      <WishButton
        tracker={tracker}
        wish={() => ({ type: 'withdraw-verdict', from: flagged.from, to: flagged.to })}
        onAnswer={setProblem}
        testId="withdraw-verdict"
      >
        This was me
      </WishButton>
      <span class="soft small">
        It then counts like everything else, and what was taken out counts again.
      </span>
      {problem && <ProblemNote problem={problem} />}
    </div>
  )
}

/** Each once, without the one that is the state and stands above already. */
function problemsOf(status: Status, shown: Presentation): Problem[] {
  const { input, screenshots, queue } = status
  const all = [input.problem, screenshots.problem, queue.problem, ...noticesOf(status)].filter(
    problem => problem !== null,
  )
  const byCode = new Map(all.map(problem => [problem.code, problem]))
  if (shown.problem) byCode.delete(shown.problem.code)
  return [...byCode.values()]
}

function leftOutWords(leftOut: NonNullable<Status['left_out']>): string {
  const counts = Object.entries(leftOut).map(([list, count]) => `${words.number(count)} of ${list}`)
  return `Too many: ${counts.join(', ')}`
}

function dayWords({ today }: Status): string {
  return [
    `${words.number(today.keys)} keys`,
    `${words.number(today.clicks)} clicks`,
    `${words.number(today.wheel)} wheel steps`,
    `${words.number(today.distance_px)} px of pointer travel`,
  ].join(' · ')
}

function screenshotWords({ screenshots }: Status, nowMs: number): string {
  const last = screenshots.last ? `Last at ${words.time(screenshots.last, nowMs)}` : 'None yet'
  if (screenshots.state === 'off') return `${last}. Off.`
  if (!screenshots.next) return `${last}. None while tracking rests.`
  const displays = screenshots.displays > 1 ? ` of ${screenshots.displays} displays` : ''
  return `${last}. Next${displays} ${describeWait(Date.parse(screenshots.next) - nowMs)}.`
}

function queueWords(status: Status, nowMs: number): string {
  const { queue } = status
  const { done } = deliveryWords(status)
  const parts = [
    `${words.number(queue.delivered)} ${done}`,
    queue.items > 0
      ? `${words.number(queue.items)} waiting${queue.waiting ? ` ${waitReasons[queue.waiting]}` : ''} (${describeSize(queue.bytes, words.number)})`
      : 'nothing waiting',
    ...(queue.last_delivered ? [`last at ${words.time(queue.last_delivered, nowMs)}`] : []),
    ...(queue.next_try && queue.items > 0
      ? [`next try ${describeWait(Date.parse(queue.next_try) - nowMs)}`]
      : []),
    ...(queue.quarantined > 0 ? [`${words.number(queue.quarantined)} damaged and set aside`] : []),
  ]
  return parts.join(', ')
}
