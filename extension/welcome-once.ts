import browser from 'webextension-polyfill'
import { consentVersion } from '../protocol/consent.ts'
import { welcomePage } from './pages.ts'

const key = 'welcomed_to_text'

/**
 * Opens the welcome page once for each version of its text: after the extension was installed, and after an update
 * that says something new, because then tracking stops until the person has agreed again.
 */
export async function welcomeOnce(): Promise<void> {
  const stored = await browser.storage.local.get(key)
  if (stored[key] === consentVersion) return
  await browser.storage.local.set({ [key]: consentVersion })
  await browser.tabs.create({ url: browser.runtime.getURL(welcomePage) })
}
