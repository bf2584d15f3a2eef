import { type ErrorCode, errorRows } from '../../protocol/errors.ts'
import { explain } from '../model/explain.ts'
import { welcomePage } from '../pages.ts'
import { Commands } from './commands.tsx'

const commands = [
  ['activity-tracker status', 'What is recorded right now, and since when.'],
  ['activity-tracker pause 1h', 'Pause for an hour; also 15m and tomorrow.'],
  ['activity-tracker resume', 'Go on.'],
  ['activity-tracker settings get', 'All settings with their values.'],
  ['activity-tracker install', 'Make the tracker known to the browsers of this computer.'],
] as const

export function Help() {
  return (
    <section id="help" aria-labelledby="heading-help">
      <h2 id="heading-help">Help</h2>
      <p>
        <a href={`/${welcomePage}`}>What is recorded, what never is, where it goes and who can open it</a>
      </p>
      <h3>In a terminal</h3>
      <Commands rows={commands} />
      <h3>What a code means</h3>
      <p class="soft small">Messages, logs and the terminal name these codes.</p>
      <details>
        <summary>All {Object.keys(errorRows).length} codes</summary>
        <dl class="codes">
          {(Object.keys(errorRows) as ErrorCode[]).map(code => (
            <Code key={code} code={code} />
          ))}
        </dl>
      </details>
    </section>
  )
}

function Code({ code }: { code: ErrorCode }) {
  const { sentence, next, command } = explain({ code })
  return (
    <div id={`code-${code}`}>
      <dt>
        <code>{code}</code>
      </dt>
      <dd>
        {sentence} <span class="soft">{next}</span> {command && <code>{command}</code>}
      </dd>
    </div>
  )
}
