import type { ComponentChildren } from 'preact'
import type { Presentation } from '../model/presentation.ts'
import { text } from '../text/catalogue.ts'
import { ProblemNote } from './problem-note.tsx'
import type { Tracker } from './tracker.ts'

/** What is in the way of recording or delivering, and the next step. */
export function Trouble(props: { shown: Presentation; tracker: Tracker; children?: ComponentChildren }) {
  const { shown, tracker } = props
  if (!shown.problem) return null
  const away = shown.state === 'host-missing' || shown.state === 'disconnected'
  return (
    <ProblemNote problem={shown.problem} tone={shown.tone}>
      {away && (
        <div class="actions">
          <button type="button" class="primary" data-testid="check-again" onClick={tracker.checkAgain}>
            {text.state.checkAgain}
          </button>
        </div>
      )}
      {props.children}
    </ProblemNote>
  )
}
