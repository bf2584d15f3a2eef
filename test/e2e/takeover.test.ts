import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserNames } from '../support/browsers.ts'
import { pressKeys } from '../support/hardware-input.ts'
import { brokenLinks, openWithAge, sumOfIntervals } from '../support/opened-objects.ts'
import { assertWithin } from '../support/pace.ts'
import { countsShown, stateShown } from '../support/page-parts.ts'
import { endProcess, isAlive } from '../support/processes.ts'
import {
  countProcesses,
  startScenario,
  startTracking,
  untilCounting,
  untilStatus,
} from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'

/** In a file of its own, as it runs alone: how soon it is depends on what else the computer does. */
for (const name of browserNames) {
  test(`${name}: the agent is killed, and another takes over within 2 s`, async t => {
    await using stage = await startScenario()
    const browser = await stage.launch(name)
    const tap = await startTracking(stage, browser)
    const popup = await browser.open('popup')
    await pressKeys(stage.input, 50)
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
      { everyMs: 20 },
    )
    const tookMs = performance.now() - since
    t.diagnostic(`took over after ${Math.round(tookMs)} ms`)
    await assertWithin(2000, tookMs)
    assert.equal(isAlive(heir.pid), true)

    await stateShown(popup, 'tracking')
    const fresh = await stage.tap()
    await untilCounting(fresh)
    await pressKeys(stage.input, 5)
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
    await waitFor('the agent to end', async () => (await countProcesses(stage)) === 0)
    const opened = await openWithAge(stage.home.places.delivered, stage.home.places.identity)
    assert.equal(sumOfIntervals(opened.records).keys, 55)
    assert.deepEqual(brokenLinks(opened), [])
    const starts = opened.records.filter(record => record.kind === 'agent.started')
    assert.equal(starts.at(-1)?.previous_end, 'killed')
  })
}
