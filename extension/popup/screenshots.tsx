import { useState } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import type { Status } from '../../protocol/status.ts'
import { describeWait } from '../durations.ts'
import { words } from '../local-words.ts'
import { optionsPage } from '../pages.ts'
import { openPage } from '../ui/open-page.ts'
import { ProblemHint } from '../ui/problem-note.tsx'
import type { Tracker } from '../ui/tracker.ts'
import { WishButton } from '../ui/wish-button.tsx'

type Request = { tracker: Tracker; onAnswer: (problem: Problem | undefined) => void }

export function Screenshots(props: { status: Status; nowMs: number; request: Request | undefined }) {
  const { status, nowMs, request } = props
  const { screenshots } = status
  const [takenFor, setTakenFor] = useState<string | null>()
  // Shown until the status tells of a later screenshot, which is the proof.
  const taken = takenFor !== undefined && takenFor === screenshots.last

  if (screenshots.state === 'off' && status.state.kind === 'tracking')
    return (
      <section class="row">
        <span>Screenshots are off</span>
        <button type="button" class="link" onClick={() => openPage(`${optionsPage}#capture`)}>
          Change
        </button>
      </section>
    )
  return (
    <section class="stack">
      <div class="row">
        <div>
          <p data-testid="last-screenshot" data-value={screenshots.last ?? ''}>
            {screenshots.last ? `Screenshot at ${words.time(screenshots.last, nowMs)}` : 'No screenshot yet'}
          </p>
          <p class="soft small" role="status">
            {nextWords(status, nowMs)}
          </p>
        </div>
        {request && status.state.kind === 'tracking' && (
          <WishButton
            tracker={request.tracker}
            wish={() => ({ type: 'screenshot-now' })}
            onAnswer={problem => {
              if (!problem) setTakenFor(screenshots.last)
              request.onAnswer(problem)
            }}
            testId="screenshot-now"
          >
            {taken ? 'Taken' : 'Screenshot now'}
          </WishButton>
        )}
      </div>
      {screenshots.problem && <ProblemHint problem={screenshots.problem} />}
    </section>
  )
}

function nextWords({ state: { kind }, screenshots }: Status, nowMs: number): string {
  const { state, next, displays } = screenshots
  const every = displays > 1 ? ` of ${displays} displays` : ''
  if (state === 'taking') return `Taking one${every} now`
  if (!next || (kind !== 'tracking' && kind !== 'starting')) return 'None while tracking rests'
  return `Next${every} ${describeWait(Date.parse(next) - nowMs)}`
}
