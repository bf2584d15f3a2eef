import { execFile } from 'node:child_process'
import { access, rm, rmdir } from 'node:fs/promises'
import { dirname, join, win32 } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../protocol/errors.ts'
import { nativeHostName } from '../protocol/messages.ts'
import { type BrowserName, type BrowserRow, browserNames, browserRows } from './browsers.ts'
import { installedCommand, uninstallCommand } from './command.ts'
import { demoProfiles } from './demo-profiles.ts'
import { type Desktop, findBrowsers, hostsFolder, registryKey } from './find-browsers.ts'
import { hostManifest } from './host-manifest.ts'
import { replaceFile } from './write-new.ts'

export type Installation = {
  written: { browser: BrowserName; manifest: string; registryKey?: string }[]
  /** Found, but shut off from the host by their packaging. */
  unreachable: { browser: BrowserName; sandbox: 'snap' | 'flatpak' }[]
}

/**
 * Tells browsers of this person where `launcher` is; nothing of the system is touched. Repeating it is harmless.
 * `browsers`: just these, found or not; left out: those that are found.
 * @throws AppError NO_BROWSER | STORE_NOT_WRITABLE
 */
export async function installHost(
  options: Desktop & { launcher: string; browsers?: readonly BrowserName[] | undefined },
): Promise<Installation> {
  const found = await findBrowsers(options)
  const sandboxed = found.flatMap(({ name, sandbox }) => (sandbox ? [{ browser: name, sandbox }] : []))
  const names =
    options.browsers ?? found.filter(({ sandbox }) => sandbox === undefined).map(({ name }) => name)
  if (names.length === 0)
    throw new AppError('NO_BROWSER', sandboxed.length > 0 ? { detail: sandboxedOnly(sandboxed) } : {})

  const written: Installation['written'] = []
  for (const browser of names) written.push(await register(browser, options))
  return { written, unreachable: sandboxed.filter(({ browser }) => !names.includes(browser)) }
}

/** Removes everything that `registerHost` and `npm start` ever wrote for this person. */
export async function uninstallHost(options: Desktop & { launcher: string }): Promise<string[]> {
  const removed: string[] = []
  for (const path of await writtenPaths(options)) {
    await rm(path, { recursive: true })
    removed.push(path)
    await removeEmptyFolders(dirname(path), options.home)
  }
  const command = await uninstallCommand(options)
  if (command !== undefined) removed.push(command)
  if (options.platform === 'win32')
    for (const key of new Set(browserNames.map(registryKey)))
      if (await registry(['delete', key, '/f'], options).then(yes, no)) removed.push(key)
  return removed
}

/** What `uninstallHost` would remove; on Windows besides its keys of the registry. */
export async function installedPaths(options: Desktop & { launcher: string }): Promise<string[]> {
  const command = await installedCommand(options)
  return [...(await writtenPaths(options)), ...(command === undefined ? [] : [command])]
}

async function writtenPaths(options: Desktop & { launcher: string }): Promise<string[]> {
  const paths = browserNames.map(name => manifestPath(name, options))
  const found: string[] = []
  for (const path of new Set([...paths, options.launcher, demoProfiles(options)]))
    if (await exists(path)) found.push(path)
  return found
}

async function register(browser: BrowserName, options: Desktop & { launcher: string }) {
  const manifest = manifestPath(browser, options)
  await writeHostManifest(manifest, browserRows[browser].family, options.launcher)
  if (options.platform !== 'win32') return { browser, manifest }
  const key = registryKey(browser)
  await registry(['add', key, '/ve', '/t', 'REG_SZ', '/d', manifest, '/f'], options)
  return { browser, manifest, registryKey: key }
}

/** Also for browsers that run with a profile folder of their own and look for hosts there. @throws AppError STORE_NOT_WRITABLE */
export async function writeHostManifest(
  path: string,
  family: BrowserRow['family'],
  launcher: string,
): Promise<void> {
  try {
    await replaceFile(path, `${JSON.stringify(hostManifest(family, launcher), undefined, 2)}\n`, 0o644)
  } catch (cause) {
    throw new AppError('STORE_NOT_WRITABLE', { detail: path, cause })
  }
}

function manifestPath(browser: BrowserName, options: Desktop & { launcher: string }): string {
  const folder = hostsFolder(browser, options)
  if (folder) return join(folder, `${nativeHostName}.json`)
  return win32.join(win32.dirname(options.launcher), `${nativeHostName}.${browserRows[browser].family}.json`)
}

async function registry(words: string[], { env }: Desktop): Promise<void> {
  try {
    await promisify(execFile)('reg', words, {
      env,
      windowsHide: true,
      timeout: 60_000,
      killSignal: 'SIGKILL',
    })
  } catch (cause) {
    throw new AppError('STORE_NOT_WRITABLE', { detail: words[1] ?? 'registry', cause })
  }
}

/** Folders that were made for the manifest alone go with it; `rmdir` refuses those that hold anything else. */
async function removeEmptyFolders(folder: string, home: string): Promise<void> {
  if (folder === home || dirname(folder) === folder) return
  if (await rmdir(folder).then(yes, no)) await removeEmptyFolders(dirname(folder), home)
}

function sandboxedOnly(sandboxed: Installation['unreachable']): string {
  const names = sandboxed.map(({ browser, sandbox }) => `${browserRows[browser].label} (${sandbox})`)
  return `${names.join(', ')} cannot start programs on this computer; install the browser as a system package`
}

const yes = () => true
const no = () => false
const exists = (path: string) => access(path).then(yes, no)
