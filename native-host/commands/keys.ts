import { resolve } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { connectIfRunning } from './connect-if-running.ts'
import type { CommandContext } from './context.ts'
import { type Outcome, reporting } from './outcome.ts'

export function addKeys(program: Command, context: CommandContext): void {
  const keys = program
    .command('keys')
    .summary('who can open what is recorded')
    .description(
      'Everything is sealed for the recipients: public age keys. Whoever holds the identity of one of them, its secret ' +
        'key, can open everything that was sealed since it was added. A running tracker follows at once.',
    )
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
    .summary('create a key')
    .description(
      'Creates an identity and adds its recipient. The identity is kept on this computer, or with --out in that file ' +
        'alone, so that this computer can seal and not open. Never overwrites one that is there.',
    )
    .option('--out <file>', 'put the identity here, and only the recipient on this computer')
    .action(
      reporting(context.terminal, async ({ out }: { out?: string }) => {
        await followKeys(context)
        const { recipient, file } = await context.keys.create(out === undefined ? undefined : resolve(out))
        await followKeys(context)
        return {
          json: { recipient, identity: file },
          lines: [
            `recipient  ${recipient}`,
            `identity   ${file}`,
            'Keep a copy of it elsewhere: without it nothing can be opened.',
          ],
        }
      }),
    )
}

function addShow(keys: Command, context: CommandContext): void {
  keys
    .command('show')
    .summary('show the recipients')
    .description(
      'Shows for whom everything is sealed, whether it can be opened on this computer, and the public key with which ' +
        'this computer signs its records.',
    )
    .action(
      reporting(context.terminal, async () => {
        const { recipients, identity, device, unconfirmed } = await context.keys.show()
        const here = identity === undefined ? 'not on this computer' : identity
        const signs = device === undefined ? 'made at the first start' : device
        return {
          json: {
            recipients,
            identity: identity ?? null,
            device: device ?? null,
            ...(unconfirmed && { unconfirmed: unconfirmed.changes, code: unconfirmed.code }),
          },
          lines: [
            ...recipients.map(recipient => `recipient  ${recipient}`),
            `identity   ${here}`,
            `device key ${signs}`,
            ...describeUnconfirmed(unconfirmed),
          ],
        }
      }),
    )
}

function addAddRecipient(keys: Command, context: CommandContext): void {
  keys
    .command('add-recipient')
    .summary('let somebody else open what is recorded from now on')
    .description(
      'Adds a recipient, who can open everything that is recorded from now on. What was sealed before stays shut to them.',
    )
    .argument('<recipient>', 'such as age1…; its owner finds it with: activity-tracker keys show')
    .action(
      reporting(context.terminal, async (text: string) => {
        await followKeys(context)
        const recipient = await context.keys.add(text)
        await followKeys(context)
        return {
          json: { recipient },
          lines: [`Added. From now on everything is sealed for ${recipient}, too.`],
        }
      }),
    )
}

function addExport(keys: Command, context: CommandContext): void {
  keys
    .command('export')
    .summary('save the identity as a recovery file')
    .description(
      'Saves the identity of this computer as a recovery file, with which everything can be opened elsewhere.',
    )
    .argument('<file>', 'where to; never overwrites a file')
    .option('--forget-here', 'then delete it on this computer, which can seal from then on and not open')
    .action(
      reporting(context.terminal, async (file: string, { forgetHere }: { forgetHere?: true }) => {
        const path = resolve(file)
        await followKeys(context)
        await context.keys.export(path, forgetHere ? 'forget-here' : 'keep-here')
        await followKeys(context)
        const here = forgetHere ? 'It is deleted on this computer.' : 'It also stays on this computer.'
        return {
          json: { recovery_file: path, identity_here: !forgetHere },
          lines: [`Saved: ${path}`, `${here} Whoever has this file can open everything.`],
        }
      }),
    )
}

function describeUnconfirmed(unconfirmed: Unconfirmed): string[] {
  if (!unconfirmed) return []
  return [
    `NOT CONFIRMED: ${unconfirmed.changes}`,
    'What is recorded is sealed for the recipients above, as before.',
    `To accept what is found: activity-tracker keys confirm ${unconfirmed.code}`,
    'To put the list back: activity-tracker keys restore',
  ]
}

type Unconfirmed = Awaited<ReturnType<CommandContext['keys']['show']>>['unconfirmed']

function addConfirm(keys: Command, context: CommandContext): void {
  keys
    .command('confirm')
    .summary('accept the keys that are found here')
    .description(
      'The key files are other than they were, or what the tracker knew of them is gone: this command shows what is found ' +
        'and asks, and from your answer on it counts. Until then everything is sealed for those who were confirmed before. ' +
        'In a script it needs the code, which "keys show" prints and which is another one when the keys have changed since.',
    )
    .argument('[code]', 'accepts without asking what was shown with this code')
    .action(reporting(context.terminal, (code: string | undefined) => confirm(code, context)))
}

async function confirm(code: string | undefined, context: CommandContext): Promise<Outcome> {
  await followKeys(context)
  const { recipients, changes, code: ofFound } = await context.keys.propose()
  const listed = recipients.map(recipient => `recipient  ${recipient}`)
  const json = { recipients, changes: changes ?? null }
  if (changes === undefined)
    return { json, lines: ['Nothing to confirm: these keys count already.', ...listed] }
  if (code === undefined && !(await agrees(changes, listed, ofFound, context)))
    return { json: { recipients: [], changes: null }, lines: ['Nothing was confirmed.'] }
  await context.keys.confirm(code ?? ofFound)
  await followKeys(context)
  return { json, lines: [`Confirmed: ${changes}.`, ...listed] }
}

/** @throws AppError USAGE when nobody could be asked, with the code of what was found */
async function agrees(
  changes: string,
  listed: readonly string[],
  code: string,
  { terminal }: CommandContext,
): Promise<boolean> {
  if (!terminal.interactive)
    throw new AppError('USAGE', {
      detail: `nobody could be asked. Found: ${changes}. To accept this: activity-tracker keys confirm ${code}`,
    })
  terminal.err([`Found: ${changes}.`, ...listed, ''])
  const answer = await terminal.ask('Is everything to be sealed for them, and for nobody else? [y/N] ')
  return /^y(es)?$/i.test(answer.trim())
}

function addRestore(keys: Command, context: CommandContext): void {
  keys
    .command('restore')
    .summary('put the list of recipients back as it was confirmed')
    .description(
      'Writes the recipients that were confirmed last into the list again. The list that is there is kept aside.',
    )
    .action(
      reporting(context.terminal, async () => {
        await followKeys(context)
        const recipients = await context.keys.restore()
        await followKeys(context)
        return {
          json: { recipients },
          lines: ['Restored.', ...recipients.map(recipient => `recipient  ${recipient}`)],
        }
      }),
    )
}

/** Before and after: a tracker that runs writes again what was confirmed, should the file be lost, and then takes what is new. */
async function followKeys({ agent }: CommandContext): Promise<void> {
  using session = await connectIfRunning(agent)
  await session?.request({ type: 'reload-keys' })
}
