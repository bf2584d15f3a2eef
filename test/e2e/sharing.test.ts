import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pressKeys } from '../support/hardware-input.ts'
import { attributeOf, countsShown, press, stateShown } from '../support/page-parts.ts'
import { startScenario, startTracking } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'

test('two browsers at once share one agent', async t => {
  await using stage = await startScenario({ width: 1280, height: 800 })
  const [chromium, firefox] = await Promise.all([stage.launch('chromium'), stage.launch('firefox')])
  const tap = await startTracking(stage, chromium)
  const popups = [await chromium.open('popup'), await firefox.open('popup')] as const
  const both = async (what: string, accept: (popup: (typeof popups)[number]) => Promise<boolean>) => {
    for (const popup of popups) await waitFor(what, () => accept(popup))
  }

  await t.test('consent given in one counts for the other', () =>
    both('tracking', async popup => (await attributeOf(popup, 'state', 'data-state')) === 'tracking'),
  )

  await t.test('there is one agent with one input hook, however many browsers', async () => {
    const [agents, hooks] = [await stage.processes('agent'), await stage.processes('input-hook')]
    assert.deepEqual([agents.length, hooks.length], [1, 1])
    assert.equal((await tap.status()).agent.pid, agents[0]?.pid)
    assert.equal((await stage.processes('bridge')).length, 2)
  })

  await t.test('both show the same counts', async () => {
    await pressKeys(stage.input, 60)
    for (let click = 0; click < 7; click++) stage.input.click()
    await stage.input.flush()
    await both('60 keys and 7 clicks', async popup => {
      const { keys, clicks } = await countsShown(popup)
      return keys === 60 && clicks === 7
    })
  })

  await t.test('a pause in one shows in the other, and the other can end it', async () => {
    await press(popups[0], 'pause')
    await press(popups[0], 'pause-open')
    await stateShown(popups[1], 'paused')
    await waitFor('the input hook to end', async () => (await stage.processes('input-hook')).length === 0)
    await press(popups[1], 'resume')
    await stateShown(popups[0], 'tracking')
  })
})
