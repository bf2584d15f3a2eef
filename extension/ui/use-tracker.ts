import { useEffect, useState } from 'preact/hooks'
import type { Snapshot } from '../model/snapshot.ts'
import type { Tracker } from './tracker.ts'

export function useSnapshot(tracker: Tracker): Snapshot {
  const [snapshot, setSnapshot] = useState(tracker.snapshot)
  useEffect(() => {
    const ended = new AbortController()
    tracker.watch(() => setSnapshot(tracker.snapshot), ended.signal)
    setSnapshot(tracker.snapshot)
    return () => ended.abort()
  }, [tracker])
  return snapshot
}

/** The wall clock, once a second: ages and waits on a page go on although nothing arrives. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}
