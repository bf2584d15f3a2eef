import { mkdir, rename, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'puppeteer-core'
import * as v from 'valibot'
import type { Status } from '../../protocol/status.ts'
import type { AgentTap } from '../support/agent-tap.ts'
import type { TestBrowser } from '../support/browsers.ts'
import { openWithAge } from '../support/opened-objects.ts'
import { changeSetting, photograph, press, stateShown } from '../support/page-parts.ts'
import { type Stage, startScenario, untilCounting, untilStatus } from '../support/scenario.ts'
import { filesBelow, objectsBelow } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'
import { demoPage } from './page.ts'
import { type Area, type Done, seededRandom, workLikeAPerson } from './person.ts'
import { createProgress, type Progress } from './progress.ts'
import { asTable, compare, type Evidence, verifiedSchema } from './verify.ts'

/**
 * The main job, end to end, in about a minute on a display of its own: real input and pixels in, sealed objects out,
 * steered from a real browser. Exits with 1 if anything that was recorded differs from what was done.
 */
const display = { width: 1280, height: 800 }
/** Inside the page's text field, clear of the browser's own controls. */
const writingArea: Area = { left: 760, top: 200, right: 1180, bottom: 720 }
const screenshotEverySeconds = 5
const stretchMs = { sharp: 16_000, blurred: 14_000, away: 12_000 }

// So that what was started ends with us; a browser that is already open takes care of itself.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.once(signal, () => process.exit(code))

const output = join(import.meta.dirname, '..', '..', 'demo-output', folderName(new Date()))
await mkdir(output, { recursive: true })
const startedAt = performance.now()
const rows = compare(await play())
const wrong = rows.filter(row => !row.right)
console.log(`\n${asTable(rows)}\n`)
console.log(`Pictures, records and popups: ${relative(process.cwd(), output)}/`)
console.log(`Took ${Math.round((performance.now() - startedAt) / 1000)} s.`)
for (const { what, expected, found } of wrong)
  console.error(`Wrong: ${what}: expected ${expected}, found ${found}`)
process.exitCode = wrong.length === 0 ? 0 : 1

async function play(): Promise<Evidence> {
  using progress = createProgress(process.stdout)
  progress.step('Setting up a screen, a keyboard and a mouse in memory, and a separate home folder')
  await using stage = await startScenario(display)
  const drive = join(stage.home.root, 'drive')
  await mkdir(drive)
  await must(stage.cli('settings', 'set', 'folder', drive))

  progress.step('Starting Chromium with the extension, which starts the tracker')
  const browser = await stage.launch('chromium', { window: 'on-display' })
  const { welcome } = browser
  const tap = await stage.tap()
  await untilStatus(tap, 'the tracker to wait for consent', ({ state }) => state.kind === 'consent-needed')
  await keepPicture(welcome, 'welcome')

  progress.step('Pressing Start on the welcome page; nothing was recorded before')
  await press(welcome, 'start')
  const popup = await browser.open('popup')
  await stateShown(popup, 'tracking')
  await untilCounting(tap)

  const text = join(stage.home.root, 'page.html')
  await writeFile(text, demoPage)
  const page = await browser.visit(`file://${text}`)
  const options = await browser.open('options')

  progress.step(
    `Changing settings on the options page: a screenshot every ${screenshotEverySeconds} s, not held, not blurred`,
  )
  await changeSetting(options, 'hold_screenshots', 0)
  // The extension is not allowed in private windows here, so that any window of this browser might be one.
  await changeSetting(options, 'blur_private_windows', false)
  await changeSetting(options, 'screenshot_interval', screenshotEverySeconds)
  await changeSetting(options, 'blur_screenshots', false)

  const person = createPerson(stage, page, tap, progress)
  progress.step('Typing, pointing, clicking and scrolling as a person would')
  await person.workFor(stretchMs.sharp)
  await keepPicture(popup, 'popup-tracking', 360)

  progress.step('Turning on blur on the options page')
  await options.bringToFront()
  await changeSetting(options, 'blur_screenshots', true)
  await keepPicture(options, 'options')
  await person.workFor(stretchMs.blurred)

  progress.step('Unplugging the drive that the records go to; recording continues')
  const queueBefore = (await tap.status()).queue.items
  await rename(drive, `${drive}-unplugged`)
  const queueAtMost = await person.workFor(stretchMs.away)
  const { queue } = await untilStatus(tap, 'the missing folder to be said', status => !!status.queue.problem)
  await stateShown(popup, 'waiting')
  await keepPicture(popup, 'popup-drive-missing', 360)

  progress.step('Plugging the drive back in; the waiting files upload')
  await rename(`${drive}-unplugged`, drive)
  await changeSetting(options, 'screenshots', false)
  await untilStatus(
    tap,
    'the queue to be empty',
    status => {
      progress.figures(figuresOf(status, person.done))
      return status.queue.items === 0
    },
    30_000,
  )
  // The last counts are said within a second.
  await sleep(1500)
  const last = await tap.status()
  await stateShown(popup, 'tracking')
  await keepPicture(popup, 'popup-end', 360)

  progress.step('Closing the browser; the tracker encrypts and uploads the rest, then stops')
  tap[Symbol.dispose]()
  await endWith(browser, stage)

  progress.step('Opening every uploaded file, with age and with activity-tracker')
  const byAge = await openWithAge(drive, stage.home.places.identity)
  const byUs = await openWithOurs(stage, drive)
  const verified = await verify(stage, drive)
  await writeFile(join(output, 'records.ndjson'), byAge.lines.map(line => `${line}\n`).join(''))
  await mkdir(join(output, 'screenshots'))
  for (const [path, picture] of byAge.pictures) {
    const shot = byAge.records.find(record => record.kind === 'screenshot' && path.endsWith(record.object))
    const how = shot?.kind === 'screenshot' && shot.blurred ? 'blurred' : 'sharp'
    await writeFile(
      join(
        output,
        'screenshots',
        `${basename(path).split('-')[0]}-${how}.${path.includes('.jpg.') ? 'jpg' : 'webp'}`,
      ),
      picture,
    )
  }
  const left = (await filesBelow(stage.home.places.outbox)).size
  const away = { code: queue.problem?.code, queueBefore, queueAtMost }
  return { done: person.done, byAge, byUs, verified, left, away, last }
}

/** Works in front of the text page only, because elsewhere a click would change something. */
function createPerson(stage: Stage, page: Page, tap: AgentTap, progress: Progress) {
  const done: Done = { keys: 0, clicks: 0, wheel: 0 }
  const random = seededRandom(20_261_122)
  return {
    done,
    /** Resolves with the longest queue that was seen meanwhile. */
    async workFor(ms: number): Promise<number> {
      await page.bringToFront()
      await page.focus('textarea')
      const enough = AbortSignal.timeout(ms)
      const work = workLikeAPerson({ input: stage.input, area: writingArea, done, random }, enough)
      let longest = 0
      while (!enough.aborted) {
        const status = await tap.status()
        longest = Math.max(longest, status.queue.items)
        progress.figures(figuresOf(status, done))
        await sleep(250)
      }
      await work
      return longest
    },
  }
}

function figuresOf({ state, today, screenshots, queue }: Status, done: Done): string {
  const waiting = queue.problem ? ` (${queue.problem.code})` : ''
  return [
    state.kind,
    `keys ${today.keys} of ${done.keys}`,
    `clicks ${today.clicks} of ${done.clicks}`,
    `last screenshot ${screenshots.last?.slice(11, 19) ?? '–'}`,
    `uploaded ${queue.delivered}, waiting ${queue.items}${waiting}`,
  ].join(' · ')
}

async function endWith(browser: TestBrowser, stage: Stage): Promise<void> {
  await browser.close()
  await waitFor('the tracker to end', async () => (await stage.processes('agent')).length === 0, {
    withinMs: 20_000,
  })
}

async function openWithOurs(stage: Stage, folder: string): Promise<{ lines: number; pictures: number }> {
  let lines = 0
  let pictures = 0
  for (const path of (await objectsBelow(folder)).keys()) {
    const { stdout } = await must(stage.cli('open', path, '--out', stage.home.root))
    if (stdout.startsWith('{')) lines += stdout.split('\n').filter(line => line !== '').length
    else pictures++
  }
  return { lines, pictures }
}

async function verify(stage: Stage, folder: string): Promise<Evidence['verified']> {
  const { identity } = stage.home.places
  const { stdout } = await stage.cli('verify', folder, '--identity', identity, '--json')
  await writeFile(join(output, 'verified.json'), stdout)
  return v.parse(verifiedSchema, JSON.parse(stdout))
}

async function must(running: ReturnType<Stage['cli']>): ReturnType<Stage['cli']> {
  const result = await running
  if (result.exit !== 0) throw new Error(`the command line ended with ${result.exit}: ${result.stderr}`)
  return result
}

function keepPicture(page: Page, name: string, width = 1000): Promise<void> {
  return photograph(page, `${join(output, name)}.png`, width)
}

function folderName(now: Date): string {
  return now.toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-')
}
