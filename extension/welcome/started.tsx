import { useEffect, useRef } from 'preact/hooks'
import type { Presentation } from '../model/presentation.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { optionsPage } from '../pages.ts'
import { text } from '../text/catalogue.ts'
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
    <section
      class="card decision"
      data-testid="started"
      ref={section}
      tabIndex={-1}
      aria-label={text.welcome.started}
    >
      <StatePanel shown={shown} snapshot={snapshot} nowMs={nowMs} />
      <Trouble shown={shown} tracker={tracker} />
      <div class="decide">
        {consent && <p>{text.welcome.agreed(consent.text_version, words.time(consent.at, nowMs))}</p>}
        <h3>{text.welcome.next}</h3>
        <ol>
          <li>{text.welcome.pin}</li>
          <li>{text.welcome.press}</li>
          {snapshot.status?.keys.identity_here && <li>{text.welcome.saveKey}</li>}
          <li>
            <a href={`/${optionsPage}`}>{text.welcome.allSettings}</a>
          </li>
        </ol>
      </div>
    </section>
  )
}
