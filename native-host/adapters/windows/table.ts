import { AppError } from '../../../protocol/errors.ts'
import type { WindowList } from '../../screenshots/ports.ts'

/** Where windows can be listed at all. A new way is a file beside this one and a line here. */
export function windowList(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): WindowList {
  return {
    async look(avoid, signal) {
      // With a Wayland compositor, X knows only of the windows that speak X.
      const wayland = Boolean(env.WAYLAND_DISPLAY) || env.XDG_SESSION_TYPE === 'wayland'
      if (platform === 'win32' || platform === 'darwin')
        throw new AppError('WINDOWS_UNKNOWN', { detail: 'not available on this system' })
      if (wayland) throw new AppError('WINDOWS_UNKNOWN', { detail: 'not available in a Wayland session' })
      if (!env.DISPLAY) throw new AppError('WINDOWS_UNKNOWN', { detail: 'DISPLAY is not set' })
      const { lookOnX } = await import('./x-windows.ts')
      return lookOnX(env.DISPLAY, avoid, signal)
    },
  }
}
