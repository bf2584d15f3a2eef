import puppeteer, { type Browser } from 'puppeteer-core'
import type { BrowserName } from './browsers.ts'

/** A browser without the extension, as somebody has who was handed a page. Chromium is light, Firefox dark. */
export function launchPlainBrowser(name: BrowserName): Promise<Browser> {
  if (name === 'chromium')
    return puppeteer.launch({
      executablePath: '/usr/bin/chromium',
      pipe: true,
      // --no-sandbox: continuous integration runs as root, where Chromium refuses to start otherwise.
      args: [
        '--no-sandbox',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    })
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    extraPrefsFirefox: { 'layout.css.prefers-color-scheme.content-override': 0 },
  })
}
