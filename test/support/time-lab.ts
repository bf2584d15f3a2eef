import { execFileSync, spawn } from 'node:child_process'

import { cp, mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { consentVersion } from '../../protocol/consent.ts'
import type { Status } from '../../protocol/status.ts'
import { type AgentTap, tapAgent } from './agent-tap.ts'
import { builtProgram } from './built-program.ts'
import { type OpenedObjects, openWithAge } from './opened-objects.ts'
import { endProcess, processesOf } from './processes.ts'
import { createTrackerHome, type TrackerHome } from './tracker-home.ts'
import { startVirtualDisplay } from './virtual-display.ts'
import { waitFor } from './wait-for.ts'

/**
 * A running agent whose time zone and clock a test sets as a person does; the clock of all other programs
 * stays.
 */
export type TimeLab = AsyncDisposable & {
  home: TrackerHome
  tap: AgentTap
  /** Where the clock on the wall stands now, for the agent. */
  wallMs(): number
  setClock(to: string): Promise<void>
  moveClock(byMs: number): Promise<void>
  /** Puts another link in the place of /etc/localtime, at once, as timedatectl does. */
  setZone(zone: string): Promise<void>
  /** Replaces /etc/localtime by something else. */
  replaceLocaltime(make: (path: string) => Promise<void>): Promise<void>
  /** How long until the agent's status is as wanted, in milliseconds of the real clock. */
  msUntil(what: string, accept: (status: Status) => boolean, withinMs?: number): Promise<number>
  /** Ends the agent in order, and opens what it has delivered. */
  finish(): Promise<OpenedObjects>
}

const faketime = '/usr/$LIB/faketime/libfaketimeMT.so.1'
const mounting = 'mount --bind "$0" /etc && exec "$@"'

/** Linux, root and libfaketime. @param at what the clock shows at the beginning; now, unless said */
export async function openTimeLab({ zone, at }: { zone: string; at?: string }): Promise<TimeLab> {
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
  spawn(
    'unshare',
    [
      ...['--mount', '--propagation', 'private', 'sh', '-c', mounting, etc],
      ...[
        'env',
        `LD_PRELOAD=${faketime}`,
        process.execPath,
        '--no-warnings',
        builtProgram('agent'),
        '--lifetime=stay',
      ],
    ],
    {
      stdio: 'ignore',
      env: {
        ...env,
        DISPLAY: display,
        FAKETIME_TIMESTAMP_FILE: offsetFile,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
    },
  )
  const tap = undo.use(await waitFor('the agent', () => tapAgent(home.places).catch(() => undefined)))
  const answer = await tap.ask({ type: 'acknowledge', text_version: consentVersion })
  if (answer.type !== 'done') throw new Error('the agent does not take the consent')

  const cleanUp = undo.move()
  return {
    home,
    tap,
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
    async msUntil(what, accept, withinMs = 10_000) {
      const begun = performance.now()
      await waitFor(what, async () => accept(await tap.status()), {
        withinMs,
        everyMs: 10,
        seen: async () => (await tap.status()).time,
      })
      return performance.now() - begun
    },
    async finish() {
      const { pid } = (await tap.status()).agent
      endProcess(pid, 'SIGTERM')
      await waitFor('the agent to end', () => processesOf(home.root).every(found => found.pid !== pid))
      await sleep(100)
      return openWithAge(home.places.delivered, home.places.identity)
    },
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  }
}

/** Why there can be none here, or undefined. */
export function noTimeLab(): string | undefined {
  try {
    execFileSync('unshare', ['--mount', '--propagation', 'private', 'true'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'this needs private mounts, which only an administrator may make'
  }
}
