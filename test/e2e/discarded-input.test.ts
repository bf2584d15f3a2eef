import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { msToIntervalEnd } from '../../native-host/activity/interval-grid.ts'
import { openWithAge, sumOfIntervals } from '../support/opened-objects.ts'
import { changeSetting, countsShown, press } from '../support/page-parts.ts'
import { endProcess } from '../support/processes.ts'
import { startScenario, startTracking, untilStatus } from '../support/scenario.ts'
import { repeat, xdotool } from '../support/scripts.ts'
import { waitFor } from '../support/wait-for.ts'

test('discarded: what a script did is taken out of today from its beginning, and "This was me" brings it back', async () => {
  await using stage = await startScenario()
  const browser = await stage.launch('chromium')
  const tap = await startTracking(stage, browser)
  const popup = await browser.open('popup')
  const options = await browser.open('options')
  await changeSetting(options, 'scripted_input', 'discard')
  const shown = (what: string, keys: number, clicks: number) =>
    waitFor(what, async () => isDeepStrictEqual(await countsShown(popup), { keys, clicks }), {
      seen: () => countsShown(popup),
    })
  stage.input.typeText('hello')
  await stage.input.flush()
  await shown('what a person typed', 5, 0)
  // The interval in which the script begins is taken out with it, so the one of the person has to be over.
  await nextInterval()

  const ending = new AbortController()
  let clicks = 0
  // At first so slowly that it cannot be noticed in the interval in which it begins.
  let restMs: [least: number, most: number] = [2000, 2600]
  const running = repeat(ending.signal, async () => {
    await xdotool(stage, 'mousemove', randomInt(0, 1600), randomInt(0, 900), 'click', 1)
    clicks++
    await sleep(randomInt(...restMs))
  })
  try {
    await waitFor('its clicks to count', async () => (await countsShown(popup)).clicks > 1)
    await nextInterval()
    assert.equal((await tap.status()).flagged, null, 'it is not noticed yet')
    restMs = [200, 500]
    await untilStatus(tap, 'it to be noticed', ({ flagged }) => flagged !== null, 60_000)
  } finally {
    ending.abort()
    await running
  }
  await shown('only what the person did', 5, 0)
  const { agent } = await tap.status()
  tap[Symbol.dispose]()
  endProcess(agent.pid, 'SIGKILL')
  await waitFor('another agent that still knows of it', async () => {
    using other = await stage.tap()
    const status = await other.status()
    return status.agent.pid !== agent.pid && status.state.kind === 'tracking' && status.flagged !== null
  })
  await shown('the same after the agent was killed', 5, 0)
  await press(options, 'withdraw-verdict')
  await shown('all of it', 5, clicks)

  tap[Symbol.dispose]()
  await browser.close()
  await waitFor('the agent to end', async () => (await stage.processes('agent')).length === 0)
  const { delivered, identity } = stage.home.places
  assert.equal((await stage.cli('verify', delivered, '--identity', identity)).exit, 0)
  const { records } = await openWithAge(delivered, identity)
  const takenOut = records
    .flatMap(record => (record.kind === 'verdict.extended' ? record.minutes : []))
    .reduce((sum, minute) => sum + minute.clicks, 0)
  assert.ok(takenOut > 0)
  assert.deepEqual(sumOfIntervals(records), { keys: 5, clicks: takenOut }, 'the records say the same')
  assert.equal(records.filter(({ kind }) => kind === 'verdict.withdrawn').length, 1)
})

/** Until the next interval has begun. To store the one before it takes a moment. */
function nextInterval(): Promise<void> {
  return sleep(msToIntervalEnd(Date.now()) + 500)
}
