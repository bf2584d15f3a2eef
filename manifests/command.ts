import { lstat, open, rm } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import type { Desktop } from './find-browsers.ts'
import { writeLauncher } from './launcher.ts'

export type InstalledCommand = {
  path: string
  /** Whether a terminal finds it by its name. Many systems add the folder to the PATH at the next login. */
  onPath: boolean
}

/**
 * Makes `activity-tracker` a command of this person's terminals: pages, errors and documents name it so. A file of the
 * same name that is not ours is left alone. On Windows there is no folder for such commands.
 * @throws AppError STORE_NOT_WRITABLE
 */
export async function installCommand(
  desktop: Desktop,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  keep: readonly string[],
): Promise<InstalledCommand | undefined> {
  const path = commandPath(desktop)
  if (path === undefined || (await ownerOf(path)) === 'somebody else') return undefined
  await writeLauncher({ path, platform: desktop.platform, command, env, keep })
  const onPath = (desktop.env.PATH ?? '').split(delimiter).includes(dirname(path))
  return { path, onPath }
}

/** The path of what was removed. */
export async function uninstallCommand(desktop: Desktop): Promise<string | undefined> {
  const path = await installedCommand(desktop)
  if (path !== undefined) await rm(path)
  return path
}

/** Its path, when it is there and ours. */
export async function installedCommand(desktop: Desktop): Promise<string | undefined> {
  const path = commandPath(desktop)
  return path !== undefined && (await ownerOf(path)) === 'us' ? path : undefined
}

/** Where the XDG base directory specification puts programs of one user, on macOS by the same custom. */
function commandPath({ home, platform }: Desktop): string | undefined {
  return platform === 'win32' ? undefined : join(home, '.local', 'bin', 'activity-tracker')
}

async function ownerOf(path: string): Promise<'nobody' | 'us' | 'somebody else'> {
  const entry = await lstat(path).catch(() => undefined)
  if (entry === undefined) return 'nobody'
  // A link may lead to a program of another's; a pipe would never be read to its end.
  if (!entry.isFile()) return 'somebody else'
  const text = await beginningOf(path).catch(() => '')
  return /^#!\/bin\/sh\n/.test(text) && /^exec .*\/cli\.js' "\$@"$/m.test(text) ? 'us' : 'somebody else'
}

/** Longer than any launcher of ours. */
const longestLauncher = 64 * 1024

async function beginningOf(path: string): Promise<string> {
  await using file = await open(path, 'r')
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(longestLauncher) })
  return buffer.toString('utf8', 0, bytesRead)
}
