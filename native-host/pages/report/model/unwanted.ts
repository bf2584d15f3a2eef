import { presenceKind } from '../../../../extension/model/presence-kind.ts'
import type { LaneSpan } from '../../../../protocol/day.ts'

/** A gap that the person did not want: not a night, a closed browser or a pause. */
export function isUnwanted(span: LaneSpan): boolean {
  return span.lane !== 'flagged' && presenceKind(span) === 'gap'
}
