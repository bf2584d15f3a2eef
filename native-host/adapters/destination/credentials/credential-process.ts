import { AsyncLocalStorage } from 'node:async_hooks'
import { promisify } from 'node:util'
import { AppError } from '../../../../protocol/errors.ts'
import { budgets } from '../../../kernel/budgets.ts'
import { runShellLine } from '../../../platform/process/start-program.ts'

type Answer = Awaited<ReturnType<typeof runShellLine>>

/**
 * By their lines. One that asks a person for a code asks once, however often an upload tries meanwhile, and what it
 * answers between two tries is kept for the next.
 */
const running = new Map<string, Promise<Answer>>()

/** What the SDK does not pass on: it makes a sentence of every error. */
const asking = new AsyncLocalStorage<{ waits: AppError | undefined }>()

/**
 * The program that a profile of the AWS tools names (`credential_process`) is started by the SDK with everything that
 * our environment holds. Here it gets what its row of platform/process/program-environment.ts lists; a line that needs
 * more can say `env NAME=value program`.
 */
export async function startCredentialProcessesOurWay(): Promise<void> {
  const { externalDataInterceptor } = await import('@smithy/core/config')
  // The SDK's own place for another way to start it; what it expects there is made for promisify.
  const start = Object.assign(() => undefined, { [promisify.custom]: answerOf })
  externalDataInterceptor.interceptToken('exec', start)
}

/** @throws AppError UPLOAD_CREDENTIALS_WAIT when a program that `ask` needs does not answer soon | as `ask` */
export async function sayingWhoWaits<T>(ask: () => Promise<T>): Promise<T> {
  const seen: { waits: AppError | undefined } = { waits: undefined }
  try {
    return await asking.run(seen, ask)
  } catch (error) {
    throw seen.waits ?? error
  }
}

async function answerOf(line: string): Promise<Answer> {
  const seen = asking.getStore()
  // The SDK looks at a profile in several ways, and would wait for the same program in each.
  if (seen?.waits) throw seen.waits
  const program = running.get(line) ?? begin(line)
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), budgets.credentialPatience.most)
  let goesOn = false
  try {
    const answer = await Promise.race([program, late])
    goesOn = answer === undefined
    if (answer === undefined) throw new AppError('UPLOAD_CREDENTIALS_WAIT')
    return answer
  } catch (error) {
    if (seen && error instanceof AppError) seen.waits = error
    throw error
  } finally {
    clearTimeout(timer)
    if (!goesOn) running.delete(line)
  }
}

function begin(line: string): Promise<Answer> {
  const ending = new AbortController()
  // No caller waits any more.
  const end = () => ending.abort()
  process.once('exit', end)
  const program = runShellLine('credential-process', line, { env: process.env, signal: ending.signal })
    .catch(error => {
      throw error.signal === 'SIGKILL' ? new AppError('UPLOAD_CREDENTIALS_WAIT', { detail: ended }) : error
    })
    .finally(() => process.removeListener('exit', end))
  // It may fail while no try waits for it.
  program.catch(() => undefined)
  running.set(line, program)
  return program
}

const ended = `it was stopped after ${budgets.credentialTime.most / 60_000} minutes; the next attempt starts it again`
