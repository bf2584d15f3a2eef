import './problem-note.css'
import type { Confirmation } from '../../protocol/confirmation.ts'
import { words } from '../text/local-words.ts'
import { CommandLine } from './command-line.tsx'

/** What was asked for waits for the person, who answers it outside the browser. */
export function ConfirmationNote({ confirmation, nowMs }: { confirmation: Confirmation; nowMs: number }) {
  const { code, question, changes, until } = confirmation
  return (
    <div class="problem-note" data-tone="calm" data-testid="confirmation" data-code={code} role="status">
      <p>
        <strong>Waiting for your answer on this computer</strong>
      </p>
      <p>{question}</p>
      {changes.map(({ what, from, to }) => (
        <p key={what} class="small">
          {what}: {from} → {to}
        </p>
      ))}
      <p class="small">Answer in the window that asks, or in a terminal until {words.time(until, nowMs)}:</p>
      <CommandLine command={`activity-tracker confirm ${code}`} />
    </div>
  )
}
