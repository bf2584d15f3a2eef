import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { whyBlurred } from './describe-status.ts'
import { reporting } from './outcome.ts'
import { withProgress } from './progress.ts'

export function addScreenshot(program: Command, context: CommandContext): void {
  program
    .command('screenshot')
    .summary('take a screenshot now')
    .description(
      'Takes one screenshot of every display now, blurred and sealed like every other, and says why a display is blurred ' +
        'although blurring is off.',
    )
    .action(
      reporting(context.terminal, async () => {
        using session = await context.agent.connect()
        await withProgress(
          context.terminal,
          'Taking a screenshot',
          session.request({ type: 'screenshot-now' }),
        )
        const { screenshots } = (await session.snapshot()).status
        const { last, displays, blurred } = screenshots
        const lines = ['A screenshot was taken and sealed.', ...whyBlurred(screenshots)]
        return { json: { last, displays, blurred }, lines }
      }),
    )
}
