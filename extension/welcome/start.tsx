import { useState } from 'preact/hooks'
import { consentVersion } from '../../protocol/consent.ts'
import type { Problem } from '../../protocol/errors.ts'
import type { Presentation } from '../model/presentation.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { text } from '../text/catalogue.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { StatePanel } from '../ui/state-panel.tsx'
import type { Tracker } from '../ui/tracker.ts'
import { useAnswered } from '../ui/use-answered.ts'

/** Pressing Start is the agreement to the text above, in its version. */
export function Start(props: {
  shown: Presentation
  snapshot: Snapshot
  nowMs: number
  tracker: Tracker
  onPress: () => void
}) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Problem>()
  const connected = props.snapshot.link.kind === 'connected'

  useAnswered(props.tracker, failure, () => setFailure(undefined))

  async function start(): Promise<void> {
    setBusy(true)
    props.onPress()
    const problem = await props.tracker.request({ type: 'acknowledge', text_version: consentVersion })
    setBusy(false)
    setFailure(problem)
  }

  return (
    <section class="card decision">
      <StatePanel shown={props.shown} snapshot={props.snapshot} nowMs={props.nowMs} />
      <div class="decide">
        <p>{text.welcome.agree}</p>
        <button
          type="button"
          class="primary"
          data-testid="start"
          disabled={!connected || busy}
          aria-describedby="why-not"
          onClick={start}
        >
          {text.welcome.start}
        </button>
        <p id="why-not" class="soft small">
          {connected ? text.welcome.nothingYet : text.welcome.connectFirst}
        </p>
        {failure && (
          <div role="alert">
            <ProblemNote problem={failure} tone={failure.code === 'CONFIRMATION_WAITS' ? 'calm' : 'stop'} />
          </div>
        )}
      </div>
    </section>
  )
}
