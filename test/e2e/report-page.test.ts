import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Browser, Page } from 'puppeteer-core'
import type { Report } from '../../protocol/report.ts'
import { browserNames } from '../support/browsers.ts'
import { launchPlainBrowser } from '../support/plain-browser.ts'
import { reportMonth, reportOfTwo } from '../support/report-month.ts'
import { writeReportPage } from '../support/report-page.ts'
import { waitFor } from '../support/wait-for.ts'

const views = ['#/month/2026-10', '#/week/2026-W41', '#/day/2026-10-08', '#/day/2026-10-15']
const widths = [320, 560, 1061, 2560]

for (const name of browserNames)
  describe(`${name}, a report from the disk`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'at-report-'))
    const browser = await launchPlainBrowser(name)
    after(() => close(browser, folder))
    const page = await browser.newPage()
    const asked: string[] = []
    page.on('request', request => void asked.push(request.url()))
    const errors: string[] = []
    page.on('pageerror', error => void errors.push(String(error)))
    const address = await writeReportPage(folder, reportMonth(), 'some')
    await open(page, address)

    test('shows a month at first, and day and week by their links', async () => {
      assert.equal(await textOf(page, 'period'), 'October 2026')
      await press(page, '[data-testid="view-week"]')
      await untilText(page, 'period', /week 40$/)
      await press(page, '[data-testid="go-after"]')
      await untilText(page, 'period', /week 41$/)
      await press(page, '[data-testid="heat-map"] tbody tr:nth-child(4) a')
      await untilText(page, 'period', /October 8|8 October/)
      await page.evaluate(() => history.back())
      await untilText(page, 'period', /week 41$/)
    })

    test('the day picture is one stop of the Tab key, and arrows go through it', async () => {
      await go(page, '#/day/2026-10-08')
      const stops = () =>
        page.evaluate(() => document.querySelectorAll('.plot button:not([tabindex="-1"])').length)
      assert.equal(await stops(), 1)
      await page.focus('.plot button[tabindex="0"]')
      const first = await textOf(page, 'picture-detail')
      await page.keyboard.press('ArrowRight')
      await untilText(page, 'picture-detail', other(first))
      await page.keyboard.press('ArrowDown')
      await untilText(page, 'picture-detail', /Active|Idle/)
      assert.equal(await stops(), 1)
    })

    test('a screenshot is enlarged, and keys go to the others and back', async () => {
      await go(page, '#/day/2026-10-08')
      await page.focus('[data-testid="shot"]')
      await page.keyboard.press('Enter')
      await page.waitForSelector('[data-testid="large-view"] img')
      const drawn = () =>
        page.evaluate(() => document.querySelector<HTMLImageElement>('.large img')?.naturalWidth ?? 0)
      await waitFor('the picture', async () => (await drawn()) === 640)
      const first = await textOf(page, 'large-time')
      await page.keyboard.press('ArrowRight')
      await untilText(page, 'large-time', other(first))
      await page.keyboard.press('Home')
      await untilText(page, 'large-time', same(first))
      await page.keyboard.press('End')
      await untilText(page, 'large-time', other(first))
      await page.keyboard.press('Escape')
      await waitFor('the large view to close', async () => (await page.$('.large')) === null)
    })

    test('rounding and flagged time change the hours to hand over', async () => {
      await go(page, '#/week/2026-W41')
      const total = () =>
        page.evaluate(() => document.querySelector('[data-testid="hours"] tfoot td:last-child')?.textContent)
      const before = await total()
      await page.evaluate(() => {
        document.querySelectorAll<HTMLInputElement>('[data-testid="hours"] input[type="radio"]')[2]?.click()
      })
      await waitFor('other hours', async () => (await total()) !== before)
      await page.evaluate(() => document.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click())
      await waitFor('the sentence', async () => /counted in/.test(await textOf(page, 'hours')))
    })

    test('no view is wider than its window', async () => {
      for (const width of widths) {
        await page.setViewport({ width, height: 800 })
        for (const view of views) {
          await go(page, view)
          const wide = await page.evaluate(() => document.documentElement.scrollWidth)
          assert.ok(wide <= width, `${view} at ${width}: ${wide}`)
        }
      }
    })

    // What axe looks at is the same in both but for the colours: Firefox is the dark one, and slow at it.
    const looks =
      name === 'chromium'
        ? ([
            [0, '#/month/2026-10'],
            [1, '#/day/2026-10-08'],
            [2, '#/day/2026-10-15'],
          ] as const)
        : ([[1, '#/week/2026-W41']] as const)
    test('axe finds nothing', async () => {
      for (const [place, view] of looks) {
        await page.setViewport({ width: place % 2 === 0 ? 360 : 1280, height: 800 })
        await go(page, view)
        assert.deepEqual(await axe(page), [], view)
      }
    })

    if (name === 'chromium') {
      test('nor in the dark', async () => {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
        for (const view of ['#/month/2026-10', '#/week/2026-W41']) {
          await go(page, view)
          assert.deepEqual(await axe(page), [], view)
        }
        await page.emulateMediaFeatures([])
      })

      test('a month is two pages of paper', async () => {
        await go(page, '#/month/2026-10')
        const pdf = Buffer.from(await page.pdf({ format: 'A4' })).toString('latin1')
        assert.equal(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length, 2)
      })
    }

    test('its policy lets no other script, no handler and no request be', async () => {
      const outcome = await page.evaluate(async () => {
        const broken: string[] = []
        addEventListener('securitypolicyviolation', event => void broken.push(event.effectiveDirective))
        const attempt = async (act: () => unknown) => {
          try {
            await act()
          } catch {}
        }
        await attempt(() => {
          const script = document.createElement('script')
          script.append('window.injected = 1')
          document.body.append(script)
        })
        await attempt(() => {
          document.body.setAttribute('onclick', 'window.injected = 2')
          document.body.click()
        })
        await attempt(() =>
          document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="injected = 3">'),
        )
        let fetched = false
        await attempt(async () => {
          await fetch('http://127.0.0.1:9/')
          fetched = true
        })
        const image = new Image()
        image.src = 'http://127.0.0.1:9/picture'
        // Some are reported after the attempt.
        const expected = ['connect-src', 'img-src', 'require-trusted-types-for']
        const lacks = () => expected.some(name => !broken.includes(name))
        for (let turn = 0; turn < 500 && lacks(); turn++)
          await new Promise(resolve => setTimeout(resolve, 20))
        return { injected: 'injected' in window, fetched, broken: [...new Set(broken)].sort() }
      })
      assert.equal(outcome.injected, false)
      assert.equal(outcome.fetched, false)
      assert.ok(outcome.broken.includes('connect-src'), outcome.broken.join())
      assert.ok(outcome.broken.includes('img-src'), outcome.broken.join())
      assert.ok(outcome.broken.includes('require-trusted-types-for'), outcome.broken.join())
    })

    test('what is in the records is text, whatever it is', async () => {
      const hostile = '</script><script>window.injected = 4</script><!-- \u0000\u001b[31m\u2028" onload="x'
      const report = reportOfTwo()
      const devices = report.devices.map(device => ({
        ...device,
        person: hostile,
        findings: [hostile],
        days: device.days.map(day => ({ ...day, flags: day.flags.map(flag => named(flag, hostile)) })),
      }))
      await open(page, await writeReportPage(folder, { ...report, devices, source: hostile }))
      assert.ok((await textOf(page, 'findings')).includes(hostile.slice(0, 40)))
      assert.equal(await page.evaluate(() => 'injected' in window), false)
    })

    test('a damaged chain, no signature and no record are said as they are', async () => {
      await open(page, await writeReportPage(folder, reportOfTwo()))
      await go(page, '#/month/2026-10?device=1')
      await untilText(page, 'findings', /One thing is wrong.*No signature covers/s)
      const none: Report = { ...reportMonth(), devices: [] }
      await open(page, await writeReportPage(folder, none))
      await waitFor('the empty report', () => page.evaluate(() => /no record/.test(document.body.innerText)))
    })

    test('nothing went wrong, and nothing was asked of any network', () => {
      // Firefox names what the policy blocked in the test above among the errors.
      assert.deepEqual(
        errors.filter(error => !error.includes('Content-Security-Policy')),
        [],
      )
      assert.deepEqual(
        asked.filter(url => !/^(file|blob|data):|^http:\/\/127\.0\.0\.1:9\//.test(url)),
        [],
      )
    })
  })

function named<F extends Report['devices'][number]['days'][number]['flags'][number]>(
  flag: F,
  text: string,
): F {
  return { ...flag, evidence: [{ feature: text, value: 1, text }] }
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(address)
  await page.waitForSelector('h1')
}

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate(to => {
    location.hash = to
  }, hash)
  await waitFor(`${hash} to be drawn`, () =>
    page.evaluate(
      view =>
        document.querySelector('main')?.dataset.view === view && document.querySelector('.figures') !== null,
      hash.split('/')[1],
    ),
  )
}

async function press(page: Page, selector: string): Promise<void> {
  await page.waitForSelector(selector)
  await page.click(selector)
}

function textOf(page: Page, testId: string): Promise<string> {
  return page.evaluate(id => document.querySelector(`[data-testid="${id}"]`)?.textContent ?? '', testId)
}

function untilText(page: Page, testId: string, pattern: RegExp): Promise<unknown> {
  return waitFor(`${testId} to be ${pattern}`, async () => pattern.test(await textOf(page, testId)))
}

const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
const same = (text: string) => new RegExp(`^${literal(text)}$`)
const other = (text: string) => new RegExp(`^(?!${literal(text)}$)`)

/** As `rule: elements`. It is given to the page by the driver, since the page itself takes no script. */
async function axe(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(source)
  const found = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')
  const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] }
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  )
}

async function close(browser: Browser, folder: string): Promise<void> {
  await browser.close()
  await rm(folder, { recursive: true })
}
