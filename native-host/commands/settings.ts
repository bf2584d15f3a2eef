import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import {
  describeLimits,
  parseSettingName,
  parseSettingText,
  type SettingName,
  type SettingRow,
  type Settings,
  settingNames,
  settingRows,
} from '../../protocol/settings.ts'
import { inFittingOrder } from '../../protocol/settings-together.ts'
import { connectIfRunning } from './connect-if-running.ts'
import type { CommandContext } from './context.ts'
import { describeProblem } from './describe-status.ts'
import { type Outcome, reporting } from './outcome.ts'
import { text } from './text.ts'

const help = text.help.settings

export function addSettings(program: Command, context: CommandContext): void {
  const settings = program.command('settings').summary(help.summary).description(help.description)
  settings
    .command('get')
    .summary(help.get.summary)
    .description(help.get.description)
    .argument('[name]', help.name)
    .action(
      reporting(context.terminal, (name: string | undefined) =>
        name === undefined ? getAll(context) : getOne(parseSettingName(name), context),
      ),
    )
  settings
    .command('set')
    .summary(help.set.summary)
    .description(help.set.description)
    .argument('<name>', help.name)
    .argument('<value>', help.set.value)
    .action(
      reporting(context.terminal, async (name: string, given: string) => {
        const known = parseSettingName(name)
        const value = parseSettingText(known, given)
        await changeSettings({ [known]: value }, context)
        return { json: { [known]: value }, lines: [`${known} = ${value}`] }
      }),
    )
}

const lookAgainMs = 100

/**
 * Through the running agent, so that it follows; else straight into the file. An agent that is just starting has read
 * that file already, and would write its own over it: it is waited for.
 */
export async function changeSettings(
  changes: Partial<Settings>,
  context: CommandContext,
  /** Hears of each that does not fit, and the others are changed; without it, the first of them ends it. */
  onRefused?: (name: SettingName, error: AppError) => void,
): Promise<void> {
  for (;;) {
    using session = await connectIfRunning(context.agent)
    if (session)
      return await change((name, value) => session.request({ type: 'change-setting', name, value }))
    using _alone = context.agent.holdOff()
    if (_alone) return await change((await context.openSettings()).change)
    await sleep(lookAgainMs, undefined, { signal: context.signal })
  }

  async function change(
    set: <K extends SettingName>(name: K, value: Settings[K]) => Promise<void>,
  ): Promise<void> {
    for (const name of inFittingOrder(settingNames, changes.endpoint)) {
      const value = changes[name]
      if (value === undefined) continue
      try {
        await set(name, value)
      } catch (error) {
        if (!onRefused || !(error instanceof AppError && error.code === 'SETTING_INVALID')) throw error
        onRefused(name, error)
      }
    }
  }
}

async function getAll(context: CommandContext): Promise<Outcome> {
  const settings = await readSettings(context)
  const width = Math.max(...settingNames.map(name => name.length))
  return {
    json: settings,
    lines: settingNames.map(name => `${name.padEnd(width)} = ${settings[name]}`),
  }
}

async function getOne(name: SettingName, context: CommandContext): Promise<Outcome> {
  const row: SettingRow = settingRows[name]
  const value = (await readSettings(context))[name]
  // Beside the result, so that a script that reads the value gets the value alone.
  context.terminal.err([
    row.help,
    text.settings.limits(describeLimits(row), row.default === '' ? text.settings.empty : String(row.default)),
  ])
  return { json: { [name]: value }, lines: [String(value)] }
}

async function readSettings(context: CommandContext): Promise<Settings> {
  using session = await connectIfRunning(context.agent)
  const store = await context.openSettings()
  if (session) return { ...store.current.value, ...(await session.snapshot()).settings }
  for (const problem of store.problems) context.terminal.err([...describeProblem(problem), ''])
  return store.current.value
}
