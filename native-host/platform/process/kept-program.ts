import type { ChildProcess } from 'node:child_process'
import { createTurns } from '../../kernel/in-turn.ts'
import { forkProgram } from './start-program.ts'

/** A program of ours that answers one request after the other. */
export type KeptProgram = {
  /**
   * @throws the reason of `signal` when it aborts, and then the program is ended | Error when it dies. The next request
   * starts it again.
   */
  ask(request: object, signal: AbortSignal): Promise<unknown>
}

/** Requests that follow each other so closely are worth a process that waits for the next. */
const oftenMs = 30_000
/** The displays of one screenshot follow each other at once. */
const brieflyMs = 500

/**
 * Starts `path` when it is first asked something, and ends it when nothing more is likely to come soon: starting it
 * costs a tenth of a second of computing time, keeping it costs memory.
 */
export function keptProgram(path: string, startWith: () => Parameters<typeof forkProgram>[2]): KeptProgram {
  const inTurn = createTurns()
  let running: ChildProcess | undefined
  let ending: NodeJS.Timeout | undefined
  let askedAtMs = Number.NEGATIVE_INFINITY

  return {
    ask: (request, signal) =>
      inTurn(async () => {
        signal.throwIfAborted()
        clearTimeout(ending)
        const isOften = performance.now() - askedAtMs < oftenMs
        askedAtMs = performance.now()
        try {
          running ??= start()
          return await answerOf(running, request, signal)
        } catch (error) {
          end()
          throw error
        } finally {
          ending = setTimeout(end, isOften ? oftenMs : brieflyMs)
          ending.unref()
        }
      }),
  }

  function start(): ChildProcess {
    const program = forkProgram('picture-edit', path, startWith())
    // It is not what keeps us going.
    program.unref()
    program.channel?.unref()
    // The caller reports it; without a listener it would end this process.
    program.on('error', () => undefined)
    program.once('exit', () => {
      if (running === program) running = undefined
    })
    return program
  }

  function end(): void {
    running?.kill('SIGKILL')
    running = undefined
  }
}

async function answerOf(program: ChildProcess, request: object, signal: AbortSignal): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const abort = () => reject(signal.reason)
  const died = () => reject(new Error('the program ended without an answer'))
  signal.addEventListener('abort', abort, { once: true })
  program.once('message', resolve)
  program.once('error', reject)
  program.once('disconnect', died)
  program.channel?.ref()
  program.send(request, () => undefined)
  try {
    return await promise
  } finally {
    program.channel?.unref()
    signal.removeEventListener('abort', abort)
    program.off('message', resolve).off('error', reject).off('disconnect', died)
  }
}
