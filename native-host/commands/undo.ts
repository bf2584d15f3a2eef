import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { type Settings, settingNames } from '../../protocol/settings.ts'
import type { Status } from '../../protocol/status.ts'
import { describeRestored } from '../privacy/weakening.ts'
import type { AgentSession, CommandContext } from './context.ts'
import { type Outcome, reporting } from './outcome.ts'
import { text } from './text.ts'

const help = text.help.undo
const words = text.undo

export function addUndo(program: Command, context: CommandContext): void {
  program
    .command('undo')
    .summary(help.summary)
    .description(help.description)
    .option('--all', help.all)
    .action(
      reporting(context.terminal, async (options: { all?: true }) => {
        using session = await context.agent.connect()
        return await undo(session, options.all === true)
      }),
    )
}

type Snapshot = { status: Status; settings: Partial<Settings> }

async function undo(session: AgentSession, all: boolean): Promise<Outcome> {
  const before = await session.snapshot()
  await session.request({ type: 'undo-weakening' })
  while (all && (await wentOn(session)));
  const after = await session.snapshot()
  const undone = settingNames.flatMap(name => {
    const [from, to] = [before.settings[name], after.settings[name]]
    return from === undefined || to === undefined || from === to ? [] : [{ name, from, to }]
  })
  const lines = undone.map(({ name, from, to }) => {
    const change = describeRestored(name, from, to)
    return text.confirm.change(change.what, change.from, change.to)
  })
  const withdrawn = isAgreed(before) && !isAgreed(after)
  if (withdrawn) lines.push(words.withdrawn)
  return {
    json: { undone: Object.fromEntries(undone.map(({ name, to }) => [name, to])), withdrawn },
    lines: lines.length === 0 ? [words.nothing] : lines,
  }
}

async function wentOn(session: AgentSession): Promise<boolean> {
  try {
    await session.request({ type: 'undo-weakening' })
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOTHING_TO_UNDO') return false
    throw error
  }
}

function isAgreed({ status }: Snapshot): boolean {
  return status.consent !== null
}
