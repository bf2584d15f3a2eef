import { budgets } from '../kernel/budgets.ts'

const perSecond = budgets.messageRate.most
const burst = budgets.messageBurst.most

/**
 * Paces the messages of one connection: a full bucket holds `burst`, and `perSecond` flow into it. Returns a function
 * that takes one out and says how long to wait for it, in milliseconds; times are of any clock that never jumps.
 */
export function createMessageRate(startMs: number): (nowMs: number) => number {
  let filled = burst
  let atMs = startMs
  return nowMs => {
    filled = Math.min(burst, filled + ((nowMs - atMs) / 1000) * perSecond) - 1
    atMs = nowMs
    return filled >= 0 ? 0 : (-filled / perSecond) * 1000
  }
}
