import { resolve } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { askYes } from './ask-yes.ts'
import { connectIfRunning } from './connect-if-running.ts'
import type { CommandContext } from './context.ts'
import { type Outcome, reporting } from './outcome.ts'
import { text } from './text.ts'

const help = text.help.keys
const words = text.keys

export function addKeys(program: Command, context: CommandContext): void {
  const keys = program.command('keys').summary(help.summary).description(help.description)
  addNew(keys, context)
  addShow(keys, context)
  addAddRecipient(keys, context)
  addExport(keys, context)
  addConfirm(keys, context)
  addRestore(keys, context)
}

function addNew(keys: Command, context: CommandContext): void {
  keys
    .command('new')
    .summary(help.new.summary)
    .description(help.new.description)
    .option('--out <file>', help.new.out)
    .action(
      reporting(context.terminal, async ({ out }: { out?: string }) => {
        await followKeys(context)
        const { recipient, file } = await context.keys.create(out === undefined ? undefined : resolve(out))
        await followKeys(context)
        return {
          json: { recipient, identity: file },
          lines: [words.row.recipient(recipient), words.row.identity(file), words.keepCopy],
        }
      }),
    )
}

function addShow(keys: Command, context: CommandContext): void {
  keys
    .command('show')
    .summary(help.show.summary)
    .description(help.show.description)
    .action(
      reporting(context.terminal, async () => {
        const { recipients, identity, device, unconfirmed } = await context.keys.show()
        const here = identity ?? words.identityElsewhere
        const signs = device ?? words.deviceLater
        return {
          json: {
            recipients,
            identity: identity ?? null,
            device: device ?? null,
            ...(unconfirmed && { unconfirmed: unconfirmed.changes, code: unconfirmed.code }),
          },
          lines: [
            ...recipients.map(words.row.recipient),
            words.row.identity(here),
            words.row.device(signs),
            ...(unconfirmed ? words.unconfirmed(unconfirmed.changes, unconfirmed.code) : []),
          ],
        }
      }),
    )
}

function addAddRecipient(keys: Command, context: CommandContext): void {
  keys
    .command('add-recipient')
    .summary(help.addRecipient.summary)
    .description(help.addRecipient.description)
    .argument('<recipient>', help.addRecipient.recipient)
    .action(
      reporting(context.terminal, async (given: string) => {
        await followKeys(context)
        const recipient = await context.keys.add(given)
        await followKeys(context)
        return {
          json: { recipient },
          lines: [words.added(recipient)],
        }
      }),
    )
}

function addExport(keys: Command, context: CommandContext): void {
  keys
    .command('export')
    .summary(help.export.summary)
    .description(help.export.description)
    .argument('<file>', help.export.file)
    .option('--forget-here', help.export.forgetHere)
    .action(
      reporting(context.terminal, async (file: string, { forgetHere }: { forgetHere?: true }) => {
        const path = resolve(file)
        await followKeys(context)
        await context.keys.export(path, forgetHere ? 'forget-here' : 'keep-here')
        await followKeys(context)
        return {
          json: { recovery_file: path, identity_here: !forgetHere },
          lines: [words.saved(path), forgetHere ? words.deletedHere : words.keptHere],
        }
      }),
    )
}

function addConfirm(keys: Command, context: CommandContext): void {
  keys
    .command('confirm')
    .summary(help.confirm.summary)
    .description(help.confirm.description)
    .argument('[code]', help.confirm.code)
    .action(reporting(context.terminal, (code: string | undefined) => confirm(code, context)))
}

async function confirm(code: string | undefined, context: CommandContext): Promise<Outcome> {
  await followKeys(context)
  const { recipients, changes, code: ofFound } = await context.keys.propose()
  const listed = recipients.map(words.row.recipient)
  const json = { recipients, changes: changes ?? null }
  if (changes === undefined) return { json, lines: [words.sameAlready, ...listed] }
  if (code === undefined && !(await agrees(changes, listed, ofFound, context)))
    return { json: { recipients: [], changes: null }, lines: [words.nothingConfirmed] }
  await context.keys.confirm(code ?? ofFound)
  await followKeys(context)
  return { json, lines: [words.confirmed(changes), ...listed] }
}

/** @throws AppError USAGE where there is no terminal to ask in, with the code of what was found */
async function agrees(
  changes: string,
  listed: readonly string[],
  code: string,
  { terminal }: CommandContext,
): Promise<boolean> {
  if (!terminal.interactive) throw new AppError('USAGE', { detail: words.cannotAsk(changes, code) })
  terminal.err([words.found(changes), ...listed, ''])
  return await askYes(terminal, words.question)
}

function addRestore(keys: Command, context: CommandContext): void {
  keys
    .command('restore')
    .summary(help.restore.summary)
    .description(help.restore.description)
    .action(
      reporting(context.terminal, async () => {
        await followKeys(context)
        const recipients = await context.keys.restore()
        await followKeys(context)
        return {
          json: { recipients },
          lines: [words.restored, ...recipients.map(words.row.recipient)],
        }
      }),
    )
}

/** Before and after: a tracker that runs writes again what was confirmed, should the file be lost, and then takes what is new. */
async function followKeys({ agent }: CommandContext): Promise<void> {
  using session = await connectIfRunning(agent)
  await session?.request({ type: 'reload-keys' })
}
