import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { connectIfRunning } from './connect-if-running.ts'
import type { CommandContext } from './context.ts'
import { type Outcome, reporting } from './outcome.ts'
import { confirmPurge, describePlan, planPurge, purgeAll, refuseUndelivered } from './purge.ts'
import { endAgent } from './stop.ts'
import { text } from './text.ts'

const help = text.help.uninstall
const words = text.uninstall

type Options = { purge?: true; yes?: true; undelivered?: true }

export function addUninstall(program: Command, context: CommandContext): void {
  program
    .command('uninstall')
    .summary(help.summary)
    .description(help.description)
    .option('--purge', help.purge)
    .option('--yes', help.yes)
    .option('--undelivered', help.undelivered)
    .action(
      reporting(context.terminal, (options: Options) =>
        options.purge ? purge(options, context) : uninstall(context),
      ),
    )
}

async function uninstall(context: CommandContext): Promise<Outcome> {
  await end(context)
  const removed = await context.host.uninstall()
  const what = removed.length === 0 ? [words.nothingInstalled] : removed.map(words.removed)
  return { json: { removed, kept: context.home }, lines: [...what, '', ...words.rest(context.home)] }
}

async function purge(options: Options, context: CommandContext): Promise<Outcome> {
  const plan = await planPurge(context)
  if (!(await confirmPurge(plan, options, context)))
    return { json: { deleted: [] }, lines: [words.nothingDeleted] }
  await end(context)
  // No tracker may begin again in a folder that is half gone.
  using held = context.agent.holdOff()
  if (!held) throw new AppError('AGENT_NOT_ANSWERING')
  // Its last work may have sealed what was only in its memory when it was asked.
  const last = await planPurge(context)
  refuseUndelivered(last.undelivered, options.undelivered)
  const removed = await context.host.uninstall()
  const kept = await purgeAll(last, context)
  return {
    json: {
      deleted: [...last.ours.map(({ path }) => path), ...removed],
      keychain: last.inKeychain,
      kept: [...kept, ...last.elsewhere],
    },
    lines: [...(options.yes ? describePlan(last) : []), '', words.deleted, ...kept.map(words.stays)],
  }
}

async function end(context: CommandContext): Promise<void> {
  using session = await connectIfRunning(context.agent)
  if (session) await endAgent(session, context)
}
