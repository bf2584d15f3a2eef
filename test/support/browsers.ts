import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { optionsPage, popupPage, welcomePage } from '../../extension/pages.ts'
import { chromiumExtensionId, firefoxExtensionId } from '../../manifests/extension-ids.ts'
import { endProcess } from './processes.ts'
import type { TrackerHome } from './tracker-home.ts'
import { waitFor } from './wait-for.ts'

/** A real browser with the built extension, in the home of one test. */
export type TestBrowser = AsyncDisposable & {
  name: BrowserName
  pid: number
  /** The tab that the extension opened by itself when it was installed. */
  welcome: Page
  /** Opens a page of the extension in a tab of its own, in front. */
  open(page: ExtensionPage): Promise<Page>
  /** Opens any address in a tab of its own, in front. */
  visit(address: string): Promise<Page>
  close(): Promise<void>
  /** As a crash or the system would: nothing in the browser gets to say goodbye. */
  kill(): void
}
export type BrowserName = 'chromium' | 'firefox'
export const browserNames: readonly BrowserName[] = ['chromium', 'firefox']
export type ExtensionPage = keyof typeof pages

export type LaunchOptions = {
  theme?: 'light' | 'dark'
  /** `on-display` draws on the X server, so that input reaches the pages and screenshots show them. */
  window?: 'headless' | 'on-display'
}

const pages = { popup: popupPage, options: optionsPage, welcome: welcomePage }
const dist = join(import.meta.dirname, '..', '..', 'dist')

/** `env` is the home's environment with the display in it. */
export async function launchBrowser(
  name: BrowserName,
  home: TrackerHome,
  env: NodeJS.ProcessEnv,
  { theme = 'light', window = 'headless' }: LaunchOptions = {},
): Promise<TestBrowser> {
  const { browser, origin } = await launchers[name](home, env, { theme, window })
  const { pid } = browser.process() ?? {}
  if (pid === undefined) throw new Error(`${name} was started without a process`)

  const prepare = async (page: Page) => {
    // Firefox has a preference for it, and no way to change it later.
    if (name === 'chromium') await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
    await page.bringToFront()
    return page
  }
  const visit = async (address: string) => {
    const page = await prepare(await browser.newPage())
    // In Firefox every other wait times out on pages of an extension, and page.url() stays about:blank.
    await page.goto(address, { waitUntil: [] })
    await waitFor(`${address} to load`, () => page.evaluate(loadedAt, address))
    return page
  }
  const opened = await waitFor('the extension to open its welcome page', () =>
    pageAt(browser, `${origin}/${pages.welcome}`),
  )
  const close = async () => {
    if (browser.connected) await browser.close()
  }
  return {
    name,
    pid,
    visit,
    welcome: await prepare(opened),
    open: page => visit(`${origin}/${pages[page]}`),
    close,
    kill: () => endProcess(pid, 'SIGKILL'),
    [Symbol.asyncDispose]: close,
  }
}

type Launched = { browser: Browser; origin: string }
type Launch = (
  home: TrackerHome,
  env: NodeJS.ProcessEnv,
  options: Required<LaunchOptions>,
) => Promise<Launched>

const launchers: Record<BrowserName, Launch> = {
  async chromium(home, env, { window }) {
    // The profile that it would choose by itself: there it finds the host manifests of the installer.
    const userDataDir = join(home.userHome, '.config', 'chromium')
    await mkdir(userDataDir, { recursive: true })
    const browser = await puppeteer.launch({
      executablePath: '/usr/bin/chromium',
      headless: window === 'headless',
      pipe: true,
      enableExtensions: [join(dist, 'chromium')],
      userDataDir,
      env: { ...env },
      defaultViewport: null,
      // It adds a bar to the window that says so, and little else.
      ignoreDefaultArgs: ['--enable-automation'],
      // --no-sandbox: continuous integration runs as root, where Chromium refuses to start otherwise.
      args: [
        ...['--no-sandbox', '--no-first-run', '--disable-sync', '--disable-quic'],
        ...[
          '--disable-background-networking',
          '--disable-component-update',
          '--window-size=1280,800',
          '--window-position=0,0',
        ],
      ],
    })
    await waitFor('Chromium to load the extension', async () =>
      (await browser.extensions()).has(chromiumExtensionId),
    )
    return { browser, origin: `chrome-extension://${chromiumExtensionId}` }
  },

  async firefox(home, env, { theme, window }) {
    const userDataDir = join(home.root, 'firefox-profile')
    await mkdir(userDataDir, { recursive: true })
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: '/usr/bin/firefox-esr',
      headless: window === 'headless',
      userDataDir,
      env: { ...env },
      defaultViewport: null,
      // Without it, pages of extensions refuse to be opened by a driver.
      args: ['--remote-allow-system-access', '--width=1280', '--height=800'],
      extraPrefsFirefox: {
        'extensions.webextensions.uuids': JSON.stringify({ [firefoxExtensionId]: firefoxUuid }),
        'layout.css.prefers-color-scheme.content-override': theme === 'dark' ? 0 : 1,
      },
    })
    await browser.installExtension(join(dist, 'firefox'))
    return { browser, origin: `moz-extension://${firefoxUuid}` }
  },
}

async function pageAt(browser: Browser, address: string): Promise<Page | undefined> {
  for (const page of await browser.pages())
    if (await page.evaluate(loadedAt, address).catch(() => false)) return page
  return undefined
}

/** Firefox gives every extension a random address; a preference fixes it. */
const firefoxUuid = '5f2a1c64-0d3b-4d0e-9a57-6c1f0b8e2d91'

/** Runs inside the page. */
function loadedAt(address: string): boolean {
  return location.href === address && document.readyState === 'complete'
}
