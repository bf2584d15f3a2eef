import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { connectIfRunning } from './connect-if-running.ts'
import type { AgentSession, CommandContext } from './context.ts'
import { reporting } from './outcome.ts'
import { withProgress } from './progress.ts'

const lookMs = 20

export function addStop(program: Command, context: CommandContext): void {
  program
    .command('stop')
    .summary('save and seal everything, and end the tracker')
    .description(
      'Saves and seals everything, delivers what can be delivered, and ends the tracker. What is not delivered waits ' +
        'for the next start. It is no error when the tracker does not run. A browser with the extension starts it again.',
    )
    .action(
      reporting(context.terminal, async () => {
        using session = await connectIfRunning(context.agent)
        if (!session) return { json: { stopped: false }, lines: ['The tracker was not running.'] }
        await endAgent(session, context)
        return { json: { stopped: true }, lines: ['Stopped. Everything is saved.'] }
      }),
    )
}

/** Resolves when the process is gone, so that whoever starts one next does not meet the old one. */
export async function endAgent(session: AgentSession, context: CommandContext): Promise<void> {
  const { pid } = (await session.snapshot()).status.agent
  await withProgress(context.terminal, 'Saving and sealing', end())

  async function end() {
    await session.request({ type: 'stop' }).catch(unlessGone)
    while (context.agent.lives(pid)) await sleep(lookMs, undefined, { signal: context.signal })
  }
}

/** An agent that is gone is what a stop is for. */
function unlessGone(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'AGENT_UNREACHABLE') return undefined
  throw error
}
