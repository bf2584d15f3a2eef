import { useRef } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import { text } from '../text/catalogue.ts'
import type { Tracker } from '../ui/tracker.ts'

/** Pause or Resume: one element for both, so that the keyboard's focus stays when one becomes the other. */
export function ControlButton(props: {
  tracker: Tracker
  offers: 'pause' | 'resume'
  choosing: boolean
  onChoose: () => void
  onAnswer: (problem: Problem | undefined) => void
}) {
  const { tracker, offers } = props
  const busy = useRef(false)

  async function resume(): Promise<void> {
    if (busy.current) return
    busy.current = true
    props.onAnswer(await tracker.request({ type: 'resume' }))
    busy.current = false
  }

  return (
    <button
      type="button"
      data-testid={offers}
      aria-expanded={offers === 'pause' ? props.choosing : undefined}
      aria-controls={offers === 'pause' ? 'pause-menu' : undefined}
      onClick={offers === 'pause' ? props.onChoose : resume}
    >
      {offers === 'pause' ? (
        <>
          {text.popup.pause} <span aria-hidden="true">▾</span>
        </>
      ) : (
        text.popup.resume
      )}
    </button>
  )
}
