import type { Page } from 'puppeteer-core'
import { waitFor } from './wait-for.ts'

/** What a person sees and does on the extension's pages, by the names that the pages give their parts. */
const selector = (part: string) => `[data-testid="${part}"]`

/** undefined while the page does not show the part. */
export function textOf(page: Page, part: string): Promise<string | undefined> {
  return page.evaluate(query => document.querySelector(query)?.textContent ?? undefined, selector(part))
}

export function attributeOf(page: Page, part: string, name: string): Promise<string | undefined> {
  return page.evaluate(
    (query, attribute) => document.querySelector(query)?.getAttribute(attribute) ?? undefined,
    selector(part),
    name,
  )
}

/** Notes each place that a part has while the page changes. Resolves with a function that returns them. */
export async function followPlace(page: Page, part: string): Promise<() => Promise<string[]>> {
  await page.evaluate(query => {
    const note = () => {
      const { top, left, width } = document.querySelector(query)?.getBoundingClientRect() ?? new DOMRect()
      seen.add(`${left}, ${top}, ${width} wide`)
    }
    const seen = new Set<string>()
    const observer = new MutationObserver(note)
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
    note()
    Object.assign(window, { placesSeen: seen })
  }, selector(part))
  return () => page.evaluate(() => [...(Reflect.get(window, 'placesSeen') ?? [])].map(String))
}

/** In how many lines the part would show the text. */
export function linesOf(page: Page, part: string, text: string): Promise<number> {
  return page.$eval(
    selector(part),
    (element, shown) => {
      // In its place for a moment, so that the page keeps the element that it knows.
      const copy = document.createElement(element.tagName)
      copy.className = element.className
      copy.textContent = shown
      element.replaceWith(copy)
      const lineHeight = Number.parseFloat(getComputedStyle(copy).lineHeight)
      const lines = copy.getBoundingClientRect().height / lineHeight
      copy.replaceWith(element)
      return Math.round(lines)
    },
    text,
  )
}

/** Clicks as a person does: waits until the part is there, can be hit, and has stopped moving. */
export async function press(page: Page, part: string): Promise<void> {
  await page.bringToFront()
  await waitFor(`${part} to be shown, enabled and at rest`, () => page.evaluate(isAtRest, selector(part)))
  await page.click(selector(part))
}

/** Sets a field of the options page the way its kind wants it, and waits until the page says that it is saved. */
export async function changeSetting(page: Page, name: string, value: string | number | boolean) {
  const field = selector(`setting-${name}`)
  await page.bringToFront()
  // Before the page knows the settings the field is there and takes nothing.
  await waitFor(`the field of ${name} to take a value`, () =>
    page.evaluate(query => document.querySelector(query)?.matches(':enabled') === true, field),
  )
  // The word stays for some seconds, and an earlier one would be taken for ours.
  await waitFor(`${name} to be at rest`, async () => !(await textOf(page, `saved-${name}`)))
  if (typeof value === 'boolean') {
    const checked = await page.evaluate(query => {
      const box = document.querySelector(query)
      return box instanceof HTMLInputElement && box.checked
    }, field)
    if (checked !== value) await page.click(field)
  } else if (typeof value === 'string') {
    await page.click(`${field}[value="${value}"]`)
  } else {
    await page.click(field, { count: 3 })
    await page.keyboard.type(String(value))
    await page.keyboard.press('Tab')
  }
  await waitFor(`${name} to be saved`, async () => Boolean(await textOf(page, `saved-${name}`)))
}

/** The counts of today as the popup says them exactly. */
export async function countsShown(popup: Page): Promise<{ keys: number; clicks: number }> {
  const [keys, clicks] = await Promise.all([
    attributeOf(popup, 'keys-today', 'data-value'),
    attributeOf(popup, 'clicks-today', 'data-value'),
  ])
  return { keys: Number(keys), clicks: Number(clicks) }
}

/** Waits until the popup or welcome page shows this state. */
export async function stateShown(popup: Page, state: string): Promise<void> {
  let seen: string | undefined
  await waitFor(
    `the popup to show ${state}`,
    async () => {
      seen = await attributeOf(popup, 'state', 'data-state')
      return seen === state
    },
    { seen: () => seen },
  )
}

/** The whole page at this width and as high as what is on it: a popup has no other height. */
export async function photograph(page: Page, path: `${string}.png`, width: number): Promise<void> {
  await page.bringToFront()
  await page.setViewport({ width, height: 400 })
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewport({ width, height })
  await page.screenshot({ path })
}

/** Runs inside the page. A part that appears above pushes a button away from where the click was aimed at. */
async function isAtRest(query: string): Promise<boolean> {
  const element = document.querySelector(query)
  if (element === null || element.matches(':disabled')) return false
  const before = element.getBoundingClientRect()
  await new Promise(resolve => setTimeout(resolve, 100))
  const after = element.getBoundingClientRect()
  return element.isConnected && before.top === after.top && before.left === after.left
}
