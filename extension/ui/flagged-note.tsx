import './flagged-note.css'
import type { ComponentChildren } from 'preact'
import type { Status } from '../../protocol/status.ts'
import { text } from '../text/catalogue.ts'
import { describeFlagged } from '../text/flagged-words.ts'
import { words } from '../text/local-words.ts'

/** Evidence, not a judgement: the figures are shown with it. */
export function FlaggedNote(props: {
  flagged: NonNullable<Status['flagged']>
  nowMs: number
  /** What can be done about it, where there is room for that. */
  children?: ComponentChildren
}) {
  const { genuineness } = props.flagged
  const [first, ...more] = genuineness.evidence
  return (
    <div class="flagged-note" data-tone="warn">
      <span aria-hidden="true">▲</span>
      <div>
        <p>
          <strong>{describeFlagged(props.flagged, props.nowMs, words)}</strong> {first?.text}
        </p>
        {more.length > 0 && (
          <details>
            <summary>{text.flagged.showWhy}</summary>
            <ul>
              {more.map(({ feature, text }) => (
                <li key={feature}>{text}</li>
              ))}
            </ul>
          </details>
        )}
        {props.children}
      </div>
    </div>
  )
}
