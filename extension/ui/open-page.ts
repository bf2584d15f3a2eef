import browser from 'webextension-polyfill'

/** Shows a page of the extension in a tab. From the popup, which the browser then closes in its own time. */
export async function openPage(path: string): Promise<void> {
  await browser.tabs.create({ url: browser.runtime.getURL(path) })
}
