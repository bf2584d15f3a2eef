import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import puppeteer, { type Browser } from 'puppeteer-core'
import { nativeHostName } from '../protocol/messages.ts'
import { type BrowserName, browserRows } from './browsers.ts'
import { firefoxExtensionId } from './extension-ids.ts'
import { writeHostManifest } from './install.ts'

/** A browser with the extension in it. Nothing in it listens on a port. */
export type DemoBrowser = {
  /** Settles when the person or `close` has closed it. */
  closed: Promise<unknown>
  close(): void
  /** undefined where nothing but a port could ask for it. */
  showPage: ((url: string) => Promise<void>) | undefined
}

type Demo = {
  name: BrowserName
  executable: string
  profile: string
  /** The folder with a build for each family. */
  dist: string
  launcher: string
}

/** Opens a browser with the unpacked extension, which then opens its welcome page. */
export async function openDemoBrowser(demo: Demo): Promise<DemoBrowser> {
  await mkdir(demo.profile, { recursive: true })
  const { family } = browserRows[demo.name]
  switch (family) {
    case 'chromium':
      return openChromium(demo)
    case 'firefox':
      return openFirefox(demo)
    default:
      throw family satisfies never
  }
}

/** `--load-extension` is gone from branded builds; what a debugger may do is not, and through a pipe it needs no port. */
async function openChromium({ name, executable, profile, dist, launcher }: Demo): Promise<DemoBrowser> {
  const { family } = browserRows[name]
  // A Chromium with a profile folder of its own looks for hosts there, not where the person's own does.
  await writeHostManifest(join(profile, 'NativeMessagingHosts', `${nativeHostName}.json`), family, launcher)
  const browser = await puppeteer.launch({
    executablePath: executable,
    headless: false,
    userDataDir: profile,
    defaultViewport: null,
    // The caller decides what Ctrl+C means.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    pipe: true,
    enableExtensions: [join(dist, family)],
    ignoreDefaultArgs: ['--enable-automation'],
    // Chromium refuses to start as root with its sandbox.
    args: ['--no-first-run', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
  return {
    closed: new Promise(resolve => browser.once('disconnected', resolve)),
    close: () => void browser.close(),
    showPage: url => showPage(browser, url),
  }
}

/** The welcome page opens by itself once for each version of its text. */
async function showPage(browser: Browser, url: string): Promise<void> {
  const pages = await browser.pages()
  if (pages.some(page => page.url() === url)) return
  const page = pages.find(each => each.url() === 'about:blank') ?? (await browser.newPage())
  await page.goto(url)
}

/**
 * A driver of Firefox would speak to it over a port. So the extension is laid into the profile instead, which the ESR and
 * the Developer Edition accept without a signature; any other Firefox passes it over, and the person loads it.
 */
async function openFirefox({ executable, profile, dist }: Demo): Promise<DemoBrowser> {
  const inProfile = (name: string) => join(profile, name)
  const extension = join(profile, 'extensions', firefoxExtensionId)
  // What Firefox remembers of it, it would not read again.
  for (const path of [
    extension,
    ...['extensions.json', 'addonStartup.json.lz4', 'startupCache'].map(inProfile),
  ])
    await rm(path, { recursive: true, force: true })
  await cp(join(dist, 'firefox'), extension, { recursive: true })
  const lines = Object.entries(firefoxPreferences).map(
    ([key, value]) => `user_pref(${JSON.stringify(key)}, ${value});\n`,
  )
  await writeFile(join(profile, 'user.js'), lines.join(''))
  const browser = spawn(executable, ['--no-remote', '--profile', profile], {
    stdio: 'ignore',
    // Ctrl+C reaches the whole group of the terminal; the caller decides what it means.
    detached: process.platform !== 'win32',
  })
  const closed = once(browser, 'exit')
  await once(browser, 'spawn')
  return { closed, close: () => void browser.kill(), showPage: undefined }
}

/** Of the profile that `npm start` makes, and of no other. */
const firefoxPreferences = {
  'xpinstall.signatures.required': false,
  // What lies in the profile is enabled without a question.
  'extensions.autoDisableScopes': 0,
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
}
