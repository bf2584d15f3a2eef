import { useEffect, useRef } from 'preact/hooks'
import type { Presentation } from '../model/presentation.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { optionsPage } from '../pages.ts'
import { words } from '../text/local-words.ts'
import { StatePanel } from '../ui/state-panel.tsx'
import type { Tracker } from '../ui/tracker.ts'
import { Trouble } from '../ui/trouble.tsx'

export function Started(props: {
  shown: Presentation
  snapshot: Snapshot
  nowMs: number
  tracker: Tracker
  onShown: (section: HTMLElement) => void
}) {
  const { shown, snapshot, nowMs, tracker, onShown } = props
  const consent = snapshot.status?.consent
  const section = useRef<HTMLElement>(null)
  useEffect(() => {
    if (section.current) onShown(section.current)
  }, [])
  return (
    <section class="card decision" data-testid="started" ref={section} tabIndex={-1} aria-label="Started">
      <StatePanel shown={shown} snapshot={snapshot} nowMs={nowMs} />
      <Trouble shown={shown} tracker={tracker} />
      <div class="decide">
        {consent && (
          <p>
            Agreed on this computer at {words.time(consent.at, nowMs)}, to version {consent.text_version} of
            this text.
          </p>
        )}
        <h3>What to do next</h3>
        <ol>
          <li>
            Keep the icon in sight: press the puzzle piece in the toolbar and pin Activity Tracker. It is
            filled while something is recorded, and hollow while nothing is.
          </li>
          <li>Press the icon to see today’s figures, to pause, or to take a screenshot now.</li>
          {snapshot.status?.keys.identity_here && (
            <li>Save a copy of the key elsewhere, with the command above.</li>
          )}
          <li>
            Look at <a href={`/${optionsPage}`}>all settings</a>.
          </li>
        </ol>
      </div>
    </section>
  )
}
