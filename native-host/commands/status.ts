import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import type { CommandContext } from './context.ts'
import { describeStatus } from './describe-status.ts'
import { reporting, wantsJson } from './outcome.ts'
import { text } from './text.ts'

const help = text.help.status
const words = text.status

export function addStatus(program: Command, context: CommandContext): void {
  program
    .command('status')
    .summary(help.summary)
    .description(help.description)
    .action(async function (this: Command) {
      const { agent, terminal, home, ownHome, log } = context
      const another = ownHome === undefined ? [] : [words.anotherTracker(ownHome)]
      const rows = [line(words.rows.files, home), line(words.rows.log, log)]
      await reporting(terminal, async () => {
        using session = await agent.connect().catch(async error => {
          // The log is most wanted when the tracker does not run.
          const stopped = error instanceof AppError && error.code === 'AGENT_UNREACHABLE'
          if (stopped && !wantsJson(this)) await terminal.out([words.notRunning, '', ...rows, ...another, ''])
          throw error
        })
        const { status } = await session.snapshot()
        return { json: status, lines: describeStatus(status, log) }
      }).call(this)
    })
}

function line(name: string, value: string): string {
  return `${name.padEnd(6)} ${value}`
}
