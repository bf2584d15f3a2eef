import type { ChildProcess } from 'node:child_process'
import { closeSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { AppError, type Problem } from '../../../protocol/errors.ts'
import { problemSchema } from '../../../protocol/status.ts'
import { budgets } from '../../kernel/budgets.ts'
import { readStreamWithin } from '../../platform/files/read-within.ts'
import { mallocForAllDay } from '../../platform/process/malloc-settings.ts'
import { nodeFlags } from '../../platform/process/program-environment.ts'
import { spawnAgent } from '../../platform/process/start-program.ts'

/**
 * browser: ends some seconds after the last browser left, unless the settings say to keep tracking.
 * stay: goes on until it is asked to stop, because a person started it by hand.
 */
export type Lifetime = 'browser' | 'stay'

/**
 * Flags for long-lived processes. A small young generation halves the memory of a process that allocates little. V8's
 * memory reducer would cost two thirds of a resting minute's CPU for one megabyte. V8's efficiency mode optimises later
 * and on fewer threads: a fifth less CPU for the same events, and a start that takes 50 ms longer.
 */
export const leanNodeFlags = [
  ...nodeFlags,
  '--max-semi-space-size=1',
  '--no-memory-reducer',
  '--efficiency-mode',
  '--no-warnings',
]

const startTimeoutMs = 8000
const retryMs = 20

/**
 * Connects by `connect`, and starts the agent when none answers. Several callers at once may each start one;
 * the agents settle by their lock which of them stays, and all callers reach that one.
 * @throws AppError AGENT_START_FAILED, why the agent could not start, and what `connect` throws but AGENT_UNREACHABLE
 */
export async function ensureAgent<T>(
  options: { program: string; lifetime: Lifetime; connect: () => Promise<T>; env?: NodeJS.ProcessEnv },
  signal: AbortSignal,
): Promise<T> {
  const connected = await tryConnect(options.connect)
  if (connected) return connected.connection

  let failure: AppError | undefined
  void startDetached(options).then(said => {
    failure = said
  })
  const deadline = performance.now() + startTimeoutMs
  while (performance.now() < deadline) {
    await sleep(retryMs, undefined, { signal })
    const late = await tryConnect(options.connect)
    if (late) return late.connection
    // ALREADY_RUNNING: another one was quicker, and will answer in a moment.
    if (failure && failure.code !== 'ALREADY_RUNNING') throw failure
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

/**
 * For an agent that makes way for another: the new one waits for the lock until this process has ended. It repairs at
 * its start what this one found damaged.
 */
export function startSuccessor(
  program: string,
  lifetime: Lifetime,
  why: { kind: 'repair' } | { kind: 'session'; env: NodeJS.ProcessEnv },
): void {
  const words = [`--lifetime=${lifetime}`]
  if (why.kind === 'repair') spawnDetached(program, [...words, afterRepairFlag], 'ignore', process.env)
  else spawnDetached(program, words, 'ignore', why.env)
}
export const afterRepairFlag = '--after-repair'

/** Resolves when the agent has started or cannot: with the reason, if it gave one. */
async function startDetached({
  program,
  lifetime,
  env = process.env,
}: {
  program: string
  lifetime: Lifetime
  env?: NodeJS.ProcessEnv
}): Promise<AppError | undefined> {
  const child = spawnDetached(program, [`--lifetime=${lifetime}`, reportFlag], 'pipe', env)
  const pipe = child.stdio[reportDescriptor]
  if (!(pipe instanceof Socket)) return undefined
  pipe.unref()
  return readStartReport(pipe)
}

function spawnDetached(
  program: string,
  words: string[],
  report: 'pipe' | 'ignore',
  env: NodeJS.ProcessEnv,
): ChildProcess {
  const child = spawnAgent(program, {
    // For agent-memory.ts.
    flags: [...leanNodeFlags, '--expose-gc'],
    words,
    env,
    // Nothing of ours is inherited: a child that holds the bridge's stdout hides the bridge's death from the browser.
    stdio: ['ignore', 'ignore', 'ignore', report],
    set: mallocForAllDay,
  })
  child.on('error', () => undefined)
  child.unref()
  return child
}

/**
 * How an agent that cannot start reports the reason to its starter: on a full disk there is no log, and no socket yet.
 * One line of JSON on a descriptor of its own, which an agent that did start closes without a word.
 */
const reportDescriptor = 3
const reportFlag = '--report-start'

export type StartReport = { started(): void; failed(problem: Problem): void }

/** Without the flag the descriptor belongs to other code, and is left alone. */
export function openStartReport(argv: readonly string[]): StartReport {
  if (!argv.includes(reportFlag)) return { started() {}, failed() {} }
  return {
    started: () => closeSync(reportDescriptor),
    failed(problem) {
      try {
        writeSync(reportDescriptor, JSON.stringify(problem))
      } catch {
        // The starter has gone, and no one else waits for the reason.
      }
    },
  }
}

/** Resolves when the agent has started, failed or ended: with its report, or undefined. */
export async function readStartReport(pipe: Readable): Promise<AppError | undefined> {
  try {
    const said = (await readStreamWithin(pipe, 'the report', budgets.startReport.most)).toString()
    if (said === '') return undefined
    const { code, detail } = v.parse(problemSchema, JSON.parse(said))
    return new AppError(code, detail === undefined ? {} : { detail })
  } catch (cause) {
    return new AppError('AGENT_START_FAILED', { cause })
  }
}
