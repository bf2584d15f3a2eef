import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Status } from '../../protocol/status.ts'
import type { AgentTap } from '../support/agent-tap.ts'
import { createCanary, pathsWithCanary } from '../support/canary.ts'
import { endProcess } from '../support/processes.ts'
import { type Stage, startAgent, startScenario, startTracking, untilStatus } from '../support/scenario.ts'
import { filesBelow, objectsBelow } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'
import { openXWindows } from '../support/x-windows.ts'
import { type Condition, type ConditionGroup, expect } from './condition.ts'

type Desktop = { stage: Stage; tap: AgentTap; display: string }

/** A desktop on which screenshots are sharp unless there is a reason, and taken only when asked for. */
function onDesktop(
  what: string,
  speed: Condition['speed'],
  settings: Record<string, string>,
  act: (desktop: Desktop) => Promise<string>,
): Condition {
  return {
    what,
    speed,
    async run() {
      await using stage = await startScenario({ without: 'host', width: 1280, height: 800 })
      await startAgent(stage)
      const all = { blur_screenshots: 'false', screenshot_interval: '3600', ...settings }
      for (const setting of Object.entries(all)) {
        const { exit, stderr } = await stage.cli('settings', 'set', ...setting)
        if (exit !== 0) throw new Error(`${setting.join(' ')}: ${stderr}`)
      }
      return await act({ stage, tap: await startTracking(stage), display: stage.display ?? '' })
    },
  }
}

async function takeScreenshot({ stage, tap }: Desktop): Promise<Status['screenshots']['held'][number]> {
  const before = (await tap.status()).screenshots.held.length
  const { exit, stderr } = await stage.cli('screenshot')
  if (exit !== 0) throw new Error(stderr)
  const { screenshots } = await untilStatus(
    tap,
    'a held screenshot',
    status => status.screenshots.held.length > before,
  )
  const [latest] = screenshots.held
  if (!latest) throw new Error('none is held')
  return latest
}

const titledPage = 'data:text/html,<title>A titled page</title>'
const look = (picture: { blurred: boolean }) => (picture.blurred ? 'blurred' : 'sharp')

export const pictures: ConditionGroup = {
  name: 'pictures',
  conditions: [
    onDesktop(
      'an excluded application is open: its display is blurred, and its title is written nowhere',
      'fast',
      { excluded_applications: 'quokkabank' },
      async desktop => {
        const canary = createCanary('ZephyrusLedger')
        const { stage, tap } = desktop
        const before = await takeScreenshot(desktop)
        await using windows = await openXWindows(desktop.display)
        const window = await windows.open({ classes: ['bank', 'QuokkaBank'], title: `${canary.word} 4711` })
        const open = await takeScreenshot(desktop)
        await windows.close(window)
        const after = await takeScreenshot(desktop)
        expect(!before.blurred && open.blurred && !after.blurred, [before, open, after].map(look).join(', '))
        const found = await pathsWithCanary(stage.home.root, [canary])
        expect(
          found.length === 0 && !canary.findIn(tap.bytes()),
          `the title is in ${found.join(', ') || 'a message'}`,
        )
        return `${look(before)} before, ${look(open)} while it is open, ${look(after)} after; title in no file and no message`
      },
    ),
    onDesktop(
      'the agent is killed while a screenshot is held: sealed from then on, and delivered once',
      'fast',
      { hold_screenshots: '6' },
      async desktop => {
        const { stage } = desktop
        const { object } = await takeScreenshot(desktop)
        for (const { pid } of await stage.processes('agent')) endProcess(pid, 'SIGKILL')
        await waitFor('the agent to be gone', async () => (await stage.processes('agent')).length === 0)
        await startAgent(stage)
        const tap = await stage.tap()
        const { screenshots } = await untilStatus(
          tap,
          'it to be held',
          status => status.screenshots.held.length > 0,
        )
        const [held] = screenshots.held
        expect(held?.object === object && !held.viewable, JSON.stringify(held))
        await untilStatus(tap, 'it to be released', status => status.screenshots.held.length === 0, 20_000)
        const delivered = () => objectsBelow(stage.home.places.delivered)
        await waitFor('it to arrive', async () =>
          [...(await delivered()).keys()].some(path => path.endsWith(object)),
        )
        await sleep(500)
        const all = [...(await delivered()).keys()].filter(path => path.includes('.screenshot.'))
        const left = await filesBelow(stage.home.places.held)
        expect(all.length === 1 && left.size === 0, `${all.length} delivered, ${left.size} left`)
        return 'not to be looked at after the restart, delivered once, nothing left behind'
      },
    ),
    onDesktop(
      'a private window of Firefox is open: its display is blurred, and beside an ordinary one it is not',
      'slow',
      {},
      async desktop => {
        const seen = []
        for (const [kind, words] of [
          ['an ordinary window', [titledPage]],
          ['a private window', ['--private-window', titledPage]],
        ] as const) {
          await using _ = await openFirefox(desktop, kind, words)
          seen.push([kind, look(await takeScreenshot(desktop))])
        }
        const said = seen.map(words => words.join(' ')).join(', ')
        expect(said === 'an ordinary window sharp, a private window blurred', said)
        return said
      },
    ),
    onDesktop(
      'a browser that does not tell of its private windows is open: its display is blurred, and it is said why',
      'slow',
      {},
      async desktop => {
        const { stage, tap } = desktop
        const words = [
          '--no-sandbox',
          '--no-first-run',
          `--user-data-dir=${join(stage.home.root, 'chromium')}`,
        ]
        await using _ = await openWindow(desktop, 'chromium', [...words, 'about:blank'])
        const shot = await takeScreenshot(desktop)
        const reasons = (await tap.status()).screenshots.blurred.map(({ reason }) => reason).join(', ')
        expect(shot.blurred && reasons === 'browser-unmatched', `${look(shot)}, ${reasons}`)
        return `${look(shot)}, ${reasons}`
      },
    ),
  ],
}

async function openFirefox(desktop: Desktop, kind: string, words: readonly string[]) {
  const profile = join(desktop.stage.home.root, kind.replaceAll(' ', '-'))
  await mkdir(profile, { recursive: true })
  return openWindow(desktop, 'firefox-esr', ['--profile', profile, '--no-remote', ...words])
}

/** Until the browser shows something: the time that it takes to draw is not ours to test. */
async function openWindow({ stage }: Desktop, program: string, words: readonly string[]) {
  const browser = spawn(program, words, { env: stage.env, stdio: 'ignore' })
  await waitFor(`${program} to open a window`, () => titlesOn(stage.env), { withinMs: 30_000 })
  await sleep(2000)
  return {
    async [Symbol.asyncDispose]() {
      await end(browser)
      await sleep(500)
    },
  }
}

/** Whether any window with a title is shown. */
async function titlesOn(env: NodeJS.ProcessEnv): Promise<boolean> {
  const search = spawn('xdotool', ['search', '--onlyvisible', '--name', '.'], { env, stdio: 'ignore' })
  const [code] = await once(search, 'exit')
  return code === 0
}

async function end(browser: ChildProcess): Promise<void> {
  if (browser.exitCode !== null || browser.signalCode !== null) return
  const gone = once(browser, 'exit')
  browser.kill()
  await gone
}
