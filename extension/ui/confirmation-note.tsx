import './problem-note.css'
import type { Confirmation } from '../../protocol/confirmation.ts'
import { text } from '../text/catalogue.ts'
import { words } from '../text/local-words.ts'
import { CommandLine } from './command-line.tsx'

/** What was asked for waits for the person, who answers it outside the browser. */
export function ConfirmationNote({ confirmation, nowMs }: { confirmation: Confirmation; nowMs: number }) {
  const { code, question, changes, until } = confirmation
  return (
    <div class="problem-note" data-tone="calm" data-testid="confirmation" data-code={code} role="status">
      <p>
        <strong>{text.confirmation.title}</strong>
      </p>
      <p>{question}</p>
      {changes.map(change => (
        <p key={change.what} class="small">
          {text.confirmation.change(change)}
        </p>
      ))}
      <p class="small">{text.confirmation.answer(words.time(until, nowMs))}</p>
      <CommandLine command={`activity-tracker confirm ${code}`} />
    </div>
  )
}
