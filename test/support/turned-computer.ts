import { execFileSync, spawn } from 'node:child_process'
import { cp, mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AgentTap, tapAgent } from './agent-tap.ts'
import { builtProgram } from './built-program.ts'
import { endProcess, isAlive } from './processes.ts'
import { createTrackerHome, type TrackerHome } from './tracker-home.ts'
import { startVirtualDisplay } from './virtual-display.ts'
import { waitFor } from './wait-for.ts'

/**
 * A computer whose clock and time zone a test sets as a person does; the clock of all other programs stays. Agents are
 * started on it one after the other, as on the days of a week.
 */
export type TurnedComputer = AsyncDisposable & {
  home: TrackerHome
  /** Such as `:7`. */
  display: string
  /** What makes another program see this clock. */
  clockEnv: NodeJS.ProcessEnv
  /** Where the clock on the wall stands now, for an agent. */
  wallMs(): number
  setClock(to: string): Promise<void>
  moveClock(byMs: number): Promise<void>
  /** Puts another link in the place of /etc/localtime, at once, as timedatectl does. */
  setZone(zone: string): Promise<void>
  /** Replaces /etc/localtime by something else. */
  replaceLocaltime(make: (path: string) => Promise<void>): Promise<void>
  /** Starts an agent that stays without a browser, and connects to it. @param env beside that of the home */
  startAgent(env?: NodeJS.ProcessEnv): Promise<AgentTap>
  /** Resolves when it is gone. */
  endAgent(tap: AgentTap, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

type Start = { zone: string; at?: string }

const faketime = '/usr/$LIB/faketime/libfaketimeMT.so.1'
const mounting = 'mount --bind "$0" /etc && exec "$@"'

/** Linux, root and libfaketime. @param at what the clock shows at the beginning; now, unless said */
export async function openTurnedComputer({ zone, at }: Start): Promise<TurnedComputer> {
  await using undo = new AsyncDisposableStack()
  const home = undo.use(await createTrackerHome())
  const { display } = undo.use(await startVirtualDisplay({ width: 640, height: 480 }))
  const etc = join(home.root, 'etc')
  await cp('/etc', etc, { recursive: true, verbatimSymlinks: true })
  const offsetFile = join(home.root, 'offset')
  let offsetMs = at === undefined ? 0 : Date.parse(at) - Date.now()
  let links = 0

  const replaceLocaltime = async (make: (path: string) => Promise<void>) => {
    const next = join(etc, `localtime.${links++}`)
    await make(next)
    await rename(next, join(etc, 'localtime'))
  }
  const setZone = (name: string) => replaceLocaltime(path => symlink(`/usr/share/zoneinfo/${name}`, path))
  const keepOffset = async () => {
    // A reader must never see half of it.
    await writeFile(`${offsetFile}.next`, `${offsetMs < 0 ? '' : '+'}${offsetMs / 1000}\n`)
    await rename(`${offsetFile}.next`, offsetFile)
  }
  await setZone(zone)
  await keepOffset()
  await mkdir(home.places.home, { recursive: true, mode: 0o700 })

  const { TZ: _, ...env } = home.env
  const clockEnv = {
    FAKETIME_TIMESTAMP_FILE: offsetFile,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
  const cleanUp = undo.move()
  return {
    home,
    display,
    clockEnv: { LD_PRELOAD: faketime, ...clockEnv },
    wallMs: () => Date.now() + offsetMs,
    async setClock(to) {
      offsetMs = Date.parse(to) - Date.now()
      await keepOffset()
    },
    async moveClock(byMs) {
      offsetMs += byMs
      await keepOffset()
    },
    setZone,
    replaceLocaltime,
    async startAgent(more = {}) {
      spawn(
        'unshare',
        [
          ...['--mount', '--propagation', 'private', 'sh', '-c', mounting, etc],
          ...['env', `LD_PRELOAD=${faketime}`, process.execPath, '--no-warnings'],
          ...[builtProgram('agent'), '--lifetime=stay'],
        ],
        {
          stdio: 'ignore',
          env: {
            ...env,
            ...more,
            DISPLAY: display,
            ...clockEnv,
          },
        },
      )
      return cleanUp.use(
        await waitFor('the agent', () => tapAgent(home.places).catch(() => undefined), { everyMs: 20 }),
      )
    },
    async endAgent(tap, signal) {
      const { pid } = (await tap.status()).agent
      endProcess(pid, signal)
      await waitFor('the agent to end', () => !isAlive(pid), { everyMs: 10 })
    },
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  }
}

/** Why there can be none here, or undefined. */
export function noTurnedComputer(): string | undefined {
  try {
    execFileSync('unshare', ['--mount', '--propagation', 'private', 'true'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'this needs private mounts, which only an administrator may make'
  }
}
