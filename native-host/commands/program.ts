import { Command, CommanderError } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { Interruption } from '../kernel/interruption.ts'
import { addConfirm } from './confirm.ts'
import type { CommandContext } from './context.ts'
import { addCredentials } from './credentials.ts'
import { addDetect } from './detect.ts'
import { addDoctor } from './doctor.ts'
import { addExport } from './export.ts'
import { addImport } from './import.ts'
import { addInstall } from './install.ts'
import { addKeys } from './keys.ts'
import { addOpen } from './open.ts'
import { describeError } from './outcome.ts'
import { addPause } from './pause.ts'
import { addReport } from './report.ts'
import { addRestore } from './restore.ts'
import { addResume } from './resume.ts'
import { addScreenshot } from './screenshot.ts'
import { addSeparate } from './separate.ts'
import { addSettings } from './settings.ts'
import { addShare } from './share.ts'
import { addStart } from './start.ts'
import { addStatus } from './status.ts'
import { addStop } from './stop.ts'
import { text } from './text.ts'
import { addUndo } from './undo.ts'
import { addUninstall } from './uninstall.ts'
import { addUnlock } from './unlock.ts'
import { addVerify } from './verify.ts'

const words = text.help.program

/** The whole command line. docs/command-line.md is generated from what this returns. */
export function createProgram(context: CommandContext, version: string): Command {
  const program = new Command('activity-tracker')
    .description(words.description)
    .version(version, '-V, --version', words.version)
    .option('--json', words.json)
    .helpOption('-h, --help', words.help)
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', words.after)
    // Errors are thrown and reported in one place, in the form that was asked for; help where a command is
    // missing is not.
    .exitOverride()
    .configureOutput({
      writeOut: text => void context.terminal.out(linesOf(text)),
      writeErr: text => context.terminal.err(linesOf(text)),
      outputError: () => undefined,
    })

  // Where a variable alone names a second tracker, nothing is done but to help and to make it one.
  program.hook('preAction', (_, command) => {
    if (context.refused && !withoutTracker.has(command.name())) throw context.refused
  })

  addStart(program, context)
  addStop(program, context)
  addStatus(program, context)
  addDoctor(program, context)
  addPause(program, context)
  addResume(program, context)
  addScreenshot(program, context)
  addConfirm(program, context)
  addUndo(program, context)
  addUnlock(program, context)
  addSettings(program, context)
  addKeys(program, context)
  addCredentials(program, context)
  addImport(program, context)
  addOpen(program, context)
  addVerify(program, context)
  addRestore(program, context)
  addReport(program, context)
  addShare(program, context)
  addExport(program, context)
  addDetect(program, context)
  addSeparate(program, context)
  addInstall(program, context)
  addUninstall(program, context)
  addHelp(program)
  return program
}

const withoutTracker = new Set(['help', 'separate'])

/** Of commands within commands too, which the one of commander does not know: `help settings set`. */
function addHelp(program: Command): void {
  program
    .command('help')
    .summary(text.help.help.summary)
    .description(text.help.help.description)
    .argument('[command...]', text.help.help.words)
    .action((names: string[]) => {
      let found = program
      for (const name of names) {
        const next = found.commands.find(command => command.name() === name)
        if (!next) throw new AppError('USAGE', { detail: text.unknownCommand(names.join(' ')) })
        found = next
      }
      found.outputHelp()
    })
}

/** Runs one command and returns its exit code: 0, or the one of the reported error. */
export async function runProgram(
  context: CommandContext,
  version: string,
  args: readonly string[],
): Promise<number> {
  try {
    await createProgram(context, version).parseAsync([...args], { from: 'user' })
    return 0
  } catch (thrown) {
    if (context.signal.aborted || thrown instanceof Interruption) return interrupted
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0
    const { lines, json, exit } = describeError(
      thrown instanceof CommanderError ? usageError(thrown) : thrown,
    )
    context.terminal.err(args.includes('--json') ? [JSON.stringify(json)] : lines)
    return exit
  }
}

/** Of help, which is all our own. */
function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n')
}

/** As shells say it: 128 and the number of SIGINT. */
export const interrupted = 130

function usageError(thrown: CommanderError): AppError {
  const missing = thrown.code === 'commander.help'
  const said = thrown.message.replace(/^error: /, '').replaceAll('\n', ' ')
  return new AppError('USAGE', { detail: missing ? text.noCommand : said })
}
