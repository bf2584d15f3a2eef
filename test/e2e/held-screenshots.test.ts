import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'puppeteer-core'
import { pictureArtefact } from '../support/artefacts.ts'
import type { BrowserName } from '../support/browsers.ts'
import { brokenLinks, openWithAge } from '../support/opened-objects.ts'
import { attributeOf, photograph, press, stateShown, textOf } from '../support/page-parts.ts'
import { startScenario, startTracking, untilStatus } from '../support/scenario.ts'
import { filesBelow } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'

/** Longer than all that is done with them takes on a busy computer. */
const holdSeconds = 45

const rows: [name: BrowserName, theme: 'light' | 'dark'][] = [
  ['chromium', 'light'],
  ['firefox', 'dark'],
]
// Side by side: each has a display and a tracker of its own, and most of it is waiting for the end of the hold.
describe('held screenshots', { concurrency: true }, () => {
  for (const [name, theme] of rows)
    test(`${name}: three screenshots are held; one is looked at, one blurred, one deleted`, async t => {
      await using stage = await startScenario({ width: 1280, height: 800 })
      const browser = await stage.launch(name, { theme })
      // Before it answers, the command line would write the settings beside it.
      const tap = await stage.tap()
      for (const [setting, value] of [
        ['hold_screenshots', String(holdSeconds)],
        ['blur_screenshots', 'false'],
        ['screenshot_interval', '3600'],
      ] as const)
        assert.equal((await stage.cli('settings', 'set', setting, value)).exit, 0)
      await startTracking(stage, browser)
      const popup = await browser.open('popup')
      await stateShown(popup, 'tracking')

      for (const count of [1, 2, 3]) {
        await press(popup, 'screenshot-now')
        await untilStatus(tap, `${count} held`, ({ screenshots }) => screenshots.held.length === count)
      }
      await t.test('the toolbar button tells of a screenshot', async () => {
        const isTold = async () => (await popup.evaluate('chrome.action.getBadgeText({})')) === '◉'
        await waitFor('its sign', isTold)
      })
      const held = (await tap.status()).screenshots.held
      const [third, second, first] = held.map(({ object }) => object)
      assert.ok(first && second && third)

      await t.test('they are in no outbox, and no client has seen them', async () => {
        assert.equal((await filesBelow(stage.home.places.held)).size, 3)
        const waiting = [...(await filesBelow(stage.home.places.outbox)).keys()]
        assert.deepEqual(
          waiting.filter(path => path.includes('screenshot')),
          [],
        )
      })

      await t.test('none of them is shown before that is allowed outside the browser', async () => {
        await press(popup, 'held-unlock')
        await waitFor('the popup to say what waits', () => attributeOf(popup, 'confirmation', 'data-code'))
        await photograph(popup, await pictureArtefact(`${name}/popup-unlock-${theme}`), 360)
        assert.equal(await textOf(popup, 'held-show'), undefined)
        const { confirmation } = await tap.status()
        assert.equal(confirmation?.by, name)
        const told = await stage.cli('confirm', confirmation?.code ?? '', '--yes')
        assert.equal(told.exit, 0, told.stderr)
        await waitFor('them to be unlocked', async () => (await textOf(popup, 'held-show')) !== undefined)
        assert.equal(await textOf(popup, 'confirmation'), undefined)
      })

      await t.test('one is looked at, small and large, by the keyboard', async () => {
        await popup.bringToFront()
        await focusOn(popup, 'held-show')
        await popup.keyboard.press('Enter')
        await waitFor('the small preview', () => popup.evaluate(isDrawn, '.thumbnail canvas'))
        await photograph(popup, await pictureArtefact(`${name}/popup-held-${theme}`), 360)
        await popup.keyboard.press('Enter')
        await waitFor('the large preview', () => popup.evaluate(isDrawn, 'dialog[open] canvas'))
        await popup.keyboard.press('Escape')
        await waitFor('the dialog to close', () =>
          popup.evaluate(() => document.querySelector('dialog') === null),
        )
        assert.equal(
          await popup.evaluate(() => document.activeElement?.getAttribute('data-testid')),
          'held-show',
          'the keyboard is where it was',
        )
      })

      await t.test('the latest is blurred, and says so', async () => {
        await press(popup, 'held-blur')
        const { screenshots } = await untilStatus(tap, 'a blurred one', status =>
          status.screenshots.held.some(({ blurred }) => blurred),
        )
        assert.deepEqual(
          screenshots.held.map(({ blurred }) => blurred),
          [true, false, false],
        )
        await waitFor('the popup to say so', async () =>
          /^Blurred/.test((await textOf(popup, 'held-said')) ?? ''),
        )
      })

      await t.test('the next is deleted from the options page', async () => {
        const options = await browser.open('options')
        await waitFor('all of them', () =>
          options.evaluate(() => document.querySelectorAll('[data-testid="held"]').length === 3),
        )
        await photograph(options, await pictureArtefact(`${name}/options-held-${theme}`), 1100)
        const deleted = await options.evaluate(() => {
          const button = document.querySelectorAll<HTMLElement>('[data-testid="held-delete"]')[1]
          button?.click()
          return button?.getAttribute('aria-label')
        })
        assert.match(deleted ?? '', /^Delete the screenshot from \d\d?:\d\d/)
        await untilStatus(tap, 'two of them', ({ screenshots }) => screenshots.held.length === 2)
        await waitFor('the page to say so', async () =>
          /^Deleted/.test((await textOf(options, 'held-said')) ?? ''),
        )
        assert.match(
          (await options.evaluate(() => document.activeElement?.getAttribute('aria-label'))) ?? '',
          /^Held screenshots$/,
        )
      })

      await t.test('the browser has kept none of it', async () => {
        const picture = await tap.ask({ type: 'preview-held', object: first, size: 'small' })
        assert.ok(picture.type === 'held-preview')
        const bytes = Buffer.from(picture.bytes, 'base64')
        const needles = [bytes.subarray(40, 72), Buffer.from(picture.bytes.slice(64, 96))]
        const found = [...(await filesBelow(stage.home.root))].filter(([, file]) =>
          needles.some(needle => file.includes(needle)),
        )
        assert.deepEqual(
          found.map(([path]) => path),
          [],
        )
      })

      await untilStatus(tap, 'all to be released', ({ screenshots }) => screenshots.held.length === 0, 60_000)
      tap[Symbol.dispose]()
      await browser.close()
      await waitFor('the agent to end', async () => (await stage.processes('agent')).length === 0)

      await t.test('two are delivered, and the journal tells of all three', async () => {
        const opened = await openWithAge(stage.home.places.delivered, stage.home.places.identity)
        assert.deepEqual(brokenLinks(opened), [])
        const told = opened.records.flatMap(record =>
          record.kind === 'screenshot' ||
          record.kind === 'screenshot.blurred' ||
          record.kind === 'screenshot.deleted'
            ? [[record.kind, record.object]]
            : [],
        )
        assert.deepEqual(told, [
          ['screenshot', first],
          ['screenshot', second],
          ['screenshot', third],
          ['screenshot.blurred', third],
          ['screenshot.deleted', second],
        ])
        const blurred = opened.records.find(record => record.kind === 'screenshot.blurred')
        const by = blurred?.kind === 'screenshot.blurred' ? blurred.by : ''
        const delivered = [...opened.pictures.keys()]
        assert.deepEqual(
          [first, by].map(key => delivered.some(path => path.endsWith(key))),
          [true, true],
        )
        assert.equal(delivered.length, 2)
        assert.equal((await filesBelow(stage.home.places.held)).size, 0)
      })
    })
})

async function focusOn(page: Page, part: string): Promise<void> {
  await page.evaluate(query => document.querySelector<HTMLElement>(query)?.focus(), `[data-testid="${part}"]`)
}

/** Runs inside the page. A canvas that nothing was drawn on is transparent. */
function isDrawn(query: string): boolean {
  const canvas = document.querySelector(query)
  if (!(canvas instanceof HTMLCanvasElement)) return false
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
  return pixels?.at(3) === 255
}
