import { useEffect, useRef } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import { text } from '../text/catalogue.ts'
import type { Tracker } from '../ui/tracker.ts'
import { WishButton } from '../ui/wish-button.tsx'
import { pauseChoices } from './pause-choices.ts'

/** In the flow of the page, not above it: a popup is only as high as its content and would cut a menu off. */
export function PauseMenu(props: { tracker: Tracker; onClose: (problem: Problem | undefined) => void }) {
  const menu = useRef<HTMLElement>(null)
  useEffect(() => menu.current?.querySelector('button')?.focus(), [])

  return (
    <section
      id="pause-menu"
      class="pause-menu"
      aria-label={text.popup.pauseMenu}
      ref={menu}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        props.onClose(undefined)
      }}
    >
      {pauseChoices.map(({ id, until }) => (
        <WishButton
          key={id}
          tracker={props.tracker}
          wish={() => ({ type: 'pause', until: until(Temporal.Now.zonedDateTimeISO()) })}
          onAnswer={props.onClose}
          testId={`pause-${id}`}
        >
          {text.popup.pauseFor[id]}
        </WishButton>
      ))}
    </section>
  )
}
