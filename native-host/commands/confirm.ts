import type { Command } from 'commander'
import type { Confirmation } from '../../protocol/confirmation.ts'
import { AppError } from '../../protocol/errors.ts'
import { isCode } from '../privacy/confirmation.ts'
import { askYes } from './ask-yes.ts'
import type { AgentSession, CommandContext } from './context.ts'
import { describeConfirmation, howToAnswer } from './describe-confirmation.ts'
import { type Outcome, reporting } from './outcome.ts'
import { text } from './text.ts'

const help = text.help.confirm
const words = text.confirm

type Answers = { yes?: true; no?: true }

export function addConfirm(program: Command, context: CommandContext): void {
  program
    .command('confirm')
    .summary(help.summary)
    .description(help.description)
    .argument('[code]', help.code)
    .option('--yes', help.yes)
    .option('--no', help.no)
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
  if (!confirmation) return { json: { waiting: null }, lines: [words.nothingWaiting] }
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
    lines: [allowed ? words.allowed : words.refused],
  }
}

async function decide({ yes, no }: Answers, { terminal }: CommandContext): Promise<boolean> {
  if (yes && no) throw new AppError('USAGE', { detail: words.both })
  if (yes || no) return yes === true
  if (!terminal.interactive) throw new AppError('USAGE', { detail: words.cannotAsk })
  return await askYes(terminal, words.question)
}

function describe(confirmation: Confirmation, context: CommandContext): string[] {
  const zone = context.zone()
  const today = { date: context.now().toZonedDateTimeISO(zone).toPlainDate().toString(), zone }
  return describeConfirmation(confirmation, today)
}
