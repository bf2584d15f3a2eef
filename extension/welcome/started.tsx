import { words } from '../local-words.ts'
import { optionsPage } from '../pages.ts'
import type { Presentation } from '../presentation.ts'
import type { Snapshot } from '../snapshot.ts'
import { StatePanel } from '../ui/state-panel.tsx'
import type { Tracker } from '../ui/tracker.ts'
import { Trouble } from '../ui/trouble.tsx'

export function Started(props: {
  shown: Presentation
  snapshot: Snapshot
  nowMs: number
  agreedAt: string | undefined
  tracker: Tracker
}) {
  const { shown, agreedAt, nowMs, tracker } = props
  return (
    <section class="card decision" data-testid="started">
      <StatePanel {...props} />
      <Trouble shown={shown} tracker={tracker} />
      <div class="decide">
        <p>
          {agreedAt
            ? `You agreed at ${words.time(agreedAt, nowMs)} in this browser.`
            : 'You, or somebody at this computer, agreed earlier.'}
        </p>
        <h3>What to do next</h3>
        <ol>
          <li>
            Keep the icon in sight: press the puzzle piece in the toolbar and pin Activity Tracker. It is
            filled while something is recorded, and hollow while nothing is.
          </li>
          <li>Press the icon to see today’s figures, to pause, or to take a screenshot now.</li>
          <li>
            Save a copy of your key elsewhere, with the command above. Then look at{' '}
            <a href={`/${optionsPage}`}>all settings</a>.
          </li>
        </ol>
      </div>
    </section>
  )
}
