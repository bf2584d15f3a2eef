import '../native-host/adapters/base/guard-process.ts'
import { spawnSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { findPlaces } from '../native-host/adapters/base/find-places.ts'
import { leanNodeFlags } from '../native-host/adapters/socket/launch-agent.ts'
import { programEnvironments } from '../native-host/core/program-environment.ts'
import { AppError, errorRows, toProblem } from '../protocol/errors.ts'
import { browserRows } from './browsers.ts'
import { openDemoBrowser } from './demo-browser.ts'
import { demoProfiles } from './demo-profiles.ts'
import { type Desktop, type FoundBrowser, findBrowsers } from './find-browsers.ts'
import { registerHost } from './register-host.ts'

/**
 * `npm start`, or `npm start -- firefox`: from the build to the welcome page. Registers the host with the browsers of
 * this account and opens one of them with the extension; ends with it.
 */
const root = join(import.meta.dirname, '..')
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
  const { written, launcher, command } = await registerHost({
    ...desktop,
    trackerHome: places.home,
    bridge: join(root, 'dist/native-host/bridge.js'),
    node: [process.execPath, ...leanNodeFlags],
    keep: programEnvironments,
  })
  const call = command?.onPath ? 'activity-tracker' : (command?.path ?? 'npm run -s cli --')
  const { name, executable } = chooseBrowser(await findBrowsers(desktop), process.argv[2])
  const profile = join(demoProfiles(desktop), name)
  console.log(`
Registered with ${written.map(({ browser }) => browserRows[browser].label).join(', ')}; \
undo it with: ${call} uninstall
Opening ${browserRows[name].label} with the extension, in a profile of its own: ${profile}

Nothing is recorded before you press Start on the welcome page. The popup is behind the puzzle icon of the toolbar.
Records, screenshots and keys are kept, sealed, in ${places.home}
Where they are delivered to, and everything else:  ${call} status
To stop: Ctrl+C here or close the browser; the tracker saves everything and ends some seconds later.
         At once, or when it is set to keep tracking:  ${call} stop

In your own browser: chrome://extensions → Developer mode → Load unpacked → ${join(root, 'dist/chromium')}
In your own Firefox: about:debugging → This Firefox → Load Temporary Add-on → ${join(root, 'dist/firefox/manifest.json')}
`)
  const browser = await openDemoBrowser({ name, executable, profile, dist: join(root, 'dist'), launcher })
  const closed = new Promise<unknown>(resolve => browser.once('disconnected', resolve))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void browser.close())
  await closed
  console.log('The browser is closed.')
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
  console.log('There is no display to open a browser on, so here is the demo on a virtual one instead.\n')
  for (const script of [['test/support/system-packages.ts', 'demo'], ['test/demo/demo.ts']]) {
    const { status } = spawnSync(process.execPath, script, { cwd: root, stdio: 'inherit' })
    if (status !== 0) return status ?? 1
  }
  return 0
}
