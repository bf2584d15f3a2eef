import type { Problem } from '../../protocol/errors.ts'

export type LastingProblem = { since: string; problem: Problem }

/** Keeps the time at which a problem was first seen, for as long as its code stays the same. */
export function lasting(
  known: LastingProblem | undefined,
  problem: Problem | undefined,
  now: string,
): LastingProblem | undefined {
  if (!problem) return undefined
  return { since: known?.problem.code === problem.code ? known.since : now, problem }
}
