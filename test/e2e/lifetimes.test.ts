import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserNames } from '../support/browsers.ts'
import { someKeycode } from '../support/hardware-input.ts'
import { brokenLinks, openWithAge, sumOfIntervals } from '../support/opened-objects.ts'
import { changeSetting, countsShown, press, stateShown } from '../support/page-parts.ts'
import { endProcess, isAlive } from '../support/processes.ts'
import { type Stage, setStage, untilStatus } from '../support/stage.ts'
import { filesBelow } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'

const endings = {
  closed: browser => browser.close(),
  killed: async browser => browser.kill(),
} as const satisfies Record<string, (browser: Awaited<ReturnType<Stage['launch']>>) => Promise<void>>

for (const name of browserNames) {
  for (const [how, end] of Object.entries(endings))
    test(`${name} ${how}: the agent saves everything, delivers it and ends`, {
      timeout: 60_000,
    }, async () => {
      await using stage = await setStage()
      const browser = await stage.launch(name)
      await press(browser.welcome, 'start')
      using tap = await stage.tap()
      await untilStatus(tap, 'input to be counted', ({ input }) => input.state === 'counting')
      await typeKeys(stage, 77)
      await untilStatus(tap, '77 keys', ({ today }) => today.keys === 77)
      tap[Symbol.dispose]()

      await end(browser)
      await waitFor('the agent and its children to end', async () => (await ourProcesses(stage)) === 0, {
        withinMs: 20_000,
      })

      const { delivered, identity, outbox } = stage.home.places
      const opened = await openWithAge(delivered, identity)
      assert.equal(sumOfIntervals(opened.records).keys, 77)
      assert.deepEqual(brokenLinks(opened), [])
      const last = opened.records.at(-1)
      assert.equal(last?.kind === 'agent.ended' && last.reason, 'last-browser-left')
      assert.deepEqual([...(await filesBelow(outbox)).keys()], [])
    })

  test(`${name}: the agent is killed, and another takes over within 2 s`, { timeout: 60_000 }, async t => {
    await using stage = await setStage()
    const browser = await stage.launch(name)
    await press(browser.welcome, 'start')
    const popup = await browser.open('popup')
    const tap = await stage.tap()
    await untilStatus(tap, 'input to be counted', ({ input }) => input.state === 'counting')
    await typeKeys(stage, 50)
    const counted = await untilStatus(tap, '50 keys', ({ today }) => today.keys === 50)
    // Saved, not only counted: what is not accepted yet may be lost with the process.
    const saved = await untilStatus(
      tap,
      'the 50 keys to be saved',
      ({ last_saved, at }) => last_saved !== null && at > counted.at && last_saved > counted.at,
    )

    const since = performance.now()
    endProcess(saved.agent.pid, 'SIGKILL')
    const heir = await waitFor(
      'another agent that tracks',
      async () => {
        using other = await stage.tap()
        const { agent, state } = await other.status()
        return agent.pid !== saved.agent.pid && state.kind === 'tracking' && agent
      },
      { withinMs: 8000, everyMs: 20 },
    )
    const tookMs = performance.now() - since
    t.diagnostic(`took over after ${Math.round(tookMs)} ms`)
    assert.ok(tookMs < 2000, `took over after ${Math.round(tookMs)} ms`)
    assert.equal(isAlive(heir.pid), true)

    await stateShown(popup, 'tracking')
    const fresh = await stage.tap()
    await untilStatus(fresh, 'input to be counted again', ({ input }) => input.state === 'counting')
    await typeKeys(stage, 5)
    await waitFor(
      'the popup to go on counting where it was',
      async () => (await countsShown(popup)).keys === 55,
      {
        seen: () => countsShown(popup),
      },
    )
    assert.equal((await stage.processes('agent')).length, 1)
    assert.equal((await stage.processes('input-hook')).length, 1)

    fresh[Symbol.dispose]()
    await browser.close()
    await waitFor('the agent to end', async () => (await ourProcesses(stage)) === 0, { withinMs: 20_000 })
    const opened = await openWithAge(stage.home.places.delivered, stage.home.places.identity)
    assert.equal(sumOfIntervals(opened.records).keys, 55)
    assert.deepEqual(brokenLinks(opened), [])
    const starts = opened.records.filter(record => record.kind === 'agent.started')
    assert.equal(starts.at(-1)?.previous_end, 'killed')
  })
}

test('with keep_tracking the agent goes on without a browser, and the next browser finds it', {
  timeout: 60_000,
}, async () => {
  await using stage = await setStage()
  const chromium = await stage.launch('chromium')
  await press(chromium.welcome, 'start')
  await changeSetting(await chromium.open('options'), 'keep_tracking', true)
  const tap = await stage.tap()
  const { agent } = await untilStatus(tap, 'input to be counted', ({ input }) => input.state === 'counting')

  await chromium.close()
  await waitFor('the bridge to end', async () => (await stage.processes('bridge')).length === 0)
  await typeKeys(stage, 9)
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

async function typeKeys({ input }: Stage, count: number): Promise<void> {
  for (let press = 0; press < count; press++) input.pressKey(someKeycode)
  await input.flush()
}

async function ourProcesses(stage: Stage): Promise<number> {
  const all = await Promise.all((['agent', 'bridge', 'input-hook'] as const).map(stage.processes))
  return all.flat().length
}
