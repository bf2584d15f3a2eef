import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { describeState } from './describe-status.ts'
import { reporting } from './outcome.ts'
import { withProgress } from './progress.ts'
import { settle } from './start.ts'
import { text } from './text.ts'

const help = text.help.resume
const words = text.resume

export function addResume(program: Command, context: CommandContext): void {
  program
    .command('resume')
    .summary(help.summary)
    .description(help.description)
    .action(
      reporting(context.terminal, async () => {
        using session = await context.agent.connect()
        await session.request({ type: 'resume' })
        const settled = settle(session, context.signal)
        const status = await withProgress(context.terminal, text.start.waiting, settled)
        const tracking = status.state.kind === 'tracking'
        const { word, next } = describeState(status)
        return {
          json: { paused: false, tracking },
          lines: tracking ? [words.resumed] : [words.over, word, ...(next ? [text.next(next)] : [])],
        }
      }),
    )
}
