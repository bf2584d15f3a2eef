import type { Link } from '../background/page-channel.ts'
import { text } from '../text/catalogue.ts'
import { describeAge } from '../text/durations.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import type { Tracker } from '../ui/tracker.ts'

/** Whether the part that records is there at all: the extension alone can count nothing. */
export function HostCheck({
  link,
  answeredAt,
  nowMs,
  tracker,
}: {
  link: Link
  /** The instant of the last status. */
  answeredAt: string | undefined
  nowMs: number
  tracker: Tracker
}) {
  return (
    <section class="card host-check" data-testid="host-check" data-link={link.kind}>
      <h2>{text.welcome.host}</h2>
      <div class="row">
        <p>
          <span role="status">{linkWords(link)}</span>
          {link.kind === 'connected' && answeredAt && (
            <span class="soft">{text.welcome.lastAnswer(describeAge(nowMs - Date.parse(answeredAt)))}</span>
          )}
        </p>
        <button type="button" data-testid="test-host" onClick={tracker.checkAgain}>
          {link.kind === 'lost' ? text.state.checkAgain : text.welcome.test}
        </button>
      </div>
      {link.kind === 'lost' && <ProblemNote problem={link.problem} tone="stop" />}
    </section>
  )
}

function linkWords(link: Link) {
  switch (link.kind) {
    case 'connecting':
      return text.welcome.looking
    case 'connected':
      return (
        <>
          <span class="tick" aria-hidden="true">
            ✓
          </span>{' '}
          {text.welcome.connected(link.version)}
        </>
      )
    case 'lost':
      return text.welcome.notConnected
    default:
      throw link satisfies never
  }
}
