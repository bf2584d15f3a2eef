import type { Entry } from '../../protocol/records.ts'

/** How the agent before this one ended, as far as it could say so. */
export type PreviousEnd =
  | { kind: 'none' }
  | { kind: 'clean'; reason: EndReason; boot: string }
  /** It never said that it ended. `boot` is unknown where it was of an older version. */
  | { kind: 'killed'; boot: string | undefined }
export type EndReason = Extract<Entry, { kind: 'agent.ended' }>['reason']

/**
 * The record of the time since then, where the records themselves do not say what it was: a clean
 * end is one of them. A system that shuts down ends programs by a signal, so only a change of `boot` tells that the
 * computer was off. The span begins with the last sign of life, since nothing tells when exactly a killed agent died.
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
