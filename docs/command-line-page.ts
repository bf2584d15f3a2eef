import type { Command } from 'commander'
import type { CommandContext } from '../native-host/commands/context.ts'
import { createProgram } from '../native-host/commands/program.ts'
import { type ErrorCode, errorRows } from '../protocol/errors.ts'
import { code, madeFrom, table } from './markdown.ts'

export function commandLinePage(): string {
  const program = createProgram(neverUsed, '')
  const leaves = program.commands.flatMap(command =>
    command.commands.length > 0 ? command.commands : [command],
  )
  return `${madeFrom('native-host/commands/ and protocol/errors.ts')}# Command line

After \`npm run build\` the command is \`dist/native-host/activity-tracker\`; from the sources it is \`npm run -s cli --\`.
\`activity-tracker help COMMAND\` prints the same text as this page.

Only the result goes to stdout; progress, hints and errors go to stderr. Every command is about the tracker of one account, whose
folder \`activity-tracker status\` prints. \`ACTIVITY_TRACKER_HOME\` selects a second tracker, if [\`separate\`](#separate) made its folder.

${table(
  ['command', ''],
  leaves.map(command => [`[${code(usage(command))}](#${anchor(title(command))})`, `${command.summary()}`]),
)}
${leaves.map(describe).join('\n')}
## Options of every command
${options(program)}
## JSON

With \`--json\` a command prints one JSON value on stdout. \`status\` prints what [protocol/status.ts](../protocol/status.ts)
describes. \`open\` always prints records as NDJSON, one record a line. A command that fails prints nothing more on stdout and
one line on stderr:

\`\`\`json
${JSON.stringify({ error: { code: 'SETTING_INVALID', sentence: errorRows.SETTING_INVALID.sentence, next: errorRows.SETTING_INVALID.next, detail: 'screenshot_interval takes a whole number from 5 to 3600 (seconds)', exit: errorRows.SETTING_INVALID.exit } })}
\`\`\`

\`detail\` may be missing.

## Exit codes

They follow sysexits.h, so that a script can tell a typing error from something that may work later.

${table(['exit', 'meaning', 'codes'], exitRows())}`
}

/** Only the definitions are read here; no command runs that would need anything of it. */
const neverUsed = {} as CommandContext

function describe(command: Command): string {
  return `## ${title(command)}

\`\`\`
activity-tracker ${usage(command)}
\`\`\`

${command.description()}
${args(command)}${options(command)}`
}

function args(command: Command): string {
  const rows = command.registeredArguments.map(argument => [code(argument.name()), argument.description])
  return rows.length === 0 ? '' : `\n${table(['argument', ''], rows)}`
}

function options(command: Command): string {
  const rows = command
    .createHelp()
    .visibleOptions(command)
    .filter(option => option.long !== '--help' || !command.parent)
    .map(option => [
      code(option.flags),
      [
        option.description,
        option.argChoices && `one of ${option.argChoices.map(code).join(', ')}`,
        option.defaultValue === undefined ? undefined : `default: ${code(String(option.defaultValue))}`,
      ]
        .filter(part => part !== undefined)
        .join('; '),
    ])
  return rows.length === 0 ? '' : `\n${table(['option', ''], rows)}`
}

function title(command: Command): string {
  return command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name()
}

function usage(command: Command): string {
  return `${title(command)} ${command.usage()}`
    .replace('[options]', command.options.length > 0 ? '[options]' : '')
    .replace(/ +/g, ' ')
    .trim()
}

/** As GitHub makes it of a heading. */
function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(' ', '-')
}

const exitMeanings: Record<number, string> = {
  0: 'done',
  64: 'the command, a name or a value was wrong',
  65: 'what was given to read is not of the right form',
  66: 'a file that was named cannot be read, or is missing',
  69: 'something that is needed is not there',
  70: 'the tracker itself is at fault',
  74: 'writing failed',
  75: 'not now; it may work later',
  77: 'not allowed',
  78: 'something is not set up',
  130: 'ended with Ctrl+C',
}

function exitRows(): string[][] {
  const codes = Object.keys(errorRows) as ErrorCode[]
  return Object.entries(exitMeanings).map(([exit, meaning]) => [
    exit,
    meaning,
    codes
      .filter(name => errorRows[name].exit === Number(exit))
      .map(code)
      .join(' '),
  ])
}
