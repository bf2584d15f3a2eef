import type { StdioOptions } from 'node:child_process'
import {
  type ChildProcess,
  type ChildProcessByStdio,
  exec,
  execFile,
  fork,
  type PromiseWithChild,
  spawn,
} from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { promisify } from 'node:util'
import { budgets } from '../../kernel/budgets.ts'
import { environmentOf, nodeFlags, type ProgramName } from './program-environment.ts'
import { withSafePath } from './safe-path.ts'
import { workingFolder as cwd } from './whole-paths.ts'

/** The one place where processes are started: each gets what its row of platform/process/program-environment.ts lists, and no more. */

function environmentFor(name: ProgramName, env: NodeJS.ProcessEnv): Record<string, string> {
  return withSafePath(environmentOf(name, env))
}

type Start = {
  env: NodeJS.ProcessEnv
  /** Variables that we set, regardless of the environment. */
  set?: Record<string, string>
  /** More flags for Node. */
  flags?: readonly string[]
  words?: readonly string[]
  detached?: boolean
}

/** A program of ours that is spoken to by messages. */
export function forkProgram(
  name: 'input-hook' | 'picture-edit' | 'screen-grab' | 'computer-facts',
  path: string,
  { env, set, flags = [], words = [], detached = false, hand }: Start & { hand?: number | undefined },
): ChildProcess {
  const given = hand === undefined ? [] : [hand]
  return fork(path, words, {
    env: { ...environmentFor(name, env), ...set },
    execArgv: [...nodeFlags, ...flags],
    serialization: 'advanced',
    // What it complains about goes nowhere: it is not ours to say that no key and no text is in it.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', ...given],
    detached,
    cwd,
  })
}

/** A program of ours that goes on when this one ends. `flags` are those of launch-agent.ts. */
export function spawnAgent(
  path: string,
  { env, set, flags = [], words = [], stdio }: Start & { stdio: StdioOptions },
): ChildProcess {
  return spawn(process.execPath, [...flags, path, ...words], {
    env: { ...environmentFor('agent', env), ...set },
    detached: true,
    cwd,
    stdio,
  })
}

type ToolName = Extract<ProgramName, `${string}-tool`>
type Tool = { env: NodeJS.ProcessEnv; signal?: AbortSignal; timeout?: number }

/** Of what is run to its end. SIGKILL, as a program that does not end may ignore another signal. */
const bounds = { maxBuffer: budgets.toolOutput.most, killSignal: 'SIGKILL' } as const

function withinTime<T>(running: PromiseWithChild<T>, mostMs: number = budgets.toolTime.most): Promise<T> {
  const timer = setTimeout(() => end(running.child), mostMs)
  return running.finally(() => clearTimeout(timer))
}

function end(child: ChildProcess): void {
  child.kill('SIGKILL')
  // What it has started itself may hold them open for longer.
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/**
 * Runs a program of the system to its end.
 * @throws Error when it is not there, ends badly, takes too long or says too much
 */
export function runTool(
  name: ToolName,
  program: string,
  words: readonly string[],
  { env, timeout, ...options }: Tool,
): Promise<{ stdout: string; stderr: string }> {
  return withinTime(
    promisify(execFile)(program, words, { env: environmentFor(name, env), cwd, ...bounds, ...options }),
    Math.min(timeout ?? Number.POSITIVE_INFINITY, budgets.toolTime.most),
  )
}

/** A program that has something wrong with it ends within this time; one that shows a page may stay. */
const endsBadlyWithinMs = 3000

/**
 * Starts a program of the desktop that may go on when this one has ended.
 * @throws Error when it is not there, or ends badly at once
 */
export function startTool(
  name: ToolName,
  program: string,
  words: readonly string[],
  { env }: Pick<Tool, 'env'>,
): Promise<void> {
  const child = spawn(program, words, {
    env: environmentFor(name, env),
    cwd,
    stdio: 'ignore',
    detached: true,
  })
  child.unref()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stays = setTimeout(resolve, endsBadlyWithinMs)
  child.once('error', reject)
  child.once('exit', code => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))))
  return promise.finally(() => clearTimeout(stays))
}

/** What a person wrote for a shell, and may have to answer. @throws Error as `runTool` does, after a longer time */
export function runShellLine(
  name: 'credential-process',
  line: string,
  { env, timeout, ...options }: Tool,
): Promise<{ stdout: string; stderr: string }> {
  return withinTime(
    promisify(exec)(line, { env: environmentFor(name, env), cwd, ...bounds, ...options }),
    Math.min(timeout ?? Number.POSITIVE_INFINITY, budgets.credentialTime.most),
  )
}

/** A program of the system that reads what it is asked, and answers. It is ended when that takes too long or is too much. */
export function talkToTool(
  name: ToolName,
  program: string,
  words: readonly string[],
  { env, signal, mostBytes, timeout }: Tool & { signal: AbortSignal; mostBytes: number; timeout: number },
): ChildProcessByStdio<Writable, Readable, null> {
  const child = spawn(program, words, {
    env: environmentFor(name, env),
    cwd,
    stdio: ['pipe', 'pipe', 'ignore'],
    signal,
    killSignal: 'SIGKILL',
  })
  const timer = setTimeout(() => end(child), timeout).unref()
  child.once('exit', () => clearTimeout(timer))
  let bytes = 0
  child.stdout.on('data', (chunk: Buffer | string) => {
    bytes += Buffer.byteLength(chunk)
    if (bytes > mostBytes) end(child)
  })
  return child
}

/**
 * A program of the system that writes a file of ours, whose descriptor it is handed as its fourth. The kernel ends it
 * when the file gets too long (setrlimit(2)); `ulimit -f` counts in these blocks (POSIX).
 */
export function spawnTool(
  name: ToolName,
  program: string,
  words: readonly string[],
  { env, signal, file, mostBytes }: Tool & { signal: AbortSignal; file: number; mostBytes: number },
): ChildProcess {
  const blocks = String(Math.floor(mostBytes / fileBlockBytes))
  return spawn('/bin/sh', ['-c', 'ulimit -f "$0" && exec "$@"', blocks, program, ...words], {
    env: environmentFor(name, env),
    cwd,
    stdio: ['ignore', 'ignore', 'ignore', file],
    signal,
    killSignal: 'SIGKILL',
  })
}
const fileBlockBytes = 512
