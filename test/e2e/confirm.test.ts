import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pictureArtefact } from '../support/artefacts.ts'
import { attributeOf, changeSetting, photograph, press, stateShown, textOf } from '../support/page-parts.ts'
import { startScenario, untilStatus } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'

test('on a desktop without notifications, Start and weaker settings wait for the terminal, and the pages say so', async () => {
  await using stage = await startScenario({ without: 'notifications' })
  const browser = await stage.launch('chromium')
  const tap = await stage.tap()
  const allow = async () => {
    const { confirmation } = await untilStatus(tap, 'a question', status => status.confirmation !== null)
    const told = await stage.cli('confirm', confirmation?.code ?? '', '--yes')
    assert.equal(told.exit, 0, told.stderr)
  }
  const noted = (page: typeof browser.welcome) =>
    page.evaluate(() => document.querySelector('[data-code="CONFIRMATION_WAITS"]')?.textContent ?? undefined)

  await press(browser.welcome, 'start')
  assert.match(
    await waitFor('the welcome page to say what waits', () => noted(browser.welcome)),
    /This needs your answer on this computer.*activity-tracker confirm [2-9A-Z]{4}/,
  )
  await photograph(browser.welcome, await pictureArtefact('chromium/welcome-waits'), 1000)
  await allow()
  await waitFor('it to have begun', async () => (await textOf(browser.welcome, 'started')) !== undefined)

  const options = await browser.open('options')
  await changeSetting(options, 'hold_screenshots', 120)
  await press(options, 'setting-blur_screenshots')
  await waitFor('the options page to say what waits', () => noted(options))
  assert.equal((await tap.settings()).blur_screenshots, true)
  assert.equal(
    await options.$eval('[data-testid="setting-blur_screenshots"]', box => (box as HTMLInputElement).checked),
    true,
    'the old value is shown',
  )
  await photograph(options, await pictureArtefact('chromium/options-waits'), 1100)
  await allow()
  await waitFor('the new value', async () => (await tap.settings()).blur_screenshots === false)
  await waitFor('the note to go', async () => (await noted(options)) === undefined)

  const popup = await browser.open('popup')
  await stateShown(popup, 'tracking')
  await press(popup, 'screenshot-now')
  await press(popup, 'held-unlock')
  await waitFor('the popup to say what waits', () => attributeOf(popup, 'confirmation', 'data-code'))
  await allow()
  await waitFor('it to be unlocked', async () => (await textOf(popup, 'held-show')) !== undefined)
})
