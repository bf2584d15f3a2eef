import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserNames } from '../support/browsers.ts'
import { pressKeys } from '../support/hardware-input.ts'
import { brokenLinks, openWithAge, sumOfIntervals } from '../support/opened-objects.ts'
import { changeSetting, countsShown, stateShown } from '../support/page-parts.ts'
import { countProcesses, type Stage, startScenario, startTracking, untilStatus } from '../support/scenario.ts'
import { filesBelow } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'

const endings = {
  closed: browser => browser.close(),
  killed: async browser => browser.kill(),
} as const satisfies Record<string, (browser: Awaited<ReturnType<Stage['launch']>>) => Promise<void>>

for (const name of browserNames) {
  for (const [how, end] of Object.entries(endings))
    test(`${name} ${how}: the agent saves everything, delivers it and ends`, async () => {
      await using stage = await startScenario()
      const browser = await stage.launch(name)
      using tap = await startTracking(stage, browser)
      await pressKeys(stage.input, 77)
      await untilStatus(tap, '77 keys', ({ today }) => today.keys === 77)
      tap[Symbol.dispose]()

      await end(browser)
      await waitFor('the agent and its children to end', async () => (await countProcesses(stage)) === 0)

      const { delivered, identity, outbox } = stage.home.places
      const opened = await openWithAge(delivered, identity)
      assert.equal(sumOfIntervals(opened.records).keys, 77)
      assert.deepEqual(brokenLinks(opened), [])
      const last = opened.records.at(-1)
      assert.equal(last?.kind === 'agent.ended' && last.reason, 'last-browser-left')
      assert.deepEqual([...(await filesBelow(outbox)).keys()], [])
    })
}

test('with keep_tracking the agent goes on without a browser, and the next browser finds it', async () => {
  await using stage = await startScenario()
  const chromium = await stage.launch('chromium')
  const tap = await startTracking(stage, chromium)
  await changeSetting(await chromium.open('options'), 'keep_tracking', true)
  const { agent } = await tap.status()

  await chromium.close()
  await waitFor('the bridge to end', async () => (await stage.processes('bridge')).length === 0)
  await pressKeys(stage.input, 9)
  await untilStatus(tap, '9 keys without a browser', ({ today }) => today.keys === 9)
  // Longer than an agent waits for the next browser when it does not keep tracking.
  await new Promise(resolve => setTimeout(resolve, 8000))
  assert.equal((await tap.status()).agent.pid, agent.pid)

  const firefox = await stage.launch('firefox')
  const popup = await firefox.open('popup')
  await stateShown(popup, 'tracking')
  assert.equal((await countsShown(popup)).keys, 9)
  assert.deepEqual(
    (await stage.processes('agent')).map(({ pid }) => pid),
    [agent.pid],
  )
})
