import type { Command } from 'commander'
import type { Confirmation } from '../../protocol/confirmation.ts'
import { AppError } from '../../protocol/errors.ts'
import { isCode } from '../privacy/confirmation.ts'
import type { AgentSession, CommandContext } from './context.ts'
import { describeConfirmation, howToAnswer } from './describe-confirmation.ts'
import { type Outcome, reporting } from './outcome.ts'

type Answers = { yes?: true; no?: true }

export function addConfirm(program: Command, context: CommandContext): void {
  program
    .command('confirm')
    .summary('answer what a browser asks for')
    .description(
      'Some things a browser may only ask for, so that nothing that took over a browser can do them unseen. They wait for ' +
        'ten minutes, and are allowed here or in the window of the desktop that asks. Without a code it shows what waits.',
    )
    .argument('[code]', 'the code that the browser shows, such as 7K4Q')
    .option('--yes', 'allow it without being asked')
    .option('--no', 'refuse it without being asked')
    .action(
      reporting(context.terminal, async (code: string | undefined, options: Answers) => {
        using session = await context.agent.connect()
        const { confirmation } = (await session.snapshot()).status
        if (code === undefined) return list(confirmation, context)
        return await answer(code, options, confirmation, session, context)
      }),
    )
}

function list(confirmation: Confirmation | null, context: CommandContext): Outcome {
  if (!confirmation) return { json: { waiting: null }, lines: ['Nothing waits for an answer.'] }
  return {
    json: { waiting: confirmation },
    lines: [...describe(confirmation, context), howToAnswer(confirmation)],
  }
}

async function answer(
  code: string,
  options: Answers,
  confirmation: Confirmation | null,
  session: AgentSession,
  context: CommandContext,
): Promise<Outcome> {
  if (!confirmation || !isCode(code, confirmation.code)) throw new AppError('CONFIRMATION_GONE')
  const { terminal } = context
  terminal.err(describe(confirmation, context))
  const allowed = await decide(options, context)
  await session.request({
    type: 'confirm',
    code: confirmation.code,
    answer: allowed ? 'accept' : 'refuse',
  })
  return {
    json: { code: confirmation.code, kind: confirmation.kind, allowed },
    lines: [allowed ? 'Allowed.' : 'Refused. Nothing has changed.'],
  }
}

async function decide({ yes, no }: Answers, { terminal }: CommandContext): Promise<boolean> {
  if (yes && no) throw new AppError('USAGE', { detail: 'either --yes or --no' })
  if (yes || no) return yes === true
  if (!terminal.interactive)
    throw new AppError('USAGE', { detail: 'nobody could be asked; add --yes or --no' })
  return /^y(es)?$/i.test((await terminal.ask('Allow it? [y/N] ')).trim())
}

function describe(confirmation: Confirmation, context: CommandContext): string[] {
  const zone = context.zone()
  const today = { date: context.now().toZonedDateTimeISO(zone).toPlainDate().toString(), zone }
  return describeConfirmation(confirmation, today)
}
