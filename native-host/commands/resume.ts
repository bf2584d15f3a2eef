import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { describeState } from './describe-status.ts'
import { reporting } from './outcome.ts'
import { withProgress } from './progress.ts'
import { settle } from './start.ts'

export function addResume(program: Command, context: CommandContext): void {
  program
    .command('resume')
    .summary('end a pause')
    .description(
      'Ends a pause at once, and says whether tracking goes on. It is no error when there was no pause.',
    )
    .action(
      reporting(context.terminal, async () => {
        using session = await context.agent.connect()
        await session.request({ type: 'resume' })
        const settled = settle(session, context.signal)
        const status = await withProgress(context.terminal, 'Waiting for the first record', settled)
        const tracking = status.state.kind === 'tracking'
        const { word, next } = describeState(status)
        return {
          json: { paused: false, tracking },
          lines: tracking
            ? ['Tracking goes on.']
            : ['The pause is over.', word, ...(next ? [`  → ${next}`] : [])],
        }
      }),
    )
}
