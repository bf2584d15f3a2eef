import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { type Settings, settingNames } from '../../protocol/settings.ts'
import type { Status } from '../../protocol/status.ts'
import { describeRestored } from '../privacy/weakening.ts'
import type { AgentSession, CommandContext } from './context.ts'
import { type Outcome, reporting } from './outcome.ts'

export function addUndo(program: Command, context: CommandContext): void {
  program
    .command('undo')
    .summary('put back what protects you less than before')
    .description(
      'Puts back the settings that were made to protect you less, as they were before the last such change, and withdraws a ' +
        'consent that was part of it. What you have made stronger since stays. Repeat it to go back further.',
    )
    .option('--all', 'all such changes, and not just the last')
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
    const words = describeRestored(name, from, to)
    return `${words.what}: ${words.from} → ${words.to}`
  })
  const withdrawn = isAgreed(before) && !isAgreed(after)
  if (withdrawn) lines.push('The consent is withdrawn. Nothing is recorded.')
  return {
    json: { undone: Object.fromEntries(undone.map(({ name, to }) => [name, to])), withdrawn },
    lines: lines.length === 0 ? ['Nothing had to be put back: it is so already.'] : lines,
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
