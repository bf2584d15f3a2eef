import type { Entry } from '../../protocol/records.ts'

/** How the previous agent ended, as far as it could record it. */
export type PreviousEnd =
  | { kind: 'none' }
  | { kind: 'clean'; reason: EndReason; boot: string }
  /** It never recorded its end. `boot` is unknown where it was of an older version. */
  | { kind: 'killed'; boot: string | undefined }
export type EndReason = Extract<Entry, { kind: 'agent.ended' }>['reason']

/**
 * The record of the time since then, where no record explains it; a clean end is such a record. A system that
 * shuts down ends programs by a signal, so only a change of `boot` shows that the computer was off. The span
 * begins with the last known activity of the agent, since nothing shows when exactly a killed agent died.
 */
export function gapBeforeStart(parts: {
  previous: PreviousEnd
  /** The last durable write, or the end of what was counted and could be recovered. */
  lastSign: string | undefined
  now: string
  /** Another after each start of the computer. */
  boot: string
  repaired: boolean
}): Extract<Entry, { kind: 'gap' }> | undefined {
  const { previous, lastSign: from, now: to } = parts
  const cause = causeOf(previous, parts)
  // After the clock was set back there is no such span.
  return cause && from !== undefined && from < to ? { kind: 'gap', cause, from, to } : undefined
}

function causeOf(previous: PreviousEnd, { boot, repaired }: { boot: string; repaired: boolean }) {
  const restarted = 'boot' in previous && previous.boot !== undefined && previous.boot !== boot
  switch (previous.kind) {
    case 'none':
      return undefined
    case 'clean':
      return restarted && previous.reason === 'signal' ? 'computer-off' : undefined
    case 'killed':
      if (restarted) return 'computer-off'
      return repaired ? 'store-repaired' : 'agent-killed'
    default:
      throw previous satisfies never
  }
}
