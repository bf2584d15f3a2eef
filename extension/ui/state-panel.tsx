import './state-panel.css'
import type { ComponentChildren } from 'preact'
import type { Presentation } from '../model/presentation.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { text } from '../text/catalogue.ts'
import { describeAge } from '../text/durations.ts'
import { StateMark } from './state-mark.tsx'

/** The state first: mark, word, what it means, and the last durable write that proves it. */
export function StatePanel(props: {
  shown: Presentation
  snapshot: Snapshot
  nowMs: number
  children?: ComponentChildren
}) {
  const { shown, snapshot, nowMs } = props
  const lastSaved = snapshot.status?.last_saved
  return (
    <div class="state-panel" data-testid="state" data-state={shown.state} data-tone={shown.tone}>
      <StateMark state={shown.state} tone={shown.tone} />
      <div>
        {/* The age below changes every second and would be read out each time. */}
        <div role="status">
          <h1>{shown.title}</h1>
          {shown.line && <p class="soft small">{shown.line}</p>}
        </div>
        {lastSaved && (
          <p class="soft small">
            <time data-testid="last-saved" dateTime={lastSaved}>
              {text.state.lastSaved(describeAge(nowMs - Date.parse(lastSaved)))}
            </time>
          </p>
        )}
      </div>
      {props.children}
    </div>
  )
}
