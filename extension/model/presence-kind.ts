import type { LaneSpan } from '../../protocol/day.ts'
import { isAmiss } from '../text/lane-words.ts'

/** As the legend of the day picture names a span. */
export type PresenceKind = 'active' | 'idle' | 'away' | 'paused' | 'off' | 'gap'

export function presenceKind(span: Exclude<LaneSpan, { lane: 'flagged' }>): PresenceKind {
  switch (span.lane) {
    case 'active':
      return 'active'
    case 'idle':
      return span.presence === 'idle' ? 'idle' : 'away'
    case 'paused':
      return isAmiss(span) ? 'gap' : 'paused'
    case 'gap':
      return isAmiss(span) ? 'gap' : 'off'
    default:
      throw span satisfies never
  }
}
