import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { reporting } from './outcome.ts'
import { text } from './text.ts'

const help = text.help.unlock
const words = text.unlock

export function addUnlock(program: Command, context: CommandContext): void {
  program
    .command('unlock')
    .summary(help.summary)
    .description(help.description)
    .action(
      reporting(context.terminal, async () => {
        using session = await context.agent.connect()
        await session.request({ type: 'unlock-pictures' })
        return { json: { unlocked: true }, lines: [words.unlocked] }
      }),
    )
}
