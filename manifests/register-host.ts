import { access } from 'node:fs/promises'
import { dirname, join, posix, win32 } from 'node:path'
import { AppError } from '../protocol/errors.ts'
import type { BrowserName } from './browsers.ts'
import { type InstalledCommand, installCommand } from './command.ts'
import type { Desktop } from './find-browsers.ts'
import { type Installation, installHost } from './install.ts'
import { writeLauncher } from './launcher.ts'

/** The launcher lies in the tracker's own folder: a new build must not take it away from the browsers. */
export function launcherPath(trackerHome: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? win32.join(trackerHome, 'bridge.cmd') : posix.join(trackerHome, 'bridge')
}

export type Registration = Desktop & {
  trackerHome: string
  /** Whether that is a second tracker, which is not found without its name. */
  separate: boolean
  /** The built program that browsers start, and how: the Node runtime with its flags. */
  bridge: string
  node: readonly string[]
  /** The variables that each of the two gets. */
  keep: Readonly<Record<'bridge' | 'command-line', readonly string[]>>
  browsers?: readonly BrowserName[] | undefined
}

export type Registered = Installation & {
  launcher: string
  /** undefined where there is no place for it. */
  command: InstalledCommand | undefined
}

/**
 * Writes the launcher, tells the browsers of it, and makes `activity-tracker` a command.
 * @throws AppError NOT_BUILT | NO_BROWSER | STORE_NOT_WRITABLE
 */
export async function registerHost(options: Registration): Promise<Registered> {
  const { trackerHome, separate, bridge, node, keep, platform } = options
  await access(bridge).catch(cause => {
    throw new AppError('NOT_BUILT', { detail: bridge, cause })
  })
  const launcher = launcherPath(trackerHome, platform)
  // Without it, one launcher serves every user of the computer.
  const defaults = separate ? { ACTIVITY_TRACKER_HOME: trackerHome } : {}
  await writeLauncher({
    path: launcher,
    platform,
    command: [...node, bridge],
    env: defaults,
    keep: keep.bridge,
  })
  const installation = await installHost({ ...options, launcher })
  const command = await installCommand(
    options,
    [...node, join(dirname(bridge), 'cli.js')],
    defaults,
    keep['command-line'],
  )
  return { launcher, command, ...installation }
}
