import { type ErrorCode, errorRows } from '../../protocol/errors.ts'
import { explain } from '../model/explain.ts'
import { welcomePage } from '../pages.ts'
import { text } from '../text/catalogue.ts'
import { Commands } from './commands.tsx'

const commands = [
  ['activity-tracker status', text.help.status],
  ['activity-tracker pause 1h', text.help.pause],
  ['activity-tracker resume', text.help.resume],
  ['activity-tracker settings get', text.help.settings],
  ['activity-tracker install', text.help.install],
] as const

export function Help() {
  return (
    <section id="help" aria-labelledby="heading-help">
      <h2 id="heading-help">{text.options.help}</h2>
      <p>
        <a href={`/${welcomePage}`}>{text.help.consent}</a>
      </p>
      <h3>{text.data.terminal}</h3>
      <Commands rows={commands} />
      <h3>{text.help.codes}</h3>
      <p class="soft small">{text.help.codesHint}</p>
      <details>
        <summary>{text.help.allCodes(Object.keys(errorRows).length)}</summary>
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
