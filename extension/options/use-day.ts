import { useEffect, useState } from 'preact/hooks'
import type { Day } from '../../protocol/day.ts'
import type { Tracker } from '../ui/tracker.ts'

/** How the date went; asked for again whenever `asOf` is another. undefined until there is an answer. */
export function useDay(tracker: Tracker, date: string, asOf: string | undefined): Day | undefined {
  const [day, setDay] = useState<Day>()
  useEffect(() => {
    if (asOf === undefined) return
    let left = false
    void tracker.showDay(date).then(answer => {
      // What could not be asked for stays as it was: that the tracker does not answer is shown above.
      if (!left && 'spans' in answer) setDay(answer)
    })
    return () => {
      left = true
    }
  }, [tracker, date, asOf])
  return day?.date === date ? day : undefined
}
