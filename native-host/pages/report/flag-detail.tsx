import { describeTotal } from '../../../extension/text/durations.ts'
import type { ReportFlag } from '../../../protocol/report.ts'
import { text } from './text.ts'

/** What was flagged, what became of it, and why. */
export function FlagDetail({ flag }: { flag: ReportFlag }) {
  const { verdict, seconds, discarded, withdrawn, evidence } = flag
  return (
    <>
      <strong>{text.day.looks[verdict]}</strong> {text.day.flaggedSeconds(describeTotal(seconds))}{' '}
      {withdrawn ? text.day.withdrawn : discarded ? text.day.discarded : text.day.counted}
      {evidence.length > 0 && (
        <details>
          <summary>{text.day.evidence(evidence.length)}</summary>
          <ul class="evidence">
            {evidence.map(({ feature, text: sentence }) => (
              <li key={feature}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
