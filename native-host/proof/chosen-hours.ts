import type { ProofBundle } from '../../protocol/proof.ts'
import { isoOfMs } from '../kernel/instants.ts'

/** What a person chose to show, by the clock that the record itself names. */
export type Chosen = Pick<ProofBundle, 'from' | 'until' | 'only'>

const minuteMs = 60_000

/** @param offset what that clock added to UTC, such as +01:00 */
export function isChosen(instant: string, offset: string, { from, until, only }: Chosen): boolean {
  const local = localOf(instant, offset)
  if (local === undefined) return false
  const [date, time] = [local.slice(0, 10), local.slice(11, 23)]
  if (date < from || date > until) return false
  // The end belongs to it: an interval that ends at five is one of the time before.
  return (
    only.length === 0 || only.some(hours => hours.slice(0, 5) <= time && time <= `${hours.slice(6)}:00.000`)
  )
}

/** Records of others may name any time, and none of it may stop a check. */
export function localOf(instant: string, offset: string): string | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? []
  const ms = Date.parse(instant)
  if (sign === undefined || Number.isNaN(ms)) return undefined
  const byMinutes = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  return isoOfMs(ms + byMinutes * minuteMs)
}
