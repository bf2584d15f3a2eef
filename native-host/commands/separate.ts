import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { reporting } from './outcome.ts'
import { text } from './text.ts'

const help = text.help.separate
const words = text.separate

export function addSeparate(program: Command, context: CommandContext): void {
  program
    .command('separate')
    .summary(help.summary)
    .description(help.description)
    .argument('<folder>', help.folder)
    .action(
      reporting(context.terminal, async (folder: string) => {
        const { home, own } = await context.separate(folder)
        return { json: { home, own_home: own }, lines: words.made(home, own) }
      }),
    )
}
