import { execFile } from 'node:child_process'
import type { Page } from 'puppeteer-core'
import { openSocket } from '../../native-host/adapters/socket/agent-client.ts'
import { ensureAgent } from '../../native-host/adapters/socket/launch-agent.ts'
import { consentVersion } from '../../protocol/consent.ts'
import type { Status } from '../../protocol/status.ts'
import { type AgentTap, tapAgent } from './agent-tap.ts'
import { type BrowserName, type LaunchOptions, launchBrowser, type TestBrowser } from './browsers.ts'
import { builtProgram } from './built-program.ts'
import { type HardwareInput, openHardwareInput } from './hardware-input.ts'
import { type NotificationService, startNotifications } from './notification-service.ts'
import { press } from './page-parts.ts'
import { type FoundProcess, processesOf } from './processes.ts'
import { createTrackerHome, type TrackerHome } from './tracker-home.ts'
import { startVirtualDisplay } from './virtual-display.ts'
import { waitFor } from './wait-for.ts'

/** Everything that one journey happens on: a user, a display, a keyboard and mouse, and the tracker installed. */
export type Stage = AsyncDisposable & {
  home: TrackerHome
  /** Of the home, with the display in it unless the scenario has none. */
  env: NodeJS.ProcessEnv
  display: string | undefined
  input: HardwareInput
  /** What the desktop was asked to show; undefined where it shows nothing. */
  notifications: NotificationService | undefined
  launch(name: BrowserName, options?: LaunchOptions): Promise<TestBrowser>
  /** Runs the command line of the tracker to its end. */
  cli(...words: string[]): Promise<{ exit: number; stdout: string; stderr: string }>
  /** Connects to the agent, waiting for it to be there. */
  tap(): Promise<AgentTap>
  processes(program: 'agent' | 'bridge' | 'input-hook'): Promise<FoundProcess[]>
}

export type StageOptions = {
  /** What the machine lacks. */
  without?: 'display' | 'host' | 'notifications'
  /** The tracker's home, if it is to lie elsewhere, such as on a small disk. */
  tracker?: string
  width?: number
  height?: number
}

export async function startScenario({ without, tracker, width, height }: StageOptions = {}): Promise<Stage> {
  await using undo = new AsyncDisposableStack()
  const home = undo.use(await createTrackerHome(tracker === undefined ? {} : { tracker }))
  const env: NodeJS.ProcessEnv = { ...home.env }
  // There is one to inject input with even where the tracker and the browser know of none.
  const [display, notifications] = await Promise.all([
    startVirtualDisplay({ ...(width && { width }), ...(height && { height }) }).then(started =>
      undo.use(started),
    ),
    without === 'notifications' ? undefined : startNotifications().then(started => undo.use(started)),
  ])
  Object.assign(env, notifications?.env)
  const input = undo.use(await openHardwareInput(display.display))
  if (without !== 'display') env.DISPLAY = display.display
  const cli: Stage['cli'] = (...words) => runProgram([builtProgram('cli'), ...words], env)
  if (without !== 'host') await installHostOf({ cli })

  const cleanUp = undo.move()
  return {
    home,
    env,
    display: env.DISPLAY,
    input,
    notifications,
    async launch(name, options) {
      return cleanUp.use(await launchBrowser(name, home, env, options))
    },
    cli,
    async tap() {
      return cleanUp.use(
        await waitFor('the agent to answer', () => tapAgent(home.places).catch(() => undefined)),
      )
    },
    processes: async program =>
      processesOf(home.root).filter(({ command }) => command.includes(`/${program}.`)),
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  }
}

/** How many of the tracker's programs run. */
export async function countProcesses({ processes }: Pick<Stage, 'processes'>): Promise<number> {
  const all = await Promise.all((['agent', 'bridge', 'input-hook'] as const).map(processes))
  return all.flat().length
}

/** Starts an agent that stays without a browser, for journeys that need none. */
export async function startAgent({ home, env }: Pick<Stage, 'home' | 'env'>): Promise<void> {
  const { signal } = new AbortController()
  const socket = await ensureAgent(
    {
      program: builtProgram('agent'),
      lifetime: 'stay',
      connect: () => openSocket(home.places, signal),
      env,
    },
    signal,
  )
  socket.destroy()
}

/** What a tracker has to reach after its start before a test may go on. */
const underWay = {
  /** Screenshots are taken; input too, unless the scenario has no display to see it on. */
  tracking: ({ state }: Status) => state.kind === 'tracking',
  counting: ({ state, input }: Status) => state.kind === 'tracking' && input.state === 'counting',
}

/**
 * Has the person agree, on the welcome page if one is given, and waits until the tracker has really begun: on a busy
 * computer the click is over long before that, and until then no key counts and no screenshot is taken.
 */
export async function startTracking(
  stage: Pick<Stage, 'home' | 'env' | 'tap'>,
  { welcome, until = 'counting' }: { welcome?: Page; until?: keyof typeof underWay } = {},
): Promise<AgentTap> {
  if (welcome) await press(welcome, 'start')
  else await startAgent(stage)
  const tap = await stage.tap()
  if (!welcome) {
    const answer = await tap.ask({ type: 'acknowledge', text_version: consentVersion })
    if (answer.type === 'failed') throw new Error(`tracking did not begin: ${JSON.stringify(answer.problem)}`)
  }
  await untilStatus(tap, `${until} to begin`, underWay[until])
  return tap
}

/** Waits until the tracker counts: after a start, or again after a pause, a restart or a loss of the display. */
export function untilCounting(tap: AgentTap): Promise<Status> {
  return untilStatus(tap, 'input to be counted', underWay.counting)
}

/** Waits until the agent reports something, and says what it reported last if it never does. */
export async function untilStatus(
  tap: AgentTap,
  what: string,
  accept: (status: Status) => boolean,
  withinMs?: number,
): Promise<Status> {
  return waitFor(
    what,
    async () => {
      const status = await tap.status()
      return accept(status) && status
    },
    { ...(withinMs !== undefined && { withinMs }), seen: () => tap.status() },
  )
}

/** Registers the host with the browsers of this home, as a person does. */
export async function installHostOf(stage: Pick<Stage, 'cli'>): Promise<void> {
  const { exit, stderr } = await stage.cli('install', '--browser', 'chromium', 'firefox')
  if (exit !== 0) throw new Error(`install ended with ${exit}: ${stderr}`)
}

function runProgram(words: string[], env: NodeJS.ProcessEnv) {
  return new Promise<{ exit: number; stdout: string; stderr: string }>(resolve => {
    execFile(
      process.execPath,
      ['--no-warnings', ...words],
      { env, timeout: 60_000 },
      (error, stdout, stderr) => {
        const exit = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ exit, stdout, stderr })
      },
    )
  })
}
