import type { Command } from 'commander'
import { connectIfRunning } from './connect-if-running.ts'
import type { CommandContext } from './context.ts'
import { reporting } from './outcome.ts'
import { endAgent } from './stop.ts'

export function addUninstall(program: Command, context: CommandContext): void {
  program
    .command('uninstall')
    .summary('take back everything that install wrote')
    .description(
      'Ends the tracker and removes what "install" wrote for the browsers. What was recorded stays; it says where.',
    )
    .action(
      reporting(context.terminal, async () => {
        using session = await connectIfRunning(context.agent)
        if (session) await endAgent(session, context)
        const removed = await context.host.uninstall()
        const what =
          removed.length === 0 ? ['Nothing was installed.'] : removed.map(path => `removed ${path}`)
        const rest = `Your records, settings and keys stay in ${context.home}`
        return { json: { removed, kept: context.home }, lines: [...what, '', rest] }
      }),
    )
}
