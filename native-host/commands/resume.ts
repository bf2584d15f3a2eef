import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { reporting } from './outcome.ts'

export function addResume(program: Command, context: CommandContext): void {
  program
    .command('resume')
    .summary('end a pause')
    .description('Ends a pause at once. It is no error when there is none.')
    .action(
      reporting(context.terminal, async () => {
        using session = await context.agent.connect()
        await session.request({ type: 'resume' })
        return { json: { paused: false }, lines: ['Tracking goes on.'] }
      }),
    )
}
