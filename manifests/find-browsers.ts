import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, posix, win32 } from 'node:path'
import { nativeHostName } from '../protocol/messages.ts'
import { type BrowserName, type BrowserRow, browserNames, browserRows } from './browsers.ts'

/** Whose browsers: one person on one computer. Everything is an argument, so that tests can have their own. */
export type Desktop = {
  home: string
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
}

export type FoundBrowser = {
  name: BrowserName
  /** undefined: it was used once, but its program was not found. */
  executable: string | undefined
  /** Set when only a sandboxed copy was found, which does not read manifests of the user. */
  sandbox: 'snap' | 'flatpak' | undefined
}

/** Browsers that this person has started before or can start. */
export async function findBrowsers(desktop: Desktop): Promise<FoundBrowser[]> {
  const found = await Promise.all(browserNames.map(name => findBrowser(name, desktop)))
  return found.filter(browser => browser !== undefined)
}

async function findBrowser(name: BrowserName, desktop: Desktop): Promise<FoundBrowser | undefined> {
  const executable = await firstOf(executablesOf(name, desktop), constants.X_OK)
  const profile = await firstOf(profilesOf(name, desktop), constants.F_OK)
  if (executable || profile) return { name, executable, sandbox: undefined }
  const sandbox = await sandboxOf(name, desktop)
  return sandbox && { name, executable: undefined, sandbox }
}

/** Where the browser looks for manifests of this person. On Windows it asks the registry instead. */
export function hostsFolder(name: BrowserName, desktop: Desktop): string | undefined {
  const row = browserRows[name]
  switch (desktop.platform) {
    case 'win32':
      return undefined
    case 'darwin':
      return posix.join(applicationSupport(desktop), row.darwin.hosts)
    default:
      return below(desktop.home, configHome(desktop), row.linux.hosts)
  }
}

/** The registry key whose default value is the path of the manifest. */
export function registryKey(name: BrowserName): string {
  return `HKCU\\Software\\${browserRows[name].win32.registry}\\NativeMessagingHosts\\${nativeHostName}`
}

function profilesOf(name: BrowserName, desktop: Desktop): string[] {
  const { home, env, platform } = desktop
  const row: BrowserRow = browserRows[name]
  switch (platform) {
    case 'win32': {
      const local = env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local')
      const roaming = env.APPDATA || win32.join(home, 'AppData', 'Roaming')
      return row.win32.profiles.map(profile =>
        profile.startsWith('~/') ? win32.join(roaming, profile.slice(2)) : win32.join(local, profile),
      )
    }
    case 'darwin':
      return row.darwin.profiles.map(profile => posix.join(applicationSupport(desktop), profile))
    default:
      return row.linux.profiles.map(profile => below(home, configHome(desktop), profile))
  }
}

function executablesOf(name: BrowserName, { env, platform }: Desktop): string[] {
  const row: BrowserRow = browserRows[name]
  switch (platform) {
    case 'win32': {
      const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(
        root => root !== undefined,
      )
      return row.win32.executables.flatMap(path => roots.map(root => win32.join(root, path)))
    }
    case 'darwin':
      return [...row.darwin.executables]
    default: {
      const folders = (env.PATH ?? '').split(delimiter).filter(folder => folder !== '')
      return row.linux.executables.flatMap(program => folders.map(folder => posix.join(folder, program)))
    }
  }
}

/** Both make a folder of the application's own in the home when it is first started. */
async function sandboxOf(name: BrowserName, { home, platform }: Desktop): Promise<FoundBrowser['sandbox']> {
  if (platform !== 'linux') return undefined
  const { snap, flatpak }: BrowserRow['linux'] = browserRows[name].linux
  if (snap && (await firstOf([posix.join(home, 'snap', snap)], constants.F_OK))) return 'snap'
  if (flatpak && (await firstOf([posix.join(home, '.var/app', flatpak)], constants.F_OK))) return 'flatpak'
  return undefined
}

function below(home: string, config: string, path: string): string {
  return path.startsWith('~/') ? posix.join(home, path.slice(2)) : posix.join(config, path)
}

function configHome({ home, env }: Desktop): string {
  return env.XDG_CONFIG_HOME || posix.join(home, '.config')
}

function applicationSupport({ home }: Desktop): string {
  return posix.join(home, 'Library', 'Application Support')
}

async function firstOf(paths: readonly string[], mode: number): Promise<string | undefined> {
  for (const path of paths)
    if (
      await access(path, mode).then(
        () => true,
        () => false,
      )
    )
      return path
  return undefined
}
