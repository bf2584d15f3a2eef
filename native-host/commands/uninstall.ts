import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { connectIfRunning } from './connect-if-running.ts'
import type { CommandContext } from './context.ts'
import { type Outcome, reporting } from './outcome.ts'
import { confirmPurge, describePlan, planPurge, purgeAll, refuseUndelivered } from './purge.ts'
import { endAgent } from './stop.ts'

type Options = { purge?: true; yes?: true; undelivered?: true }

export function addUninstall(program: Command, context: CommandContext): void {
  program
    .command('uninstall')
    .summary('take back everything that install wrote')
    .description(
      'Ends the tracker and removes what "install" wrote: the browsers’ registrations, the launcher and the command. ' +
        'What was recorded stays, and so do settings, keys and what the keychain holds; it says where. With --purge ' +
        'that goes too: it lists what will be deleted with its size, and asks.',
    )
    .option('--purge', 'also delete records, settings, keys and the entries in the keychain, for good')
    .option('--yes', 'with --purge: do not ask')
    .option('--undelivered', 'with --purge: also what waits and was never delivered')
    .action(
      reporting(context.terminal, (options: Options) =>
        options.purge ? purge(options, context) : uninstall(context),
      ),
    )
}

async function uninstall(context: CommandContext): Promise<Outcome> {
  await end(context)
  const removed = await context.host.uninstall()
  const what = removed.length === 0 ? ['Nothing was installed.'] : removed.map(path => `removed ${path}`)
  const rest = [
    `Your records, settings and keys stay in ${context.home}, and credentials in the keychain if you put them there.`,
    'To delete them as well: activity-tracker uninstall --purge',
  ]
  return { json: { removed, kept: context.home }, lines: [...what, '', ...rest] }
}

async function purge(options: Options, context: CommandContext): Promise<Outcome> {
  const plan = await planPurge(context)
  if (!(await confirmPurge(plan, options, context)))
    return { json: { deleted: [] }, lines: ['Nothing was deleted.'] }
  await end(context)
  // No tracker may begin anew in a folder that is half gone.
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
    lines: [
      ...(options.yes ? describePlan(last) : []),
      '',
      'Deleted.',
      ...kept.map(what => `stays: ${what}`),
    ],
  }
}

async function end(context: CommandContext): Promise<void> {
  using session = await connectIfRunning(context.agent)
  if (session) await endAgent(session, context)
}
