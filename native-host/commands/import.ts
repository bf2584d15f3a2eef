import type { Command } from 'commander'
import type { SettingValue } from '../../protocol/settings.ts'
import { looksLikeSecret } from '../config/credential-form.ts'
import { decodeText } from '../config/decode-text.ts'
import { readConfigTxt } from '../config/import-config.ts'
import { budgets } from '../kernel/budgets.ts'
import type { CommandContext } from './context.ts'
import { jsonLines, wantsJson } from './outcome.ts'
import { changeSettings } from './settings.ts'

export function addImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .summary('take over settings and credentials from a config.txt')
    .description(
      'Reads an INI file with a [settings] section, as earlier trackers had it. Settings that fit are taken, and it ' +
        'says which were not. Credentials that are refused end it with 65. Those that are taken go into a file of their own that only you can read, and are never shown.',
    )
    .argument('<file>', 'such as config.txt; - reads the standard input')
    .action(async function (this: Command, file: string) {
      await importFile(file, context, wantsJson(this) ? 'json' : 'text')
    })
}

/** @throws AppError CREDENTIALS_INVALID when it has credentials that were not taken, after all the rest was */
async function importFile(file: string, context: CommandContext, form: 'json' | 'text'): Promise<void> {
  const text = decodeText(await context.readFile(file, budgets.importBytes.most))
  const { settings, credentials, ignored, notes, problems } = readConfigTxt(text)
  // First, so that a running tracker finds them when it turns to the bucket.
  if (credentials) await context.secrets.file.write('s3', credentials)
  await changeSettings(settings, context)
  const taken = Object.entries(settings).map(([name, value]) => [name, shown(value)] as const)
  const refused = problems.map(({ code, detail }) => ({ code, ...(detail !== undefined && { detail }) }))
  const lines = [
    ...taken.map(([name, value]) => `taken     ${name} = ${value}`),
    ...(credentials ? ['taken     credentials [set]'] : []),
    ...notes.map(note => `note      ${note}`),
    ...ignored.map(name => `ignored   ${name}`),
    ...refused.map(({ code, detail }) => `refused   ${detail ?? code}`),
  ]
  const json = {
    settings: Object.fromEntries(taken),
    credentials: credentials !== undefined,
    ignored,
    notes,
    refused,
  }
  await context.terminal.out(
    form === 'json' ? jsonLines(json) : lines.length === 0 ? ['There was nothing in it to take.'] : lines,
  )
  const wrong = problems.find(({ code }) => code === 'CREDENTIALS_INVALID')
  if (wrong) throw wrong
}

/** A secret that stands behind the wrong name. */
function shown<T extends SettingValue>(value: T): T | '[set]' {
  return looksLikeSecret(String(value)) ? '[set]' : value
}
