import { toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { ReadonlyCell } from '../core/cell.ts'
import { unlessAborted } from '../core/lifetime.ts'
import { type PrivateWindows, privateWindowsOf } from '../core/private-windows.ts'
import { type HiddenArea, reasonsOn } from '../core/veiled-monitors.ts'
import { parseApplications } from '../core/window-rules.ts'
import type { Clock, Log, RaiseVeil, WindowAreas, WindowList } from '../ports.ts'

type Ports = {
  windows: WindowList
  settings: ReadonlyCell<Settings>
  clock: Clock
  log: Log
  /** What each connected extension says. */
  said: () => readonly { browser: string; windows: PrivateWindows }[]
}

/** A browser tells of a new window in less; until then its windows are as it said last. */
const wordOfBrowserMs = 300

type Look = WindowAreas | 'blur-setting' | 'windows-unknown' | 'nothing-to-hide'

/** Decides which monitors are blurred as a whole, and says why. */
export function createVeil({ windows, settings, clock, log, said }: Ports): { raise: RaiseVeil } {
  /** Said once for as long as it is so. */
  let blindness: string | undefined

  return {
    async raise(signal) {
      const before = await look(signal)
      // A window that opens or closes in between is in one of the lists.
      return async againSignal => {
        const after = await look(againSignal)
        const looks = [before, after]
        for (const everywhere of ['blur-setting', 'windows-unknown'] as const)
          if (looks.includes(everywhere)) return () => [everywhere]
        if (before === 'nothing-to-hide' && after === 'nothing-to-hide') return () => []
        const lists = looks.filter(one => typeof one !== 'string')
        // What is to be hidden was changed in between, and only one of the lists has it.
        if (lists.length < looks.length) return () => ['settings-changed']
        const hidden = await hiddenAreas(lists, againSignal)
        return monitor => reasonsOn(monitor, hidden)
      }
    },
  }

  async function look(signal: AbortSignal): Promise<Look> {
    const { blur_screenshots, excluded_applications, blur_private_windows } = settings.value
    if (blur_screenshots) return 'blur-setting'
    const applications = parseApplications(excluded_applications)
    if (applications.length === 0 && !blur_private_windows) return 'nothing-to-hide'
    try {
      const seen = await windows.look({ applications, privateWindows: blur_private_windows }, signal)
      blindness = undefined
      return seen
    } catch (error) {
      signal.throwIfAborted()
      const { code, detail = '' } = toProblem(error)
      if (blindness !== detail) log({ event: 'windows-unknown', code, detail })
      blindness = detail
      return 'windows-unknown'
    }
  }

  async function hiddenAreas(lists: readonly WindowAreas[], signal: AbortSignal): Promise<HiddenArea[]> {
    const unclear = lists.flatMap(list => list.unclear)
    if (unclear.length > 0) {
      await unlessAborted(clock.sleep(wordOfBrowserMs, signal), signal)
      signal.throwIfAborted()
    }
    const judged = unclear.flatMap(({ browser, area }): HiddenArea[] => {
      const answer = privateWindowsOf(browser, said())
      if (answer === 'none') return []
      return [{ area, reason: answer === 'some' ? 'private-window' : 'browser-unmatched' }]
    })
    return [...lists.flatMap(list => list.hidden), ...judged]
  }
}
