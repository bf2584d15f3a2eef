import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../../protocol/errors.ts'
import { builtProgram } from '../support/built-program.ts'
import type { TrackerHome } from '../support/tracker-home.ts'

export type StartedAgent = AsyncDisposable & {
  pid: number
  /** Why it did not start; undefined when it runs. */
  refused: Problem | undefined
}

/** Much longer than any start takes, and short enough to say that something hangs. */
const hangsAfterMs = 20_000

/** Starts the tracker as a browser does, and waits until it runs or says why not. `umask` in octal. */
export async function startHere(
  { env }: Pick<TrackerHome, 'env'>,
  { umask = '022', user = [] }: { umask?: string; user?: readonly string[] } = {},
): Promise<StartedAgent> {
  const words = [
    process.execPath,
    '--no-warnings',
    builtProgram('agent'),
    '--lifetime=stay',
    '--report-start',
  ]
  const agent = spawn('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...user, ...words], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    env,
  })
  const ended = once(agent, 'exit')
  const pipe = agent.stdio[3]
  const said = pipe && 'read' in pipe ? text(pipe) : Promise.resolve('')
  const answer = await Promise.race([said, sleep(hangsAfterMs, 'hangs', { ref: false })])
  if (answer === 'hangs') agent.kill('SIGKILL')
  const refused: Problem | undefined =
    answer === 'hangs' ? { code: 'AGENT_NOT_ANSWERING' } : answer === '' ? undefined : JSON.parse(answer)
  return {
    pid: agent.pid ?? 0,
    refused,
    async [Symbol.asyncDispose]() {
      agent.kill('SIGTERM')
      await ended
    },
  }
}
