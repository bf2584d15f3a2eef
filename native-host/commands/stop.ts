import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { connectIfRunning } from './connect-if-running.ts'
import type { AgentSession, CommandContext } from './context.ts'
import { reporting } from './outcome.ts'
import { withProgress } from './progress.ts'
import { text } from './text.ts'

const help = text.help.stop
const words = text.stop

const lookMs = 20

export function addStop(program: Command, context: CommandContext): void {
  program
    .command('stop')
    .summary(help.summary)
    .description(help.description)
    .action(
      reporting(context.terminal, async () => {
        using session = await connectIfRunning(context.agent)
        if (!session) return { json: { stopped: false }, lines: [words.notRunning] }
        await endAgent(session, context)
        return { json: { stopped: true }, lines: [words.stopped] }
      }),
    )
}

/** Resolves when the process is gone, so that the next one that starts does not meet the old one. */
export async function endAgent(session: AgentSession, context: CommandContext): Promise<void> {
  const { pid } = (await session.snapshot()).status.agent
  await withProgress(context.terminal, words.saving, end())

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
