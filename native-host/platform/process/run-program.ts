import type { ChildProcess } from 'node:child_process'
import * as v from 'valibot'
import { budgets } from '../../kernel/budgets.ts'
import { forkProgram } from './start-program.ts'

/**
 * Runs one of our programs for one answer: what is not to be trusted with the memory, the promises or the life of the
 * agent. Nothing that the program has started is left when this settles.
 * @throws the reason of `signal` when it aborts, and an Error when no answer of the right form comes in time
 */
export async function runProgram<Answer>(
  name: 'screen-grab' | 'computer-facts',
  path: string,
  { env, request, answer, signal }: Run<Answer>,
): Promise<Answer> {
  signal.throwIfAborted()
  const program = forkProgram(name, path, {
    env,
    // Makes it the leader of a process group of its own, which can be ended as a whole.
    detached: process.platform !== 'win32',
  })
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const late = setTimeout(() => reject(new Error('no answer in time')), budgets.answerTime.most)
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  program.once('error', reject)
  program.once('message', resolve)
  // Comes after the message, if there was one.
  program.once('disconnect', () => reject(new Error('the program ended without an answer')))
  if (request !== undefined) program.send(request, () => undefined)
  try {
    return v.parse(answer, await promise)
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', abort)
    await end(program)
  }
}

type Run<Answer> = {
  env: NodeJS.ProcessEnv
  /** Its first and only message; undefined for a program that needs to know nothing. */
  request?: object
  answer: v.GenericSchema<unknown, Answer>
  signal: AbortSignal
}

async function end(program: ChildProcess): Promise<void> {
  if (program.pid === undefined) return
  const exited = new Promise(resolve => {
    if (program.exitCode !== null || program.signalCode !== null) resolve(undefined)
    else program.once('exit', resolve)
  })
  killGroup(program.pid)
  await exited
}

function killGroup(leader: number): void {
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL')
  } catch {
    // ESRCH: everything in it has ended already, which is the ordinary case.
  }
}

/** For the program itself: says its one answer and ends. */
export function answerAndExit(message: unknown): void {
  process.send?.(message, undefined, undefined, () => process.exit())
}

/** For the program itself: when the agent is gone it ends too, with everything that it has started. */
export function endWithAgent(): void {
  process.once('disconnect', () => {
    if (process.platform === 'win32') process.exit()
    else process.kill(-process.pid, 'SIGKILL')
  })
}
