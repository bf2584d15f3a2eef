import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { whyBlurred } from './describe-status.ts'
import { reporting } from './outcome.ts'
import { withProgress } from './progress.ts'
import { text } from './text.ts'

const help = text.help.screenshot
const words = text.screenshot

export function addScreenshot(program: Command, context: CommandContext): void {
  program
    .command('screenshot')
    .summary(help.summary)
    .description(help.description)
    .action(
      reporting(context.terminal, async () => {
        using session = await context.agent.connect()
        await withProgress(context.terminal, words.taking, session.request({ type: 'screenshot-now' }))
        const { screenshots } = (await session.snapshot()).status
        const { last, displays, blurred } = screenshots
        const lines = [words.taken, ...whyBlurred(screenshots)]
        return { json: { last, displays, blurred }, lines }
      }),
    )
}
