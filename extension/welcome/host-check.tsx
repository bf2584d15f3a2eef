import type { Link } from '../background/page-channel.ts'
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
      <h2>The tracker on this computer</h2>
      <div class="row">
        <p>
          <span role="status">{linkWords(link)}</span>
          {link.kind === 'connected' && answeredAt && (
            <span class="soft">, last answer {describeAge(nowMs - Date.parse(answeredAt))}</span>
          )}
        </p>
        <button type="button" data-testid="test-host" onClick={tracker.checkAgain}>
          {link.kind === 'lost' ? 'Check again' : 'Test'}
        </button>
      </div>
      {link.kind === 'lost' && <ProblemNote problem={link.problem} tone="stop" />}
    </section>
  )
}

function linkWords(link: Link) {
  switch (link.kind) {
    case 'connecting':
      return 'Looking for it…'
    case 'connected':
      return (
        <>
          <span class="tick" aria-hidden="true">
            ✓
          </span>{' '}
          Connected to tracker {link.version}
        </>
      )
    case 'lost':
      return 'Not connected'
    default:
      throw link satisfies never
  }
}
