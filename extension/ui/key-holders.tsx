import './key-holders.css'
import type { Status } from '../../protocol/status.ts'
import { text } from '../text/catalogue.ts'
import { CommandLine } from './command-line.tsx'

/** Who can open what is recorded, and how to save the key that can. */
export function KeyHolders({ keys }: { keys: Status['keys'] }) {
  return (
    <div class="key-holders">
      {keys.recipients.length === 0 ? (
        <p>{text.keys.none}</p>
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
            {keys.recovery_file ? text.keys.hereIn : text.keys.here}{' '}
            {keys.recovery_file && <code>{keys.recovery_file}</code>}
          </p>
          <p>{text.keys.saveCopy}</p>
          <CommandLine command="activity-tracker keys export FILE" />
        </>
      ) : (
        <p>{text.keys.notHere}</p>
      )}
    </div>
  )
}
