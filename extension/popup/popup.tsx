import { useState } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import { noticesOf, type Status } from '../../protocol/status.ts'
import { type Presentation, present, type StateName } from '../model/presentation.ts'
import { optionsPage, welcomePage } from '../pages.ts'
import { text } from '../text/catalogue.ts'
import { words } from '../text/local-words.ts'
import { FlaggedNote } from '../ui/flagged-note.tsx'
import { HeldScreenshots } from '../ui/held-screenshots.tsx'
import { openPage } from '../ui/open-page.ts'
import { ProblemHint, ProblemNote } from '../ui/problem-note.tsx'
import { StatePanel } from '../ui/state-panel.tsx'
import type { Tracker } from '../ui/tracker.ts'
import { Trouble } from '../ui/trouble.tsx'
import { useNow, useSnapshot } from '../ui/use-tracker.ts'
import { Activity } from './activity.tsx'
import { ControlButton } from './control-button.tsx'
import { Delivery } from './delivery.tsx'
import { PauseMenu } from './pause-menu.tsx'
import { Screenshots } from './screenshots.tsx'

const offersIn: Partial<Record<StateName, 'pause' | 'resume'>> = {
  tracking: 'pause',
  waiting: 'pause',
  suspended: 'pause',
  blocked: 'pause',
  starting: 'pause',
  paused: 'resume',
}

/** A popup is low; the options page has them all. */
const mostHeld = 3

export function Popup({ tracker }: { tracker: Tracker }) {
  const snapshot = useSnapshot(tracker)
  const nowMs = useNow()
  const [choosing, setChoosing] = useState(false)
  const [failure, setFailure] = useState<Problem>()

  const shown = present(snapshot, nowMs, words)
  const { status } = snapshot
  const connected = snapshot.link.kind === 'connected'
  const started = status !== undefined && status.state.kind !== 'consent-needed'
  const showFigures = started && shown.state !== 'host-missing'
  const offers = started ? offersIn[shown.state] : undefined

  return (
    <main>
      <StatePanel shown={shown} snapshot={snapshot} nowMs={nowMs}>
        {connected && offers && (
          <ControlButton
            tracker={tracker}
            offers={offers}
            choosing={choosing}
            onChoose={() => setChoosing(!choosing)}
            onAnswer={setFailure}
          />
        )}
      </StatePanel>
      {choosing && offers === 'pause' && (
        <PauseMenu
          tracker={tracker}
          onClose={problem => {
            setChoosing(false)
            setFailure(problem)
            document.querySelector<HTMLElement>('[aria-controls="pause-menu"]')?.focus()
          }}
        />
      )}
      {failure && (
        <section role="alert">
          <ProblemNote problem={failure} tone="stop" />
        </section>
      )}
      {shown.state === 'consent-needed' && (
        <section class="stack">
          <p>{text.popup.decide}</p>
          <div class="actions">
            <button type="button" class="primary" onClick={() => openPage(welcomePage)}>
              {text.popup.review}
            </button>
          </div>
        </section>
      )}
      {shown.problem && (
        <section>
          <Trouble shown={shown} tracker={tracker}>
            {shown.state === 'waiting' && <TestLink />}
          </Trouble>
        </section>
      )}
      {status && showFigures && (
        <Figures
          tracker={tracker}
          status={status}
          shown={shown}
          nowMs={nowMs}
          request={connected ? { tracker, onAnswer: setFailure } : undefined}
        />
      )}
      <footer>
        <button type="button" class="link" onClick={() => openPage(welcomePage)}>
          {text.popup.whatIsRecorded}
        </button>
        <button type="button" class="link" onClick={() => openPage(optionsPage)}>
          {text.popup.settings}
        </button>
      </footer>
    </main>
  )
}

type FiguresProps = {
  tracker: Tracker
  status: Status
  shown: Presentation
  nowMs: number
  /** Without a connection nothing can be requested. */
  request: { tracker: Tracker; onAnswer(problem?: Problem): void } | undefined
}

/** What was recorded, and how its upload goes. */
function Figures({ tracker, status, shown, nowMs, request }: FiguresProps) {
  const hints = hintsOf(status, shown)
  const { held } = status.screenshots
  return (
    <>
      <Activity status={status} nowMs={nowMs} />
      {status.flagged && (
        <section>
          <FlaggedNote flagged={status.flagged} nowMs={nowMs} />
        </section>
      )}
      {shown.state !== 'disconnected' && (
        <>
          <Screenshots status={status} nowMs={nowMs} request={request} />
          {request && held.length > 0 && <HeldSection tracker={tracker} status={status} nowMs={nowMs} />}
          <Delivery status={status} nowMs={nowMs} />
        </>
      )}
      {hints.length > 0 && (
        <section class="stack">
          {hints.map(notice => (
            <ProblemHint key={notice.code} problem={notice} />
          ))}
        </section>
      )}
    </>
  )
}

function HeldSection({ tracker, status, nowMs }: Pick<FiguresProps, 'tracker' | 'status' | 'nowMs'>) {
  const { held } = status.screenshots
  return (
    <section class="stack" aria-labelledby="held">
      <h2 id="held" class="heading">
        {text.held.heading}
      </h2>
      <HeldScreenshots held={held.slice(0, mostHeld)} status={status} nowMs={nowMs} tracker={tracker} />
      {held.length > mostHeld && (
        <button type="button" class="link" onClick={() => openPage(`${optionsPage}#recent`)}>
          {text.held.showAll(held.length)}
        </button>
      )}
    </section>
  )
}

/** The walk to the destination takes more room than a popup has. */
function TestLink() {
  return (
    <div class="actions">
      <button type="button" data-testid="find-out" onClick={() => openPage(`${optionsPage}#upload`)}>
        {text.popup.testConnection}
      </button>
    </div>
  )
}

/** What does not stop the recording. Trouble with delivering is the state itself while tracking goes on. */
function hintsOf(status: Status, shown: Presentation): Problem[] {
  const { queue } = status
  const delivery = queue.problem && queue.problem.code !== shown.problem?.code ? [queue.problem] : []
  return [...delivery, ...noticesOf(status)]
}
