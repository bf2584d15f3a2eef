import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import type { Tracker, Wish } from './tracker.ts'

/** Asks the agent for something and is busy until it answers. */
export function WishButton(props: {
  tracker: Tracker
  wish: () => Wish
  onAnswer: (problem: Problem | undefined) => void
  testId: string
  primary?: true
  /** What a screen reader says, where the words on the button leave out what they are about. */
  label?: string | undefined
  children: ComponentChildren
}) {
  const [busy, setBusy] = useState(false)
  return (
    <button
      type="button"
      class={props.primary && 'primary'}
      data-testid={props.testId}
      aria-label={props.label}
      aria-busy={busy}
      // Not `disabled`, which would drop the keyboard's focus.
      aria-disabled={busy}
      onClick={async () => {
        if (busy) return
        setBusy(true)
        const problem = await props.tracker.request(props.wish())
        setBusy(false)
        props.onAnswer(problem)
      }}
    >
      {props.children}
    </button>
  )
}
