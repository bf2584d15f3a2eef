import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import type { CommandContext } from './context.ts'
import { describeStatus } from './describe-status.ts'
import { reporting, wantsJson } from './outcome.ts'

export function addStatus(program: Command, context: CommandContext): void {
  program
    .command('status')
    .summary('show what is being recorded and where it goes')
    .description(
      'Shows whether tracking is on and why not, what was counted today, what waits to be delivered and to where, ' +
        'who can open it, and where the files and the log are.',
    )
    .action(async function (this: Command) {
      const { agent, terminal, home, ownHome, log } = context
      const another = ownHome === undefined ? [] : [`This is another tracker than yours in ${ownHome}`]
      await reporting(terminal, async () => {
        using session = await agent.connect().catch(async error => {
          // Somebody who looks for the log looks for it when the tracker does not run.
          const stopped = error instanceof AppError && error.code === 'AGENT_UNREACHABLE'
          if (stopped && !wantsJson(this))
            await terminal.out(['Not running', '', `Files  ${home}`, `Log    ${log}`, ...another, ''])
          throw error
        })
        const { status } = await session.snapshot()
        return { json: status, lines: describeStatus(status, log) }
      }).call(this)
    })
}
