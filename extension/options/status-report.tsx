import { useState } from 'preact/hooks'
import { formatBytes } from '../../protocol/byte-size.ts'
import type { Problem } from '../../protocol/errors.ts'
import { slotAt } from '../../protocol/local-day.ts'
import { noticesOf, type Status, waitReasons } from '../../protocol/status.ts'
import { dayBars } from '../model/day-bars.ts'
import type { Presentation } from '../model/presentation.ts'
import { text } from '../text/catalogue.ts'
import { describeTotal, describeWait } from '../text/durations.ts'
import { words } from '../text/local-words.ts'
import { timeChangeWords, zoneName } from '../text/zone-words.ts'
import { BlurNote } from '../ui/blur-note.tsx'
import { DayChart } from '../ui/day-chart.tsx'
import { FlaggedNote } from '../ui/flagged-note.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import type { Tracker } from '../ui/tracker.ts'
import { WishButton } from '../ui/wish-button.tsx'
import { DayTimeline } from './day-timeline.tsx'
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
        <h3>{text.report.activeMinutes}</h3>
        <p class="soft">{dayWords(status)}</p>
        <DayChart bars={dayBars(today, today, slotAt(nowMs, today))} table="to-open" />
        {today.elsewhere.map(spent => {
          const day = { date: today.date, zone: spent.zone }
          return (
            <section key={spent.zone}>
              <h3>{text.report.inZone(zoneName(spent.zone))}</h3>
              <p class="soft">{text.activity.active(describeTotal(spent.active_seconds))}</p>
              <DayChart bars={dayBars(spent, day, slotAt(nowMs, day))} table="to-open" />
            </section>
          )
        })}
      </DayTimeline>
      <DayTotals days={status.days} today={today.date} />
      <dl class="facts">
        <Fact term={text.report.screenshots}>{screenshotWords(status, nowMs)}</Fact>
        <Fact term={status.destination.kind === 's3' ? text.report.uploads : text.report.folder}>
          {queueWords(status, nowMs)}
        </Fact>
        <Fact term={text.report.timeZone}>
          {text.report.zoneAndOffset(zoneName(status.time.zone), status.time.offset)}
          {status.time.last_change && `; ${timeChangeWords(status.time.last_change, nowMs, words)}`}
        </Fact>
        <Fact term={text.report.tracker}>
          {text.report.version(agent.version, words.time(agent.started, nowMs))},{' '}
          {text.report.clients(agent.clients)}
        </Fact>
        {status.left_out && <Fact term={text.report.notShown}>{leftOutWords(status.left_out)}</Fact>}
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
      <summary>{text.flagged.more(before.length)}</summary>
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
        {text.flagged.thisWasMe}
      </WishButton>
      <span class="soft small">{text.flagged.withdrawn}</span>
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
  const counts = Object.entries(leftOut).map(([list, count]) => text.report.ofList(words.number(count), list))
  return text.report.tooMany(counts.join(', '))
}

const counted = (count: number) => ({ count, shown: words.number(count) })

function dayWords({ today }: Status): string {
  return text.activity.counts({
    keys: counted(today.keys),
    clicks: counted(today.clicks),
    wheel: counted(today.wheel),
    pixels: words.number(today.distance_px),
  })
}

function screenshotWords({ state: { kind }, screenshots }: Status, nowMs: number): string {
  const last = screenshots.last
    ? text.report.lastShot(words.time(screenshots.last, nowMs))
    : text.report.noShot
  return `${last} ${nextShot(kind, screenshots, nowMs)}`
}

function nextShot(kind: Status['state']['kind'], screenshots: Status['screenshots'], nowMs: number): string {
  if (screenshots.state === 'off') return text.report.shotsOff
  if (screenshots.next)
    return `${text.screenshots.next(Math.max(1, screenshots.displays), describeWait(Date.parse(screenshots.next) - nowMs))}.`
  return `${kind === 'paused' ? text.screenshots.nonePaused : text.screenshots.nonePlanned}.`
}

function queueWords({ destination, queue }: Status, nowMs: number): string {
  const done = counted(queue.delivered)
  const waiting = counted(queue.items)
  const parts = [
    destination.kind === 's3' ? text.queue.uploaded(done) : text.queue.inFolder(done),
    queue.items > 0
      ? text.queue.withSize(
          queue.waiting
            ? text.queue.waitingFor(waiting, waitReasons[queue.waiting])
            : text.queue.waiting(waiting),
          formatBytes(queue.bytes, words.number),
        )
      : text.queue.nothingWaiting,
    ...(queue.last_delivered ? [text.queue.last(words.time(queue.last_delivered, nowMs))] : []),
    ...(queue.next_try && queue.items > 0
      ? [text.queue.nextTry(describeWait(Date.parse(queue.next_try) - nowMs))]
      : []),
    ...(queue.quarantined > 0 ? [text.queue.damaged(words.number(queue.quarantined))] : []),
  ]
  return parts.join(', ')
}
