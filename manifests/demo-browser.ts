import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer-core'
import { nativeHostName } from '../protocol/messages.ts'
import { type BrowserName, browserRows } from './browsers.ts'
import { writeHostManifest } from './install.ts'

/**
 * Opens a browser with the unpacked extension, which then opens its welcome page. `--load-extension` is gone from
 * branded builds; what a debugger may do is not, and it ends with the browser.
 */
export async function openDemoBrowser(options: {
  name: BrowserName
  executable: string
  profile: string
  /** The folder with a build for each family. */
  dist: string
  launcher: string
}): Promise<Browser> {
  const { name, executable, profile, dist, launcher } = options
  await mkdir(profile, { recursive: true })
  const common: LaunchOptions = {
    executablePath: executable,
    headless: false,
    userDataDir: profile,
    defaultViewport: null,
    // The caller decides what Ctrl+C means.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  }
  const { family } = browserRows[name]
  switch (family) {
    case 'chromium':
      // A Chromium with a profile folder of its own looks for hosts there, not where the person's own does.
      await writeHostManifest(
        join(profile, 'NativeMessagingHosts', `${nativeHostName}.json`),
        family,
        launcher,
      )
      return puppeteer.launch({
        ...common,
        pipe: true,
        enableExtensions: [join(dist, family)],
        ignoreDefaultArgs: ['--enable-automation'],
        // Chromium refuses to start as root with its sandbox.
        args: ['--no-first-run', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      })
    case 'firefox': {
      const browser = await puppeteer.launch({ ...common, browser: 'firefox' })
      await browser.installExtension(join(dist, family))
      return browser
    }
    default:
      throw family satisfies never
  }
}
