import './key-holders.css'
import type { Status } from '../../protocol/status.ts'
import { CommandLine } from './command-line.tsx'

/** Who can open what is recorded, and how to save the key that can. */
export function KeyHolders({ keys }: { keys: Status['keys'] }) {
  return (
    <div class="key-holders">
      {keys.recipients.length === 0 ? (
        <p>There is no key yet. One is made on this computer before the first record.</p>
      ) : (
        <ul>
          {keys.recipients.map(recipient => (
            <li key={recipient}>
              <code>{recipient}</code>
            </li>
          ))}
        </ul>
      )}
      {keys.identity_here ? (
        <>
          <p>
            A key that opens everything lies on this computer
            {keys.recovery_file && (
              <>
                : <code>{keys.recovery_file}</code>
              </>
            )}
            . Without a copy elsewhere, nothing can be opened should this disk be lost. Save one:
          </p>
          <CommandLine command="activity-tracker keys export FILE" />
        </>
      ) : (
        <p>No key on this computer can open it: only the holders of the keys above can.</p>
      )}
    </div>
  )
}
