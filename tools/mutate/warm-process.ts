import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Change, Order, Setup } from './warm-tests.ts'

/** `passed`: every test, with the change. `failed`: one has, or the file could not be loaded. */
export type Outcome = 'passed' | 'failed' | 'timed out'

/** The tests of a file, ready to run with one change of it after the other. Ends with its `using`. */
export function createWarmProcess(setup: Setup) {
  let child: ChildProcess | undefined

  return {
    async run(
      change: Change | null,
      limitMs: number,
    ): Promise<{ outcome: Outcome; why: string; ms: number }> {
      const began = performance.now()
      child ??= start()
      const over = new AbortController()
      const { signal } = over
      send(child, { change })
      // What loses the race is rejected by the abort, and nothing comes of that.
      const outcome = await Promise.race([
        once(child, 'message', { signal }).then(([answer]) => outcomeOf(answer)),
        once(child, 'exit', { signal }).then(
          () => ({ outcome: 'failed', why: 'ended its process' }) as const,
        ),
        sleep(limitMs, { outcome: 'timed out', why: `after ${limitMs} ms` } as const, { signal }),
      ])
      over.abort()
      if (outcome.outcome === 'timed out' || child.exitCode !== null) end()
      return { ...outcome, ms: performance.now() - began }
    },

    [Symbol.dispose]: end,
  }

  function start(): ChildProcess {
    const made = fork(join(import.meta.dirname, 'warm-tests.ts'), { stdio: 'ignore' })
    send(made, { setup })
    return made
  }

  function send(to: ChildProcess, order: Order): void {
    to.send(order)
  }

  function end(): void {
    child?.kill('SIGKILL')
    child = undefined
  }
}

function outcomeOf({ passed, why }: Answer): { outcome: Outcome; why: string } {
  return { outcome: passed ? 'passed' : 'failed', why }
}
