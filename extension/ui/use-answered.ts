import { useEffect, useRef } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import type { Tracker } from './tracker.ts'
import { useSnapshot } from './use-tracker.ts'

/** Calls `onAnswered` once what `problem` says to wait for the person does so no more. */
export function useAnswered(tracker: Tracker, problem: Problem | undefined, onAnswered: () => void): void {
  const waiting = useSnapshot(tracker).status?.confirmation?.code
  const asked = problem?.code === 'CONFIRMATION_WAITS' ? problem.detail : undefined
  // The refusal may come before the status that names the question.
  const seen = useRef(false)
  useEffect(() => {
    if (asked === undefined) seen.current = false
    else if (waiting === asked) seen.current = true
    else if (seen.current) onAnswered()
  }, [asked, waiting])
}
