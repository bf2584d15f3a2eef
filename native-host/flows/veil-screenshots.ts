import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { createCell, type ReadonlyCell } from '../core/cell.ts'
import { unlessAborted } from '../core/lifetime.ts'
import { type PrivateWindows, privateWindowsOf } from '../core/private-windows.ts'
import { isVeiled } from '../core/veiled-monitors.ts'
import { parseApplications } from '../core/window-rules.ts'
import type { Area, Clock, RaiseVeil, WindowAreas, WindowList } from '../ports.ts'

type Ports = {
  windows: WindowList
  settings: ReadonlyCell<Settings>
  clock: Clock
  /** What each connected extension says. */
  said: () => readonly { browser: string; windows: PrivateWindows }[]
}

/** Decides which monitors nobody is to see sharply. */
export type ScreenshotVeil = {
  raise: RaiseVeil
  /** Why pictures are blurred although nobody wanted it: it cannot be seen what is on the screen. */
  problem: ReadonlyCell<Problem | undefined>
}

/** A browser tells of a new window in less; until then its windows are as it said last. */
const wordOfBrowserMs = 300

export function createVeil({ windows, settings, clock, said }: Ports): ScreenshotVeil {
  const problem = createCell<Problem | undefined>(undefined)

  return {
    problem,
    async raise(signal) {
      const before = await look(signal)
      // A window that opens or closes in between is in one of the lists.
      return async againSignal => {
        const after = await look(againSignal)
        if (before === 'everything' || after === 'everything') return () => true
        if (before === 'nothing' && after === 'nothing') return () => false
        // What is to be hidden was changed in between, and only one of the lists has it.
        if (before === 'nothing' || after === 'nothing') return () => true
        const areas = await hiddenAreas([before, after], againSignal)
        return monitor => isVeiled(monitor, areas)
      }
    },
  }

  async function look(signal: AbortSignal): Promise<WindowAreas | 'everything' | 'nothing'> {
    const { blur_screenshots, excluded_applications, blur_private_windows } = settings.value
    if (blur_screenshots) {
      problem.set(undefined)
      return 'everything'
    }
    const applications = parseApplications(excluded_applications)
    if (applications.length === 0 && !blur_private_windows) {
      problem.set(undefined)
      return 'nothing'
    }
    try {
      const seen = await windows.look({ applications, privateWindows: blur_private_windows }, signal)
      if (problem.value?.code === 'WINDOWS_UNKNOWN') problem.set(undefined)
      return seen
    } catch (error) {
      signal.throwIfAborted()
      problem.set(toProblem(error))
      return 'everything'
    }
  }

  async function hiddenAreas(lists: readonly WindowAreas[], signal: AbortSignal): Promise<Area[]> {
    const unclear = lists.flatMap(list => list.unclear)
    if (unclear.length > 0) {
      await unlessAborted(clock.sleep(wordOfBrowserMs, signal), signal)
      signal.throwIfAborted()
    }
    const judged = unclear.map(({ browser, area }) => ({
      browser,
      area,
      windows: privateWindowsOf(browser, said()),
    }))
    const silent = judged.find(({ windows }) => windows === 'unknown')
    problem.set(silent && { code: 'PRIVATE_WINDOWS_UNKNOWN', detail: silent.browser })
    return [
      ...lists.flatMap(list => list.hidden),
      ...judged.filter(({ windows }) => windows !== 'none').map(({ area }) => area),
    ]
  }
}
