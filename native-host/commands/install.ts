import { type Command, Option } from 'commander'
import { type BrowserName, browserNames, browserRows } from '../../manifests/browsers.ts'
import type { CommandContext } from './context.ts'
import { reporting } from './outcome.ts'
import { text } from './text.ts'

const help = text.help.install
const words = text.install

export function addInstall(program: Command, context: CommandContext): void {
  program
    .command('install')
    .summary(help.summary)
    .description(help.description)
    .addOption(new Option('--browser <name...>', help.browser).choices(browserNames))
    .action(
      reporting(context.terminal, async (options: { browser?: BrowserName[] }) => {
        const { launcher, command, written, unreachable } = await context.host.install(options.browser)
        const lines = [
          ...written.map(({ browser, manifest }) => `${browserRows[browser].label.padEnd(15)} ${manifest}`),
          ...unreachable.map(
            ({ browser, sandbox }) => `${browserRows[browser].label.padEnd(15)} ${words.impossible(sandbox)}`,
          ),
          '',
          words.launcher(launcher),
          ...(command ? [words.command(command.path, command.onPath)] : []),
          words.extension(context.host.extensions),
        ]
        return {
          json: { launcher, command: command?.path ?? null, written, unreachable },
          lines,
        }
      }),
    )
}
