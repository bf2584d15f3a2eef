import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'puppeteer-core'
import { stateShown } from '../support/page-parts.ts'
import { type Stage, startScenario, startTracking, untilStatus } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'
import { titlesOn } from '../support/window-titles.ts'

const title = 'Ärger & Grüße'

test('firefox: with blur off a titled page is sharp, and beside a private window every place says why it is not', async t => {
  await using stage = await startScenario({ width: 1280, height: 800 })
  const browser = await stage.launch('firefox', { window: 'on-display' })
  const tap = await stage.tap()
  for (const [setting, value] of [
    ['blur_screenshots', 'false'],
    ['screenshot_interval', '3600'],
  ] as const)
    assert.equal((await stage.cli('settings', 'set', setting, value)).exit, 0)
  await startTracking(stage, browser)
  const file = join(stage.home.root, 'titled.html')
  await writeFile(file, `<meta charset="utf-8"><title>${title}</title>`)
  await browser.visit(`file://${file}`)
  await windowTitled(stage, `${title} — Mozilla Firefox`)

  const takeOne = async () => {
    const before = (await tap.status()).screenshots.held.length
    const said = await stage.cli('screenshot')
    assert.equal(said.exit, 0, said.stderr)
    const { screenshots } = await untilStatus(
      tap,
      'a held screenshot',
      status => status.screenshots.held.length > before,
    )
    return { said: said.stdout, blurred: screenshots.held[0]?.blurred, reasons: screenshots.blurred }
  }

  await t.test('the titled page is sharp, and nothing is said', async () => {
    assert.deepEqual(await takeOne(), {
      said: 'A screenshot was taken and encrypted.\n',
      blurred: false,
      reasons: [],
    })
  })

  await t.test('beside a private window it is blurred, and the command says why', async () => {
    await using _ = await privateWindow(stage, file)
    await windowTitled(stage, `${title} — Mozilla Firefox Private Browsing`)
    const { said, blurred, reasons } = await takeOne()
    assert.deepEqual([blurred, reasons], [true, [{ display: 1, reason: 'private-window' }]])
    assert.match(
      said,
      /The last screenshot is blurred: a private window of a browser was open\.\n {2}→ Close/,
    )
    assert.ok(!said.includes(title))
  })

  await t.test('so do the popup, and the options page in its status and beside the switch', async () => {
    const popup = await browser.open('popup')
    await stateShown(popup, 'tracking')
    const options = await browser.open('options')
    for (const [page, places] of [
      [popup, 1],
      [options, 2],
    ] as const)
      await waitFor('the reason', async () => (await reasonsOn(page)).length === places, {
        seen: () => reasonsOn(page),
      })
    const words = 'The last screenshot is blurred: a private window of a browser was open.'
    assert.deepEqual([await reasonsOn(popup), await reasonsOn(options)], [[words], [words, words]])
    assert.ok(await options.evaluate(standsBesideTheSwitch))
  })

  await t.test('when it has gone, sharp again and nothing is said any more', async () => {
    await windowTitled(stage, 'Private Browsing', 'gone')
    const { blurred, reasons } = await takeOne()
    assert.deepEqual([blurred, reasons], [false, []])
  })
})

function reasonsOn(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    Array.from(
      document.querySelectorAll('[data-testid="blur-note"] summary'),
      element => element.textContent ?? '',
    ),
  )
}

/** Runs inside the page. */
function standsBesideTheSwitch(): boolean {
  const control = document.querySelector('[data-testid="setting-blur_screenshots"]')
  return Boolean(control?.closest('.setting-field')?.querySelector('[data-testid="blur-note"]'))
}

async function privateWindow({ env, home }: Stage, file: string) {
  const profile = join(home.root, 'private-profile')
  await mkdir(profile, { recursive: true })
  const words = ['--profile', profile, '--no-remote', '--private-window', `file://${file}`]
  const firefox = spawn('firefox-esr', words, { env, stdio: 'ignore' })
  return {
    async [Symbol.asyncDispose]() {
      const gone = once(firefox, 'exit')
      firefox.kill()
      await gone
    },
  }
}

async function windowTitled(
  { env }: Stage,
  words: string,
  wanted: 'shown' | 'gone' = 'shown',
): Promise<void> {
  await waitFor(
    `a window titled ${words} to be ${wanted}`,
    async () => (await titlesOn(env)).some(text => text.includes(words)) === (wanted === 'shown'),
    { withinMs: 40_000, seen: () => titlesOn(env) },
  )
}
