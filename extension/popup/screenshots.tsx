import { useState } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import type { Status } from '../../protocol/status.ts'
import { optionsPage } from '../pages.ts'
import { text } from '../text/catalogue.ts'
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
        <span>{text.screenshots.off}</span>
        <button type="button" class="link" onClick={() => openPage(`${optionsPage}#capture`)}>
          {text.screenshots.change}
        </button>
      </section>
    )
  return (
    <section class="stack">
      <div>
        <p role="status" data-testid="next-screenshot" data-value={screenshots.next ?? ''}>
          {nextWords(status, nowMs)}
        </p>
        <div class="row">
          <p class="soft small" data-testid="last-screenshot" data-value={screenshots.last ?? ''}>
            {screenshots.last
              ? text.screenshots.last(words.time(screenshots.last, nowMs))
              : text.screenshots.noneYet}
          </p>
          {request && status.state.kind === 'tracking' && (
            <div class="actions tight">
              {screenshots.next && (
                <WishButton
                  tracker={request.tracker}
                  wish={() => ({ type: 'skip-screenshot' })}
                  onAnswer={request.onAnswer}
                  testId="skip-screenshot"
                  label={text.screenshots.skipLabel}
                >
                  {text.screenshots.skip}
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
                label={taken ? undefined : text.screenshots.takeNowLabel}
              >
                {/* As wide as the wider of both, or its neighbour would move under a hand. */}
                <span class="either">
                  <span aria-hidden={taken}>{text.screenshots.takeNow}</span>
                  <span aria-hidden={!taken}>{text.screenshots.taken}</span>
                </span>
              </WishButton>
            </div>
          )}
        </div>
      </div>
      <BlurNote screenshots={screenshots} />
      {screenshots.problem && <ProblemHint problem={screenshots.problem} />}
    </section>
  )
}

function nextWords({ state: { kind }, screenshots }: Status, nowMs: number): string {
  const { state, next, displays } = screenshots
  const screens = Math.max(1, displays)
  if (state === 'taking') return text.screenshots.taking(screens)
  if (kind === 'paused') return text.screenshots.nonePaused
  if (kind === 'suspended') return text.screenshots.noneSuspended
  if (!next || (kind !== 'tracking' && kind !== 'starting')) return text.screenshots.nonePlanned
  return text.screenshots.next(screens, describeWait(Date.parse(next) - nowMs))
}
