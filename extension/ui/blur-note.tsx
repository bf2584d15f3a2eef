import './problem-note.css'
import { describeBlurred } from '../../protocol/blur-reasons.ts'
import type { Status } from '../../protocol/status.ts'

/** Why the last screenshot is blurred although the setting says sharp, and what changes it. Nothing is wrong, so no warning. */
export function BlurNote({ screenshots: { blurred, displays } }: { screenshots: Status['screenshots'] }) {
  return describeBlurred(blurred, displays).map(({ reason, sentence, next }) => (
    <details key={reason} class="problem-hint" data-tone="calm" data-testid="blur-note" data-reason={reason}>
      <summary>{sentence}</summary>
      <div>
        <p>{next}</p>
      </div>
    </details>
  ))
}
