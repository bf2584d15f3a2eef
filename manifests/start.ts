import '../native-host/platform/process/guard-process.ts'
import { spawnSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { optionsPage, welcomePage } from '../extension/pages.ts'
import { leanNodeFlags } from '../native-host/adapters/socket/launch-agent.ts'
import { findPlaces } from '../native-host/platform/files/find-places.ts'
import { isSeparate } from '../native-host/platform/files/separate-tracker.ts'
import { programEnvironments } from '../native-host/platform/process/program-environment.ts'
import { AppError, errorRows, toProblem } from '../protocol/errors.ts'
import type { Status } from '../protocol/status.ts'
import { type BrowserName, browserNames, browserRows } from './browsers.ts'
import { openDemoBrowser } from './demo-browser.ts'
import { demoProfiles } from './demo-profiles.ts'
import { chromiumExtensionId } from './extension-ids.ts'
import { type Desktop, type FoundBrowser, findBrowsers } from './find-browsers.ts'
import { registerHost } from './register-host.ts'
import { askRunning, describeRecording, isOpen, runsFrom } from './running-tracker.ts'

/**
 * `npm start`, or `npm start -- firefox`: from the build to the welcome page. Registers the host with the browsers of
 * this account and opens one of them with the extension; ends with it.
 */
const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const desktop: Desktop = {
  home: process.env.HOME || userInfo().homedir,
  env: process.env,
  platform: process.platform,
}

try {
  if (hasDisplay(desktop)) await start()
  else process.exitCode = runDemoInstead()
} catch (error) {
  const { code, detail } = toProblem(error)
  console.error(
    `${code}: ${errorRows[code].sentence}${detail ? `\n  ${detail}` : ''}\n  → ${errorRows[code].next}`,
  )
  if (!(error instanceof AppError)) console.error(error)
  process.exitCode = errorRows[code].exit
}

async function start(): Promise<void> {
  const places = await findPlaces({ env: process.env })
  const { name, executable } = chooseBrowser(await findBrowsers(desktop), process.argv[2])
  const profile = join(demoProfiles(desktop), name)
  const before = askRunning(root)
  const open = browserNames.filter(each => isOpen(each, join(demoProfiles(desktop), each)))
  buildUnlessUsed(before, open)
  const { written, launcher, command } = await registerHost({
    ...desktop,
    trackerHome: places.home,
    separate: isSeparate(places),
    bridge: join(dist, 'native-host/bridge.js'),
    node: [process.execPath, ...leanNodeFlags],
    keep: programEnvironments,
  })
  const call = command?.onPath ? 'activity-tracker' : (command?.path ?? 'npm run -s cli --')
  if (open.includes(name)) return showOpen({ name, executable, profile, status: before, call })
  console.log(`
Registered with ${written.map(({ browser }) => browserRows[browser].label).join(', ')}. To undo: ${call} uninstall
Opening ${browserRows[name].label} with the extension, in a separate profile: ${profile}`)
  const browser = await openDemoBrowser({ name, executable, profile, dist, launcher })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, browser.close)
  const status = await untilRunning()
  await browser.showPage?.(pageFor(status))
  console.log(`
${describeRecording(status)} To open the popup, click the puzzle icon in the toolbar.
Records and screenshots are encrypted. They are in ${places.home}, with their keys.
To see where they upload to, and everything else:  ${call} status
To stop: press Ctrl+C here or close the browser. The tracker saves everything and stops a few seconds later.
         To stop at once, or if it is set to keep tracking:  ${call} stop

In your own Chromium or Chrome: chrome://extensions → Developer mode → Load unpacked → ${join(dist, 'chromium')}
${browserRows[name].family === 'firefox' ? 'If this Firefox only accepts signed extensions' : 'In your own Firefox'}: \
about:debugging → This Firefox → Load Temporary Add-on → ${join(dist, 'firefox/manifest.json')}
`)
  await browser.closed
  console.log('The browser was closed.')
}

/** Never under what runs: neither the tracker's programs nor the extension in a browser. */
function buildUnlessUsed(running: Status | undefined, open: readonly BrowserName[]): void {
  if (open.length > 0 || (running && runsFrom(dist, running.agent.pid))) {
    console.log(
      'The tracker or its browser is running, so nothing is rebuilt. To rebuild after changes, stop it first.',
    )
    return
  }
  const { status } = spawnSync('npm', ['run', '-s', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new AppError('NOT_BUILT', { detail: 'the build failed; see above' })
}

/** A second call while the first goes on: the browser that is open shows the page, and nothing else happens. */
function showOpen({ name, executable, profile, status, call }: Open): void {
  const { label, family } = browserRows[name]
  console.log(`
${label} is already open with the extension. ${describeRecording(status)}
To open the popup, click the puzzle icon in its toolbar. For everything else:  ${call} status
`)
  // Firefox gives the extension another address in each profile.
  if (family !== 'chromium') return
  const words = [`--user-data-dir=${profile}`, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
  spawnSync(executable, [...words, pageFor(status)], { stdio: 'ignore', timeout: 15_000 })
}

type Open = {
  name: BrowserName
  executable: string
  profile: string
  status: Status | undefined
  call: string
}

function pageFor(status: Status | undefined): string {
  const page = status === undefined || status.state.kind === 'consent-needed' ? welcomePage : optionsPage
  return `chrome-extension://${chromiumExtensionId}/${page}`
}

/** The extension starts the tracker. undefined when it did not come in time. */
async function untilRunning(): Promise<Status | undefined> {
  const deadline = performance.now() + 15_000
  for (;;) {
    const status = askRunning(root)
    if (status && status.state.kind !== 'starting') return status
    if (performance.now() > deadline) return status
    await sleep(500)
  }
}

/** The one that was asked for, or the first of the table that can be started. @throws AppError NO_BROWSER */
function chooseBrowser(found: readonly FoundBrowser[], wanted: string | undefined) {
  for (const { name, executable } of found)
    if (executable && (wanted === undefined || wanted === name)) return { name, executable }
  throw new AppError('NO_BROWSER', wanted === undefined ? {} : { detail: wanted })
}

function hasDisplay({ env, platform }: Desktop): boolean {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** Returns its exit code. */
function runDemoInstead(): number {
  console.log('There is no display for a browser, so the demo runs on a virtual display instead.\n')
  buildUnlessUsed(askRunning(root), [])
  for (const script of [['test/support/system-packages.ts', 'demo'], ['test/demo/demo.ts']]) {
    const { status } = spawnSync(process.execPath, script, { cwd: root, stdio: 'inherit' })
    if (status !== 0) return status ?? 1
  }
  return 0
}
