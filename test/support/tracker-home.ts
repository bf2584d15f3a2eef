import { existsSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Places, placesOf } from '../../native-host/platform/files/places.ts'
import { makeSeparate } from '../../native-host/platform/files/separate-tracker.ts'
import { atExit } from './at-exit.ts'
import { endProcess, endProcessesOf, processesOf } from './processes.ts'

/** A user of their own for one test: a home folder, and an environment in which nothing else can be reached. */
export type TrackerHome = AsyncDisposable & {
  /** Contains everything: removed at the end, and named in the environment of every process of the test. */
  root: string
  userHome: string
  env: NodeJS.ProcessEnv
  places: Places
}

export async function createTrackerHome(options: { tracker?: string } = {}): Promise<TrackerHome> {
  const root = await mkdtemp(join(tmpdir(), 'at-'))
  const userHome = join(root, 'user')
  const temporary = join(root, 'tmp')
  const runtime = join(root, 'run')
  for (const folder of [userHome, temporary, runtime]) await mkdir(folder, { mode: 0o700 })

  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    TZ: process.env.TZ,
    HOME: userHome,
    // Browsers leave folders in TMPDIR, and look for host manifests under XDG_CONFIG_HOME.
    TMPDIR: temporary,
    XDG_CONFIG_HOME: join(userHome, '.config'),
    XDG_CACHE_HOME: join(userHome, '.cache'),
    XDG_DATA_HOME: join(userHome, '.local', 'share'),
    XDG_STATE_HOME: join(userHome, '.local', 'state'),
    XDG_RUNTIME_DIR: runtime,
    ACTIVITY_TRACKER_HOME: options.tracker ?? join(root, 'tracker'),
  }
  if (env.TZ === undefined) delete env.TZ

  // Ctrl+C in the middle leaves no time to wait for a process.
  const abandon = () => {
    for (const { pid } of processesOf(root)) endProcess(pid, 'SIGKILL')
    rmSync(root, { recursive: true, force: true, maxRetries: 5 })
  }
  const forget = atExit(abandon)
  await allowTracker(env)
  return {
    root,
    userHome,
    env,
    places: placesOf(env),
    async [Symbol.asyncDispose]() {
      await endProcessesOf(root)
      forget()
      // What a browser leaves behind for a moment may write while its folder is walked, or make it again.
      do {
        await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
        await sleep(50)
      } while (existsSync(root))
    },
  }
}

/** As a person does with `activity-tracker separate`: no variable starts a second tracker by itself. */
export async function allowTracker(env: NodeJS.ProcessEnv): Promise<void> {
  await makeSeparate(placesOf(env))
}

/** What was delivered to a folder. */
export async function objectsBelow(folder: string): Promise<Map<string, Buffer>> {
  return new Map([...(await filesBelow(folder))].filter(([path]) => path.endsWith('.age')))
}

/** Every file below `folder`, with its bytes; files that vanish meanwhile are left out. */
export async function filesBelow(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes) files.set(path, bytes)
  }
  return files
}
