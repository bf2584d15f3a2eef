import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserNames, type TestBrowser } from '../support/browsers.ts'
import { createCanary, pathsWithCanary } from '../support/canary.ts'
import { someKeycode } from '../support/hardware-input.ts'
import {
  brokenLinks,
  isPicture,
  type OpenedObjects,
  openWithAge,
  sumOfIntervals,
} from '../support/opened-objects.ts'
import { assertWithin } from '../support/pace.ts'
import { changeSetting, countsShown, stateShown } from '../support/page-parts.ts'
import { type Stage, startScenario, startTracking, untilStatus } from '../support/scenario.ts'
import { filesBelow, objectsBelow } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'

/** Typed like a password: must be counted, and found nowhere. */
const canaries = ['CanaryZephyrus', 'hunter2quokka'].map(createCanary)
const presses = 500
const clicks = 40

for (const name of browserNames)
  test(`${name}: from the welcome page to records that only the owner can open`, async t => {
    await using stage = await startScenario({ width: 1280, height: 800 })
    const browser = await stage.launch(name)
    const { welcome } = browser
    const tap = await stage.tap()

    await t.test('nothing is recorded before Start', async () => {
      await untilStatus(tap, 'the agent to wait for consent', ({ state }) => state.kind === 'consent-needed')
      await typeAndClick(stage, { presses: 20, clicks: 5 })
      const { last_saved, today, queue, input, screenshots } = await tap.status()
      assert.deepEqual(
        {
          last_saved,
          keys: today.keys,
          queued: queue.items,
          input: input.state,
          screenshots: screenshots.state,
        },
        { last_saved: null, keys: 0, queued: 0, input: 'off', screenshots: 'off' },
      )
      assert.deepEqual(await stage.processes('input-hook'), [])
      assert.deepEqual([...(await filesBelow(stage.home.places.outbox)).keys()], [])
      assert.deepEqual([...(await objectsBelow(stage.home.places.delivered)).keys()], [])
    })

    await startTracking(stage, browser)
    await waitFor('the welcome page to say that it started', () =>
      welcome.evaluate(() => document.querySelector('[data-testid="started"]') !== null),
    )
    const popup = await browser.open('popup')
    await stateShown(popup, 'tracking')

    await t.test(
      `${presses} key presses and ${clicks} clicks are shown, exactly and within 2 s`,
      async () => {
        await typeAndClick(stage, { presses, clicks })
        const since = performance.now()
        await waitFor(
          'the popup to show every press and click',
          async () => {
            const shown = await countsShown(popup)
            return shown.keys >= presses && shown.clicks >= clicks
          },
          { seen: () => countsShown(popup) },
        )
        const tookMs = performance.now() - since
        t.diagnostic(`shown ${Math.round(tookMs)} ms after the last of them`)
        await assertWithin(2000, tookMs)
        // Longer than the agent waits between two messages: any excess in the count shows by then.
        await new Promise(resolve => setTimeout(resolve, 1500))
        assert.deepEqual(await countsShown(popup), { keys: presses, clicks })
      },
    )

    await t.test('settings changed on the options page change the running agent', async () => {
      await changeSettingsAndSeeThem(browser, tap)
    })

    const traffic = tap.bytes()
    tap[Symbol.dispose]()
    await t.test(
      'the words typed are in no file of the tracker or the browser, and not on the socket',
      async () => {
        assert.deepEqual(await pathsWithCanary(stage.home.root, canaries), [])
        assert.deepEqual(
          canaries.filter(canary => canary.findIn(traffic)),
          [],
        )
      },
    )

    await browser.close()
    await waitFor('the agent to end', async () => (await stage.processes('agent')).length === 0)
    const { delivered, identity, outbox } = stage.home.places
    const opened = await openWithAge(delivered, identity)

    await t.test('age opens what was delivered, and it holds exactly what was done', () => {
      assert.deepEqual(sumOfIntervals(opened.records), { keys: presses, clicks })
      assert.deepEqual(brokenLinks(opened), [])
      assert.equal(opened.records[0]?.kind, 'consent.given')
      assertPicturesMatchRecords(opened)
    })
    await t.test('everything was delivered', async () =>
      assert.deepEqual([...(await filesBelow(outbox)).keys()], []),
    )
    await t.test('the words typed are in no record', () => {
      const records = Buffer.from(opened.lines.join('\n'))
      assert.deepEqual(
        canaries.filter(canary => canary.findIn(records)),
        [],
      )
    })
  })

/** The canaries are part of the key presses; the rest is one letter again and again. */
async function typeAndClick({ input }: Stage, wanted: { presses: number; clicks: number }): Promise<void> {
  let typed = 0
  for (const { word } of canaries) if (typed + 2 * word.length < wanted.presses) typed += input.typeText(word)
  for (; typed < wanted.presses; typed++) input.pressKey(someKeycode)
  for (let click = 0; click < wanted.clicks; click++) input.click()
  await input.flush()
}

async function changeSettingsAndSeeThem(
  browser: TestBrowser,
  tap: Awaited<ReturnType<Stage['tap']>>,
): Promise<void> {
  const nextScreenshot = async (what: string) => {
    const { last } = (await tap.status()).screenshots
    await untilStatus(tap, what, ({ screenshots }) => screenshots.last !== null && screenshots.last !== last)
  }
  const options = await browser.open('options')
  await changeSetting(options, 'hold_screenshots', 0)
  await changeSetting(options, 'screenshot_interval', 5)
  await nextScreenshot('a screenshot after the new interval, not after the old one of 5 minutes')
  await changeSetting(options, 'blur_screenshots', false)
  const { screenshot_interval, blur_screenshots } = await tap.settings()
  assert.deepEqual(
    { screenshot_interval, blur_screenshots },
    { screenshot_interval: 5, blur_screenshots: false },
  )
  await nextScreenshot('a screenshot after blur was switched off')
}

function assertPicturesMatchRecords({ records, pictures }: OpenedObjects): void {
  const shots = records.filter(record => record.kind === 'screenshot')
  assert.equal(shots.at(0)?.blurred, true)
  assert.equal(shots.at(-1)?.blurred, false)
  assert.equal(pictures.size, shots.length)
  for (const { object } of shots) {
    const picture = [...pictures].find(([path]) => path.endsWith(object))?.[1]
    assert.ok(picture && isPicture(picture), `${object} is a picture`)
  }
}
