import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import type { Page } from 'puppeteer-core'
import { pictureArtefact } from '../support/artefacts.ts'
import { browserNames } from '../support/browsers.ts'
import { photograph, press, stateShown, textOf } from '../support/page-parts.ts'
import { startScenario, startTracking } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'

const stateOf = (page: Page, step: string) =>
  page.evaluate(name => document.querySelector(`[data-step="${name}"]`)?.getAttribute('data-state'), step)
const reaches = (page: Page, step: string, state: string) =>
  waitFor(`${step} to be ${state}`, async () => (await stateOf(page, step)) === state)
/** What a screen reader is given to say. */
const announced = (page: Page) =>
  page.evaluate(() => document.querySelector('.connection-test [role="status"]')?.textContent)

for (const name of browserNames)
  test(`${name}: the connection is tested step by step, and the popup leads there`, async () => {
    // Takes each request, and says nothing until the test makes it hang up.
    const sockets = new Set<Socket>()
    const asked = new Set<Socket>()
    await using server = createServer(socket => {
      sockets.add(socket)
      socket.on('error', () => undefined).on('data', () => asked.add(socket))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const hangUpWhenAsked = async () => {
      await waitFor('a request', () => asked.size > 0)
      for (const socket of sockets) socket.resetAndDestroy()
      sockets.clear()
      asked.clear()
    }

    await using stage = await startScenario()
    await mkdir(stage.home.places.home, { recursive: true, mode: 0o700 })
    const keys = 'aws_access_key_id=ID\naws_secret_access_key=of-nobody\n'
    await writeFile(stage.home.places.credentials, `[activity-tracker]\n${keys}`, { mode: 0o600 })
    const browser = await stage.launch(name)
    await startTracking(stage, browser)
    const options = await browser.open('options')

    // The tracker's own folder.
    await press(options, 'test-connection')
    await waitFor('the verdict', () => textOf(options, 'connection-works'))
    assert.equal(await stateOf(options, 'folder'), 'ok')

    // A bucket behind a server that is silent, and then hangs up.
    await stage.cli('settings', 'set', 'bucket_name', 'records')
    await stage.cli('settings', 'set', 'endpoint', `http://127.0.0.1:${port}`)
    await press(options, 'test-connection')
    await reaches(options, 'http', 'running')
    assert.equal(await stateOf(options, 'tcp'), 'ok')
    assert.equal(await stateOf(options, 's3'), 'waiting')
    assert.equal(await announced(options), 'Connection: OK.')
    await hangUpWhenAsked()
    await reaches(options, 'http', 'wrong')
    assert.equal(await stateOf(options, 's3'), 'not-tried')
    assert.match(
      (await announced(options)) ?? '',
      /^The test has ended\. The connection to the storage server was cut off/,
    )
    await photograph(options, await pictureArtefact(`${name}/options-connection-test`), 1100)

    // From the popup, whose delivery fails for the same reason, to the test.
    await stage.cli('settings', 'set', 'hold_screenshots', '0')
    const popup = await browser.open('popup')
    await press(popup, 'screenshot-now')
    await hangUpWhenAsked()
    await stateShown(popup, 'waiting')
    assert.equal(
      await popup.evaluate(() => document.querySelector('.problem-note')?.getAttribute('data-code')),
      'CONNECTION_CUT',
    )
    assert.equal(await textOf(popup, 'find-out'), 'Test connection')
  })
