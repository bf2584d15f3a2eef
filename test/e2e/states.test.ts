import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'puppeteer-core'
import { browserNames } from '../support/browsers.ts'
import { pressKeys } from '../support/hardware-input.ts'
import { attributeOf, press, stateShown, textOf } from '../support/page-parts.ts'
import { endProcess } from '../support/processes.ts'
import {
  installHostOf,
  startScenario,
  startTracking,
  untilCounting,
  untilStatus,
} from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'

const quarterOfAnHour = 15 * 60_000

for (const name of browserNames) {
  test(`${name}, host missing: the pages say what to run, and see it when it was run`, async () => {
    await using stage = await startScenario({ without: 'host' })
    const browser = await stage.launch(name)
    const popup = await browser.open('popup')
    for (const page of [browser.welcome, popup]) {
      await stateShown(page, 'host-missing')
      const text = await page.evaluate(() => document.body.textContent ?? '')
      assert.match(text, /activity-tracker install/)
    }
    await installHostOf(stage)
    await press(popup, 'check-again')
    for (const page of [browser.welcome, popup]) await stateShown(page, 'consent-needed')
  })

  test(`${name}: pause and resume from the popup`, async t => {
    await using stage = await startScenario()
    const browser = await stage.launch(name)
    const tap = await startTracking(stage, browser)
    const popup = await browser.open('popup')

    await t.test('while paused nothing is counted and nothing listens', async () => {
      await press(popup, 'pause')
      await press(popup, 'pause-open')
      await stateShown(popup, 'paused')
      await untilStatus(tap, 'the hook to be off', ({ input }) => input.state === 'off')
      await waitFor('the input hook to end', async () => (await stage.processes('input-hook')).length === 0)
      await pressKeys(stage.input, 30)
      // What is shorter than two seconds is no block in the lanes.
      await new Promise(resolve => setTimeout(resolve, 2000))
      await press(popup, 'resume')
      await stateShown(popup, 'tracking')
      await untilCounting(tap)
      await pressKeys(stage.input, 3)
      await untilStatus(tap, '3 keys and no more', ({ today }) => today.keys === 3)
    })

    await t.test('a timed pause says when it ends', async () => {
      await press(popup, 'pause')
      await press(popup, 'pause-15m')
      const { state } = await untilStatus(tap, 'a pause', status => status.state.kind === 'paused')
      const left = state.kind === 'paused' && state.until ? Date.parse(state.until) - Date.now() : 0
      assert.ok(Math.abs(left - quarterOfAnHour) < 60_000, `${left} ms are left of 15 minutes`)
      await press(popup, 'resume')
      await stateShown(popup, 'tracking')
    })

    await t.test('a screenshot is taken when asked for', async () => {
      const { last } = (await tap.status()).screenshots
      await press(popup, 'screenshot-now')
      await untilStatus(tap, 'a screenshot', ({ screenshots }) => screenshots.last !== last)
    })

    await t.test('the next screenshot is skipped when asked for', async () => {
      const { next } = (await tap.status()).screenshots
      await press(popup, 'skip-screenshot')
      const { screenshots } = await untilStatus(
        tap,
        'a later one',
        status => status.screenshots.next !== next,
      )
      assert.ok(next && screenshots.next && screenshots.next > next, `${next}, then ${screenshots.next}`)
      await waitFor(
        'the popup to say so',
        async () => (await attributeOf(popup, 'next-screenshot', 'data-value')) === screenshots.next,
      )
    })

    await t.test('the lanes of the day show the pauses, and by whom', async () => {
      const options = await browser.open('options')
      const spans = () => blocksOf(options)
      await waitFor('an active block', async () => (await spans()).some(span => span.startsWith('Active, ')))
      assert.match((await spans()).join('\n'), new RegExp(`Paused, .*: Paused by ${name}`, 'i'))
      await options.focus('[data-testid="day-lanes"] button[tabindex="0"]')
      await options.keyboard.press('End')
      await waitFor('the details', async () => /\d/.test((await textOf(options, 'lane-detail')) ?? ''))
      const rows = await options.evaluate(
        () => document.querySelectorAll('[data-testid="day-spans"] tbody tr').length,
      )
      assert.equal(rows, (await spans()).length)
    })

    await t.test('a tracker that was killed is a gap, and what was before is still there', async () => {
      // What is lost is what was not stored yet, and a second of it would be no gap that a user looks for.
      const { agent } = await untilStatus(
        tap,
        'some seconds that are not stored',
        ({ last_saved: saved }) => saved !== null && Date.now() - Date.parse(saved) > 3000,
      )
      endProcess(agent.pid, 'SIGKILL')
      const options = await browser.open('options')
      const spans = await waitFor('the gap', async () => {
        const seen = await blocksOf(options)
        return seen.some(span => span.includes('The tracker was forced to stop')) ? seen : undefined
      })
      assert.match(spans.join('\n'), new RegExp(`Paused by ${name}`, 'i'))
    })
  })

  test(`${name}, no display: the agent lives and says why it counts nothing`, async () => {
    await using stage = await startScenario({ without: 'display' })
    const browser = await stage.launch(name)
    await press(browser.welcome, 'start')
    const popup = await browser.open('popup')
    await stateShown(popup, 'blocked')
    const tap = await stage.tap()
    const { state, agent } = await untilStatus(
      tap,
      'a blocked state',
      status => status.state.kind === 'blocked',
    )
    assert.equal(state.kind === 'blocked' && state.problem.code, 'INPUT_NO_DISPLAY')
    await new Promise(resolve => setTimeout(resolve, 3000))
    assert.equal((await tap.status()).agent.pid, agent.pid)
    assert.equal((await stage.processes('agent'))[0]?.pid, agent.pid)
    await stateShown(popup, 'blocked')
  })
}

/** What a screen reader says of each block. */
function blocksOf(options: Page): Promise<string[]> {
  return options.evaluate(() =>
    [...document.querySelectorAll('[data-testid="day-lanes"] .track button')].map(
      block => block.getAttribute('aria-label') ?? '',
    ),
  )
}
