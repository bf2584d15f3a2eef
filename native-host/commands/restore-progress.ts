import type { Terminal } from './context.ts'
import { formatSpan } from './format.ts'
import { text } from './text.ts'

const showEveryMs = 500
/** Where nothing can be overwritten, a line now and then. */
const lineEveryMs = 10_000

/** Objects, bytes, speed and the time that is left. */
export function createRestoreProgress(
  terminal: Pick<Terminal, 'show' | 'err' | 'overwrites'>,
  total: number,
  now: () => number = () => performance.now(),
) {
  const begunAt = now()
  let [done, bytes, shownAt] = [0, 0, begunAt]
  return {
    step(more: number): void {
      done += 1
      bytes += more
      const at = now()
      if (at - shownAt < (terminal.overwrites ? showEveryMs : lineEveryMs)) return
      shownAt = at
      const seconds = (at - begunAt) / 1000
      const left = Math.round((seconds / done) * (total - done))
      const line = text.restore.progress({
        done,
        total,
        bytes,
        perSecond: bytes / seconds,
        left: done < total ? formatSpan(left) : undefined,
      })
      if (terminal.overwrites) terminal.show(line)
      else terminal.err([line])
    },
    end: () => terminal.show(''),
  }
}
