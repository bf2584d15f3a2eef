import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Page } from 'puppeteer-core'
import type { AgentMessage } from '../../protocol/messages.ts'
import { helloOfTest, openAgentSocket } from '../support/agent-tap.ts'
import { pictureArtefact } from '../support/artefacts.ts'
import type { BrowserName } from '../support/browsers.ts'
import { attributeOf, photograph, press, stateShown, textOf } from '../support/page-parts.ts'
import { type Stage, startScenario, startTracking, untilStatus } from '../support/scenario.ts'
import { filesBelow } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'

const rows: [name: BrowserName, theme: 'light' | 'dark'][] = [
  ['chromium', 'light'],
  ['firefox', 'dark'],
]
for (const [name, theme] of rows)
  test(`${name}: a day is opened after a yes outside the browser, looked at, and stored nowhere`, async t => {
    await using stage = await startScenario({ width: 1280, height: 800 })
    const browser = await stage.launch(name, { theme })
    const tap = await stage.tap()
    const change = async (setting: string, value: unknown) =>
      assert.equal((await tap.ask({ type: 'change-setting', name: setting, value })).type, 'done')
    const take = async () => assert.equal((await tap.ask({ type: 'screenshot-now' })).type, 'done')
    await change('hold_screenshots', 0)
    await change('blur_screenshots', false)
    await change('screenshot_interval', 3600)
    await startTracking(stage, browser)
    for (const count of [1, 2]) {
      await take()
      await untilStatus(tap, `${count} delivered`, ({ queue }) => queue.delivered >= count)
    }
    await change('hold_screenshots', 600)
    await take()
    const { today } = await untilStatus(tap, 'one held', ({ screenshots }) => screenshots.held.length === 1)
    const options = await browser.open('options')
    await stateShown(options, 'tracking')

    await t.test('before the person allows it, the page has nothing and says what waits', async () => {
      await press(options, 'open-day')
      await waitFor('the page to say what waits', () => attributeOf(options, 'confirmation', 'data-code'))
      await photographDay(options, await pictureArtefact(`${name}/options-day-waits-${theme}`), 1100)
      assert.equal(await textOf(options, 'opened-gallery'), undefined)
      const { confirmation } = await tap.status()
      assert.deepEqual([confirmation?.kind, confirmation?.by], ['opened', name])
      assert.equal((await stage.cli('confirm', confirmation?.code ?? '', '--no')).exit, 0)
      await waitFor('the page to say so', async () =>
        /Not allowed/.test((await textOf(options, 'opened-said')) ?? ''),
      )
    })

    await t.test('allowed, the day opens by itself: all its screenshots, by the hour', async () => {
      await press(options, 'open-day')
      await waitFor('the question', () => attributeOf(options, 'confirmation', 'data-code'))
      const { confirmation } = await tap.status()
      assert.equal((await stage.cli('confirm', confirmation?.code ?? '', '--yes')).exit, 0)
      await waitFor(
        'it to be open',
        async () => (await attributeOf(options, 'opened', 'data-state')) === 'open',
      )
      await options.evaluate(() => document.querySelector('[data-testid="opened-gallery"]')?.scrollIntoView())
      await waitFor('three pictures', () =>
        options.evaluate(() => document.querySelectorAll('[data-testid="opened-shot"] canvas').length === 3),
      )
      await waitFor('them to be drawn', () => options.evaluate(isDrawn, '[data-testid="opened-shot"] canvas'))
      assert.ok(await textOf(options, 'day-picture'))
      for (const width of [1100, 360])
        await photographDay(
          options,
          await pictureArtefact(`${name}/options-day-open-${theme}-${width}`),
          width,
        )
      await options.setViewport({ width: 1100, height: 800 })
    })

    await t.test('one is looked at, and the next, by the keyboard', async () => {
      await options.evaluate(() =>
        document.querySelector<HTMLElement>('[data-testid="opened-shot"] button')?.focus(),
      )
      await options.keyboard.press('ArrowRight')
      await options.keyboard.press('Enter')
      await waitFor('it to be large', () => options.evaluate(isDrawn, 'dialog[open] canvas'))
      const shown = () => options.evaluate(() => document.querySelector('dialog[open] p')?.textContent)
      await options.keyboard.press('ArrowRight')
      await waitFor('the next', () =>
        options.evaluate(
          () => document.querySelector('[data-testid="opened-after"]')?.ariaDisabled === 'true',
        ),
      )
      await waitFor('it to be drawn', () => options.evaluate(isDrawn, 'dialog[open] canvas'))
      assert.ok(await shown())
      await options.screenshot({ path: await pictureArtefact(`${name}/options-day-large-${theme}`) })
      await options.keyboard.press('Escape')
      await waitFor('the dialog to close', () =>
        options.evaluate(() => document.querySelector('dialog') === null),
      )
      const focused = await options.evaluate(() => {
        const all = [...document.querySelectorAll('[data-testid="opened-shot"] button')]
        return all.indexOf(document.activeElement ?? document.body)
      })
      assert.equal(focused, 2)
    })

    await t.test('axe finds nothing', async () => assert.deepEqual(await findWithAxe(options, '.day'), []))

    await t.test('the browser has kept none of it', async () => {
      const parts = await whatIsOpened(stage, today.date)
      const needles = parts.flatMap(bytes => [
        bytes.subarray(60, 92),
        Buffer.from(bytes.toString('base64').slice(80, 112)),
      ])
      assert.equal(parts.length, 6)
      assert.deepEqual(await options.evaluate(whatIsStored), {
        caches: [],
        databases: ['history'],
        keys: ['settings', 'status'],
        local: 0,
        session: 0,
        state: null,
      })
      const found = [...(await filesBelow(stage.home.root))].filter(([, file]) =>
        needles.some(needle => file.includes(needle)),
      )
      assert.deepEqual(
        found.map(([path]) => path),
        [],
      )
    })

    await t.test('the week in figures', async () => {
      await press(options, 'open-week')
      await waitFor('the table', () => textOf(options, 'opened-week'))
      assert.equal(await textOf(options, 'opened-gallery'), undefined)
      await photographDay(options, await pictureArtefact(`${name}/options-week-${theme}`), 1100)
      await press(options, 'close-opened')
      await waitFor('it to be gone', async () => (await textOf(options, 'opened-week')) === undefined)
    })

    await t.test('all about the person is exported while the tracker runs', async () => {
      const to = join(stage.home.root, 'about me')
      const { exit, stderr } = await stage.cli('export', '--to', to)
      assert.equal(exit, 0, stderr)
      const pictures = [...(await filesBelow(to)).keys()].filter(path => path.endsWith('.webp'))
      assert.equal(pictures.length, 3)
      const index = join(to, 'index.html')
      const page = await readFile(index, 'utf8')
      for (const [, link = ''] of page.matchAll(/href="([^"]+)"/g))
        await stat(join(dirname(index), decodeURIComponent(link)))
      if (name === 'firefox') return
      const shown = await browser.visit(pathToFileURL(index).href)
      for (const width of [900, 360])
        await photograph(shown, await pictureArtefact(`${name}/export-index-${theme}-${width}`), width)
      assert.deepEqual(await findWithAxe(shown, 'body'), [])
    })

    await t.test('where the identity was moved away, the page says so and how to open them', async () => {
      const recovery = join(stage.home.root, 'recovery.txt')
      assert.equal((await stage.cli('keys', 'export', recovery, '--forget-here')).exit, 0)
      await untilStatus(tap, 'it to be noticed', ({ keys }) => !keys.identity_here)
      await options.bringToFront()
      await waitFor('the page to say so', () => textOf(options, 'opened-no-key'))
      assert.equal(await textOf(options, 'open-day'), undefined)
      const answer = await tap.ask({ type: 'open-days', date: today.date, span: 'day' })
      assert.equal(answer.type === 'failed' && answer.problem.code, 'IDENTITY_MISSING')
    })
  })

/** Every picture that the page was sent, small and large, as a terminal gets it. */
async function whatIsOpened({ home }: Stage, date: string): Promise<Buffer[]> {
  using socket = await openAgentSocket(home.places)
  const ask = async (id: string, request: object) => {
    socket.send({ ...request, id })
    await waitFor(`an answer to ${id}`, () =>
      socket.messages.find(message => message.type === 'done' && message.id === id),
    )
  }
  const of = <T extends AgentMessage['type']>(type: T) =>
    socket.messages.filter((message): message is Extract<AgentMessage, { type: T }> => message.type === type)
  socket.send(helloOfTest)
  await ask('day', { type: 'open-days', date, span: 'day' })
  for (const { object } of of('opened-pictures').flatMap(({ pictures }) => pictures))
    for (const size of ['small', 'large'])
      await ask(`${object?.slice(-40)} ${size}`, { type: 'show-opened', object, size })
  return of('opened-picture').map(({ bytes }) => Buffer.from(bytes, 'base64'))
}

/** The whole page is long, and nothing else on it is new here. */
async function photographDay(page: Page, path: `${string}.png`, width: number): Promise<void> {
  await page.bringToFront()
  await page.setViewport({ width, height: 1400 })
  await page.$eval('.day', element => element.scrollIntoView())
  await page.screenshot({ path })
}

/** Runs inside the page. */
async function whatIsStored() {
  const databases = await indexedDB.databases()
  const opened = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('history')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const keys = await new Promise<IDBValidKey[]>(resolve => {
    const request = opened.transaction('last').objectStore('last').getAllKeys()
    request.onsuccess = () => resolve(request.result)
  })
  opened.close()
  return {
    caches: 'caches' in window ? await caches.keys() : [],
    databases: databases.map(({ name }) => name),
    keys: keys.map(String).sort(),
    local: localStorage.length,
    session: sessionStorage.length,
    state: history.state,
  }
}

/** Runs inside the page. A canvas that nothing was drawn on is transparent. */
function isDrawn(query: string): boolean {
  return (
    [...document.querySelectorAll(query)].every(canvas => {
      if (!(canvas instanceof HTMLCanvasElement)) return false
      return canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data.at(3) === 255
    }) && document.querySelector(query) !== null
  )
}

async function findWithAxe(page: Page, within: string): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(source)
  const found: unknown = await page.evaluate(
    `axe.run(${JSON.stringify(within)}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`,
  )
  return Array.isArray(found) ? found.map(String) : ['axe did not answer']
}
