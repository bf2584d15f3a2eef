import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import type { SettingValue } from '../../protocol/settings.ts'
import { looksLikeSecret } from '../config/credential-form.ts'
import { decodeText } from '../config/decode-text.ts'
import { readConfigTxt } from '../config/import-config.ts'
import { budgets } from '../kernel/budgets.ts'
import type { CommandContext } from './context.ts'
import { jsonLines, wantsJson } from './outcome.ts'
import { changeSettings } from './settings.ts'
import { text } from './text.ts'

const help = text.help.import
const words = text.import

export function addImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .summary(help.summary)
    .description(help.description)
    .argument('<file>', help.file)
    .action(async function (this: Command, file: string) {
      await importFile(file, context, wantsJson(this) ? 'json' : 'text')
    })
}

/** @throws AppError CREDENTIALS_INVALID | IMPORT_INCOMPLETE when something was not taken, after all the rest was */
async function importFile(file: string, context: CommandContext, form: 'json' | 'text'): Promise<void> {
  const given = decodeText(await context.readFile(file, budgets.importBytes.most))
  const { settings, credentials, ignored, notes, problems } = readConfigTxt(given)
  const unfitting = new Map<string, AppError>()
  // First, so that a running tracker finds them when it turns to the bucket.
  if (credentials) await context.secrets.file.write('s3', credentials)
  await changeSettings(settings, context, (name, error) => unfitting.set(name, error))
  const taken = Object.entries(settings)
    .filter(([name]) => !unfitting.has(name))
    .map(([name, value]) => [name, shown(value)] as const)
  const refused = [...problems, ...unfitting.values()].map(({ code, detail }) => ({
    code,
    ...(detail !== undefined && { detail }),
  }))
  const lines = [
    ...taken.map(([name, value]) => words.row.imported(`${name} = ${value}`)),
    ...(credentials ? [words.row.imported(words.credentials)] : []),
    ...notes.map(words.row.note),
    ...ignored.map(words.row.ignored),
    ...refused.map(({ code, detail }) => words.row.refused(detail ?? code)),
  ]
  const json = {
    settings: Object.fromEntries(taken),
    credentials: credentials !== undefined,
    ignored,
    notes,
    refused,
  }
  await context.terminal.out(form === 'json' ? jsonLines(json) : lines.length === 0 ? [words.nothing] : lines)
  const wrong = problems.find(({ code }) => code === 'CREDENTIALS_INVALID')
  if (wrong) throw wrong
  const [first, ...others] = refused
  if (!first) return
  const detail = others.length > 0 ? words.failed(refused.length) : first.detail
  throw new AppError('IMPORT_INCOMPLETE', detail === undefined ? {} : { detail })
}

/** A secret may stand under the wrong name. */
function shown<T extends SettingValue>(value: T): T | '[set]' {
  return looksLikeSecret(String(value)) ? '[set]' : value
}
