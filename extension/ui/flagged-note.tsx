import './flagged-note.css'
import type { ComponentChildren } from 'preact'
import type { Status } from '../../protocol/status.ts'
import { words } from '../text/local-words.ts'

const looks = {
  genuine: 'looks genuine',
  suspect: 'looks unusual',
  scripted: 'looks scripted',
}

/** Evidence, not a judgement: the figures are shown with it. */
export function FlaggedNote(props: {
  flagged: NonNullable<Status['flagged']>
  nowMs: number
  /** What can be done about it, where there is room for that. */
  children?: ComponentChildren
}) {
  const { from, to, genuineness } = props.flagged
  const [first, ...more] = genuineness.evidence
  return (
    <div class="flagged-note" data-tone="warn">
      <span aria-hidden="true">▲</span>
      <div>
        <p>
          <strong>
            {words.time(from, props.nowMs)}–{words.time(to, props.nowMs)} {looks[genuineness.verdict]}.
          </strong>{' '}
          {first?.text}
        </p>
        {more.length > 0 && (
          <details>
            <summary>Show why</summary>
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
