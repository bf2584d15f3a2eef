import { access } from 'node:fs/promises'
import { posix, win32 } from 'node:path'
import { AppError } from '../protocol/errors.ts'
import type { BrowserName } from './browsers.ts'
import type { Desktop } from './find-browsers.ts'
import { type Installation, installHost } from './install.ts'
import { writeLauncher } from './launcher.ts'

/** The launcher lies in the tracker's own folder: a new build must not take it away from the browsers. */
export function launcherPath(trackerHome: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? win32.join(trackerHome, 'bridge.cmd') : posix.join(trackerHome, 'bridge')
}

export type Registration = Desktop & {
  trackerHome: string
  /** The built program that browsers start, and how: the Node runtime with its flags. */
  bridge: string
  node: readonly string[]
  browsers?: readonly BrowserName[] | undefined
}

/**
 * Writes the launcher and tells the browsers of it.
 * @throws AppError NOT_BUILT | NO_BROWSER | STORE_NOT_WRITABLE
 */
export async function registerHost(options: Registration): Promise<Installation & { launcher: string }> {
  const { trackerHome, bridge, node, env, platform } = options
  await access(bridge).catch(cause => {
    throw new AppError('NOT_BUILT', { detail: bridge, cause })
  })
  const launcher = launcherPath(trackerHome, platform)
  // A folder of one's own choice has to be known to whom the browser starts, too.
  const chosen = env.ACTIVITY_TRACKER_HOME
  await writeLauncher({
    path: launcher,
    platform,
    command: [...node, bridge],
    env: chosen ? { ACTIVITY_TRACKER_HOME: chosen } : {},
  })
  return { launcher, ...(await installHost({ ...options, launcher })) }
}
