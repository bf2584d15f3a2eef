import type { Page } from 'puppeteer-core'

export type PopupTiming = {
  state: string
  /** From the click on the toolbar button, the browser's own work of making a window included. */
  sinceRequestMs: number
  /** From the moment at which the popup's document began to load. */
  sinceDocumentMs: number
}

/**
 * Opens the real popup of the toolbar and measures when it shows a state of the tracker. It is watched from another
 * page of the extension, because a driver attaches to a popup only long after it is drawn.
 */
export function timePopup(extensionPage: Page): Promise<PopupTiming> {
  return extensionPage.evaluate(async () => {
    type PopupApi = {
      action: { openPopup(): Promise<void> }
      extension: { getViews(fetch: { type: 'popup' }): Window[] }
    }
    const world = globalThis as unknown as { browser?: PopupApi; chrome: PopupApi }
    const api = world.browser ?? world.chrome
    const now = () => performance.timeOrigin + performance.now()
    const notYet = ['starting', 'connecting']
    const wait = () => new Promise(resolve => setTimeout(resolve, 1))
    const endsAt = now() + 5000
    const openPopup = () => {
      refused = undefined
      requestedAt = now()
      api.action.openPopup().catch(error => {
        refused = error
      })
    }
    let refused: unknown
    let requestedAt = now()
    // The one before closes in its own time.
    while (api.extension.getViews({ type: 'popup' }).length > 0 && now() < endsAt) await wait()
    openPopup()
    while (now() < endsAt) {
      const popup = api.extension.getViews({ type: 'popup' })[0]
      // Chromium refuses now and then without saying why; a person would click once more.
      if (refused !== undefined && !popup) openPopup()
      const shown = popup?.document.querySelector<HTMLElement>('[data-testid="state"]')?.dataset.state
      if (popup && shown && !notYet.includes(shown)) {
        const shownAt = now()
        const begun = popup.performance.timeOrigin
        popup.close()
        return { state: shown, sinceRequestMs: shownAt - requestedAt, sinceDocumentMs: shownAt - begun }
      }
      await wait()
    }
    throw new Error(`the popup showed no state within 5 s${refused === undefined ? '' : `: ${refused}`}`)
  })
}
