import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { reporting } from './outcome.ts'
import { withProgress } from './progress.ts'

export function addScreenshot(program: Command, context: CommandContext): void {
  program
    .command('screenshot')
    .summary('take a screenshot now')
    .description('Takes one screenshot of every display now, blurred and sealed like every other.')
    .action(
      reporting(context.terminal, async () => {
        using session = await context.agent.connect()
        await withProgress(
          context.terminal,
          'Taking a screenshot',
          session.request({ type: 'screenshot-now' }),
        )
        const { last, displays } = (await session.snapshot()).status.screenshots
        return { json: { last, displays }, text: 'A screenshot was taken and sealed.' }
      }),
    )
}
