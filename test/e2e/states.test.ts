import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserNames } from '../support/browsers.ts'
import { someKeycode } from '../support/hardware-input.ts'
import { press, stateShown } from '../support/page-parts.ts'
import { installHostOf, type Stage, setStage, untilStatus } from '../support/stage.ts'
import { waitFor } from '../support/wait-for.ts'

const quarterOfAnHour = 15 * 60_000

for (const name of browserNames) {
  test(`${name}, host missing: the pages say what to run, and see it when it was run`, {
    timeout: 45_000,
  }, async () => {
    await using stage = await setStage({ without: 'host' })
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

  test(`${name}: pause and resume from the popup`, { timeout: 45_000 }, async t => {
    await using stage = await setStage()
    const browser = await stage.launch(name)
    await press(browser.welcome, 'start')
    const popup = await browser.open('popup')
    const tap = await stage.tap()
    const counting = () => untilStatus(tap, 'input to be counted', ({ input }) => input.state === 'counting')
    await counting()

    await t.test('while paused nothing is counted and nothing listens', async () => {
      await press(popup, 'pause')
      await press(popup, 'pause-open')
      await stateShown(popup, 'paused')
      await untilStatus(tap, 'the hook to be off', ({ input }) => input.state === 'off')
      await waitFor('the input hook to end', async () => (await stage.processes('input-hook')).length === 0)
      await typeKeys(stage, 30)
      await press(popup, 'resume')
      await stateShown(popup, 'tracking')
      await counting()
      await typeKeys(stage, 3)
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
  })

  test(`${name}, no display: the agent lives and says why it counts nothing`, {
    timeout: 45_000,
  }, async () => {
    await using stage = await setStage({ without: 'display' })
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

async function typeKeys({ input }: Stage, count: number): Promise<void> {
  for (let press = 0; press < count; press++) input.pressKey(someKeycode)
  await input.flush()
}
