import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { reporting } from './outcome.ts'

export function addUnlock(program: Command, context: CommandContext): void {
  program
    .command('unlock')
    .summary('show screenshots that are not blurred in the browser, for ten minutes')
    .description(
      'Held screenshots that are not blurred are shown by no browser unless you allow it, outside the browser: here, or ' +
        'with "confirm" when a browser has asked. After ten minutes they are hidden again.',
    )
    .action(
      reporting(context.terminal, async () => {
        using session = await context.agent.connect()
        await session.request({ type: 'unlock-pictures' })
        return { json: { unlocked: true }, lines: ['Browsers show them for ten minutes.'] }
      }),
    )
}
