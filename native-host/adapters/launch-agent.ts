import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../protocol/errors.ts'

/**
 * browser: ends some seconds after the last browser left, unless the settings say to keep tracking.
 * stay: goes on until it is asked to stop, because a person started it by hand.
 */
export type Lifetime = 'browser' | 'stay'

/**
 * Flags for every process of ours that lives long: a small young generation halves the memory of a process that
 * allocates little, for some microseconds of CPU.
 */
export const leanNodeFlags = ['--max-semi-space-size=1', '--no-warnings']

const startTimeoutMs = 8000
const retryMs = 20

/**
 * Connects by `connect`, and starts the agent when nobody answers. Several callers at once may each start one;
 * the agents settle by their lock which of them stays, and all callers reach that one.
 * @throws AppError AGENT_START_FAILED and whatever `connect` throws but AGENT_UNREACHABLE
 */
export async function ensureAgent<T>(
  options: { program: string; lifetime: Lifetime; connect: () => Promise<T>; env?: NodeJS.ProcessEnv },
  signal: AbortSignal,
): Promise<T> {
  const connected = await tryConnect(options.connect)
  if (connected) return connected.connection

  startDetached(options)
  const deadline = performance.now() + startTimeoutMs
  while (performance.now() < deadline) {
    await sleep(retryMs, undefined, { signal })
    const late = await tryConnect(options.connect)
    if (late) return late.connection
  }
  throw new AppError('AGENT_START_FAILED')
}

async function tryConnect<T>(connect: () => Promise<T>): Promise<{ connection: T } | undefined> {
  try {
    return { connection: await connect() }
  } catch (error) {
    if (error instanceof AppError && error.code === 'AGENT_UNREACHABLE') return undefined
    throw error
  }
}

function startDetached({
  program,
  lifetime,
  env = process.env,
}: {
  program: string
  lifetime: Lifetime
  env?: NodeJS.ProcessEnv
}): void {
  const child = spawn(process.execPath, [...leanNodeFlags, program, `--lifetime=${lifetime}`], {
    detached: true,
    // Not inherited: a child that holds the bridge's stdout hides the bridge's death from the browser.
    stdio: 'ignore',
    // glibc makes an arena for each thread that decodes pictures, and keeps what each of them once held (mallopt(3)).
    env: { MALLOC_ARENA_MAX: '2', ...env },
  })
  child.on('error', () => undefined)
  child.unref()
}
