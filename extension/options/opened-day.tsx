import './opened-day.css'
import type { Status } from '../../protocol/status.ts'
import { text } from '../text/catalogue.ts'
import { words } from '../text/local-words.ts'
import { CommandLine } from '../ui/command-line.tsx'
import { ConfirmationNote } from '../ui/confirmation-note.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import type { Tracker } from '../ui/tracker.ts'
import { OpenedGallery } from './opened-gallery.tsx'
import { OpenedWeek } from './opened-week.tsx'
import type { Content, Opened, useOpened } from './use-opened.ts'

/** What was delivered or still lies here of the day, decrypted once the person has allowed it outside the browser. */
export function OpenedDay(props: {
  date: string
  /** Its timeline stands above. */
  isRecent: boolean
  status: Status
  nowMs: number
  tracker: Tracker
  connected: boolean
  day: ReturnType<typeof useOpened>
}) {
  const { date, isRecent, status, nowMs, connected } = props
  const { opened, wanted, open, close } = props.day
  const isShown = opened.kind === 'opening' || opened.kind === 'open'
  const asked = status.confirmation?.kind === 'opened' ? status.confirmation : undefined
  const until = status.opened_until ?? undefined

  if (!status.keys.identity_here)
    return (
      <div class="opened" data-testid="opened-no-key">
        <p class="soft small">{text.opened.noKey}</p>
        <CommandLine command="activity-tracker open FOLDER --identity RECOVERY-FILE" />
      </div>
    )
  return (
    <div class="opened" data-testid="opened" data-state={opened.kind}>
      <div class="actions">
        {(['day', 'week'] as const).map(span => (
          <button
            key={span}
            type="button"
            data-testid={`open-${span}`}
            // Not `disabled`, which would drop the keyboard's focus.
            aria-disabled={!connected || opened.kind === 'opening'}
            onClick={() => connected && opened.kind !== 'opening' && void open({ date, span })}
          >
            {span === 'week' ? text.opened.showWeek : isRecent ? text.opened.showDay : text.opened.openDay}
          </button>
        ))}
        {isShown && (
          <button type="button" data-testid="close-opened" onClick={() => close()}>
            {text.opened.close}
          </button>
        )}
      </div>
      {opened.kind === 'closed' && until === undefined && <p class="soft small">{text.opened.how}</p>}
      <p class="small soft" role="status" data-testid="opened-said">
        {saidOf(opened)}
        {isShown && until !== undefined && ` ${text.opened.until(words.time(until, nowMs))}`}
        {isShown && status.destination.kind === 's3' && ` ${text.opened.inBucket}`}
      </p>
      {opened.kind === 'opening' && opened.content.progress && opened.content.progress.total > 0 && (
        <progress
          aria-label={text.opened.progressLabel}
          max={opened.content.progress.total}
          value={opened.content.progress.done}
        />
      )}
      {opened.kind === 'waiting' && asked && <ConfirmationNote confirmation={asked} nowMs={nowMs} />}
      {opened.kind === 'failed' && <ProblemNote problem={opened.problem} />}
      {isShown && (
        <Shown
          {...props}
          content={opened.content}
          span={wanted?.span ?? 'day'}
          done={opened.kind === 'open'}
        />
      )}
    </div>
  )
}

function Shown(props: {
  content: Content
  span: 'day' | 'week'
  done: boolean
  date: string
  tracker: Tracker
}) {
  const { content, span, done, date, tracker } = props
  const { pictures, leftOut, days, progress } = content
  const unopened = progress?.unopened ?? 0
  return (
    <>
      {done && unopened > 0 && (
        <p class="small" data-testid="opened-unopened">
          {text.opened.unopened(unopened, words.number(unopened))}
        </p>
      )}
      {span === 'week' ? (
        <OpenedWeek days={days} done={done} />
      ) : (
        <>
          {(done || pictures.length > 0) && <h3>{text.opened.screenshots}</h3>}
          {done && pictures.length === 0 && (
            <p class="soft" data-testid="opened-none">
              {days.length === 0 ? text.opened.nothing : text.opened.none}
            </p>
          )}
          <OpenedGallery key={date} pictures={pictures} tracker={tracker} />
          {leftOut > 0 && <p class="small soft">{text.opened.leftOut(leftOut, words.number(leftOut))}</p>}
        </>
      )}
    </>
  )
}

function saidOf(opened: Opened): string {
  switch (opened.kind) {
    case 'closed':
      return opened.why === undefined ? '' : text.opened[opened.why]
    case 'opening': {
      const { progress } = opened.content
      if (!progress || progress.total === 0) return text.opened.begin
      return text.opened.progress({ done: words.number(progress.done), total: words.number(progress.total) })
    }
    case 'waiting':
    case 'open':
    case 'failed':
      return ''
    default:
      throw opened satisfies never
  }
}
