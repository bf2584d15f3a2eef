import { useState } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import type { Status } from '../../protocol/status.ts'
import { optionsPage } from '../pages.ts'
import { describeWait } from '../text/durations.ts'
import { words } from '../text/local-words.ts'
import { BlurNote } from '../ui/blur-note.tsx'
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
          <p role="status" data-testid="next-screenshot" data-value={screenshots.next ?? ''}>
            {nextWords(status, nowMs)}
          </p>
          <p class="soft small" data-testid="last-screenshot" data-value={screenshots.last ?? ''}>
            {screenshots.last ? `The last at ${words.time(screenshots.last, nowMs)}` : 'None was taken yet'}
          </p>
        </div>
        {request && status.state.kind === 'tracking' && (
          <div class="actions tight">
            {screenshots.next && (
              <WishButton
                tracker={request.tracker}
                wish={() => ({ type: 'skip-screenshot' })}
                onAnswer={request.onAnswer}
                testId="skip-screenshot"
              >
                Skip<span class="visually-hidden"> the next screenshot</span>
              </WishButton>
            )}
            <WishButton
              tracker={request.tracker}
              wish={() => ({ type: 'screenshot-now' })}
              onAnswer={problem => {
                if (!problem) setTakenFor(screenshots.last)
                request.onAnswer(problem)
              }}
              testId="screenshot-now"
            >
              {taken ? (
                'Taken'
              ) : (
                <>
                  <span class="visually-hidden">Take a screenshot </span>
                  Now
                </>
              )}
            </WishButton>
          </div>
        )}
      </div>
      <BlurNote screenshots={screenshots} />
      {screenshots.problem && <ProblemHint problem={screenshots.problem} />}
    </section>
  )
}

function nextWords({ state: { kind }, screenshots }: Status, nowMs: number): string {
  const { state, next, displays } = screenshots
  const every = displays > 1 ? ` of ${displays} displays` : ''
  if (state === 'taking') return `Taking a screenshot${every} now`
  if (!next || (kind !== 'tracking' && kind !== 'starting')) return 'No screenshots while tracking rests'
  return `Next screenshot${every} ${describeWait(Date.parse(next) - nowMs)}`
}
