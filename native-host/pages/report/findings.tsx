import type { ReportDevice } from '../../../protocol/report.ts'
import { dateWords } from '../parts/date-words.ts'
import { text } from './text.ts'

const mostShown = 5

/** What `verify` found, before anything else is read. */
export function Findings({
  device,
  ofAll = [],
}: {
  device: ReportDevice
  ofAll?: readonly string[] | undefined
}) {
  const { proven_to: proven } = device
  const findings = [...ofAll, ...device.findings]
  const [first, others] = [findings.slice(0, mostShown), findings.slice(mostShown)]
  const isWrong = findings.length > 0
  return (
    <section
      class="findings"
      data-tone={isWrong ? 'stop' : proven ? 'good' : 'warn'}
      data-testid="findings"
      aria-label={text.people.findings}
    >
      {isWrong && <h2>{text.findings.heading(findings.length)}</h2>}
      {isWrong && <List sentences={first} />}
      {others.length > 0 && (
        <details>
          <summary>{text.findings.more(others.length)}</summary>
          <List sentences={others} />
        </details>
      )}
      {!proven && <p>{text.findings.unproven}</p>}
      {!isWrong && proven && (
        <p>
          {text.findings.none(dateWords.instant(proven))} {text.findings.later}
        </p>
      )}
    </section>
  )
}

function List({ sentences }: { sentences: readonly string[] }) {
  return (
    <ul>
      {sentences.map(sentence => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}
