import { toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { Log } from '../kernel/ports.ts'
import type { ReadonlySignal } from '../kernel/signals.ts'
import type { AskWindows, PrepareRedaction, WindowList } from './ports.ts'
import { privateAreas } from './private-windows.ts'
import { type HiddenArea, reasonsOn } from './redacted-areas.ts'
import { parseApplications } from './window-rules.ts'

type Ports = {
  windows: WindowList
  settings: ReadonlySignal<Settings>
  log: Log
  ask: AskWindows
}

type Look = readonly HiddenArea[] | 'blur-setting' | 'windows-unknown' | 'nothing-to-hide'

/** Decides which monitors are blurred as a whole, and says why. */
export function createRedaction({ windows, settings, log, ask }: Ports): {
  prepareRedaction: PrepareRedaction
} {
  /** Logged once while it lasts. */
  let blindness: string | undefined

  return {
    async prepareRedaction(signal) {
      const before = await look(signal)
      // A window that opens, closes or moves in between is in one of the lists.
      return async againSignal => {
        const after = await look(againSignal)
        const looks = [before, after]
        for (const everywhere of ['blur-setting', 'windows-unknown'] as const)
          if (looks.includes(everywhere)) return () => [everywhere]
        if (before === 'nothing-to-hide' && after === 'nothing-to-hide') return () => []
        const hidden = looks.filter(one => typeof one !== 'string')
        // The setting of what to hide changed in between, and only one of the lists has it.
        if (hidden.length < looks.length) return () => ['settings-changed']
        return monitor => reasonsOn(monitor, hidden.flat())
      }
    },
  }

  async function look(signal: AbortSignal): Promise<Look> {
    const { blur_screenshots, excluded_applications, blur_private_windows } = settings.value
    if (blur_screenshots) return 'blur-setting'
    const applications = parseApplications(excluded_applications)
    if (applications.length === 0 && !blur_private_windows) return 'nothing-to-hide'
    try {
      const avoid = { applications, privateWindows: blur_private_windows }
      const { hidden, browsers } = await windows.look(avoid, signal)
      blindness = undefined
      const isBrowserShown = browsers.some(({ state }) => state === 'shown')
      return [...hidden, ...(isBrowserShown ? privateAreas(browsers, await ask(signal)) : [])]
    } catch (error) {
      signal.throwIfAborted()
      const { code, detail = '' } = toProblem(error)
      if (blindness !== detail) log({ event: 'windows-unknown', code, detail })
      blindness = detail
      return 'windows-unknown'
    }
  }
}
