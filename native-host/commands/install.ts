import { type Command, Option } from 'commander'
import { type BrowserName, browserNames, browserRows } from '../../manifests/browsers.ts'
import type { CommandContext } from './context.ts'
import { reporting } from './outcome.ts'

export function addInstall(program: Command, context: CommandContext): void {
  program
    .command('install')
    .summary('let the browsers of this account start the tracker')
    .description(
      'Registers the tracker with the browsers that are found, for this account only, so that the extension can ' +
        'start it. Repeat it after the tracker or its Node runtime was moved.',
    )
    .addOption(
      new Option('--browser <name...>', 'only these, whether they are found or not').choices(browserNames),
    )
    .action(
      reporting(context.terminal, async (options: { browser?: BrowserName[] }) => {
        const { launcher, command, written, unreachable } = await context.host.install(options.browser)
        const lines = [
          ...written.map(({ browser, manifest }) => `${browserRows[browser].label.padEnd(15)} ${manifest}`),
          ...unreachable.map(
            ({ browser, sandbox }) =>
              `${browserRows[browser].label.padEnd(15)} not possible: it comes from a ${sandbox}, which may not start ` +
              'programs of the computer',
          ),
          '',
          `They start ${launcher}`,
          ...(command ? [`The command: ${command.path}${command.onPath ? '' : notOnPath}`] : []),
          `The extension to load: ${context.host.extensions}`,
        ]
        return {
          json: { launcher, command: command?.path ?? null, written, unreachable },
          lines,
        }
      }),
    )
}

const notOnPath = ' (its folder is not on the PATH of this terminal; log in again, or call it by this path)'
