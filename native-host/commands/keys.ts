import { resolve } from 'node:path'
import type { Command } from 'commander'
import { connectIfRunning } from './connect-if-running.ts'
import type { CommandContext } from './context.ts'
import { reporting } from './outcome.ts'

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
            ...(unconfirmed && { unconfirmed }),
          },
          lines: [
            ...recipients.map(recipient => `recipient  ${recipient}`),
            `identity   ${here}`,
            `device key ${signs}`,
            ...(unconfirmed ? [`NOT CONFIRMED: ${unconfirmed}`, howToConfirm] : []),
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

const howToConfirm =
  'What is recorded is sealed for the recipients above, as before, until: activity-tracker keys confirm. To put the list back: activity-tracker keys restore'

function addConfirm(keys: Command, context: CommandContext): void {
  keys
    .command('confirm')
    .summary('accept the keys that are found here')
    .description(
      'The key files are other than they were, or what the tracker knew of them is gone: this command accepts what is ' +
        'found now, and from then on it counts. Until then everything is sealed for those who were confirmed before. ' +
        'Look first: activity-tracker keys show.',
    )
    .action(
      reporting(context.terminal, async () => {
        const { recipients, changes } = await context.keys.confirm()
        await followKeys(context)
        return {
          json: { recipients, changes: changes ?? null },
          lines: [
            changes === undefined ? 'Confirmed.' : `Confirmed: ${changes}.`,
            ...recipients.map(recipient => `recipient  ${recipient}`),
          ],
        }
      }),
    )
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
        const recipients = await context.keys.restore()
        await followKeys(context)
        return {
          json: { recipients },
          lines: ['Restored.', ...recipients.map(recipient => `recipient  ${recipient}`)],
        }
      }),
    )
}

async function followKeys({ agent }: CommandContext): Promise<void> {
  using session = await connectIfRunning(agent)
  await session?.request({ type: 'reload-keys' })
}
