import { type Command, Option } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { hasChosenForm } from '../../protocol/proof.ts'
import { formatSignedHead } from '../journal/sealed-head.ts'
import { budgets } from '../kernel/budgets.ts'
import { fingerprintOf } from '../proof/fingerprint.ts'
import { type Handed, makeBundle, makeDevice } from '../proof/make-bundle.ts'
import { readProofPage } from '../proof/page-data.ts'
import type { DeliveredDevice } from '../verify/delivered-devices.ts'
import type { OrderedObject } from '../verify/object-order.ts'
import { askYes } from './ask-yes.ts'
import type { CommandContext } from './context.ts'
import { readToShare } from './read-to-share.ts'
import { addSourceOptions, bucketOptions, collect, type SourceOptions } from './source-options.ts'
import { text } from './text.ts'

const help = text.help.share
const words = text.share

type Options = SourceOptions & {
  from?: string
  until?: string
  only?: string[]
  without?: 'screenshots'
  device?: string[]
  for?: string[]
  out?: string
  heads?: true
  yes?: true
}
type Repeated = 'only' | 'device' | 'for'
type Given = Omit<Options, Repeated> & Partial<Pick<Options, Repeated>>

export function addShare(program: Command, context: CommandContext): void {
  const command = program
    .command('share')
    .summary(help.summary)
    .description(help.description + text.help.source.bucket)
    .argument('<source...>', help.paths)
    .option('--from <date>', help.from)
    .option('--until <date>', help.until)
    .option('--only <hours>', help.only, collect)
    .addOption(new Option('--without <what>', help.without).choices(['screenshots']))
    .option('--device <id>', help.device, collect)
    .option('--for <recipient>', help.for, collect)
    .option('--out <file>', help.out)
    .option('--heads', help.heads)
    .option('--yes', help.yes)
  addSourceOptions(command).action((sources: string[], given: Given) => {
    const options: Options = { only: [], device: [], for: [], ...given }
    return options.heads ? shareHeads(sources, options, context) : share(sources, options, context)
  })
}

/** The newest head of each device, to be sent while the work is done. */
async function shareHeads(sources: string[], options: Options, context: CommandContext): Promise<void> {
  const { delivered, terminal } = context
  const part = { ...devicesOf(options), kind: 'records' as const }
  const { devices } = await delivered.find(sources, { bucket: bucketOptions(options), part })
  const lines: string[] = []
  for (const device of devices) {
    const last = await lastOf(device)
    const head = last && delivered.readHead(await delivered.readFile(last.path)).head
    // The hash in a head of the old form confirms guesses at a record.
    if (head?.form === 2) lines.push(formatSignedHead(head))
    else terminal.err([words.noHead(device.device)])
  }
  await terminal.out(lines)
}

async function lastOf({ objects }: DeliveredDevice): Promise<OrderedObject | undefined> {
  let last: OrderedObject | undefined
  for await (const object of objects()) last = object
  return last
}

async function share(sources: string[], options: Options, context: CommandContext): Promise<void> {
  const { terminal, proofs } = context
  const chosen = readChosen(options)
  const { for: recipients = [] } = options
  await proofs.checkRecipients(recipients)
  const out = options.out ?? (recipients.length > 0 ? 'proof.html.age' : 'proof.html')
  const found = await readToShare(sources, { chosen, options, ...devicesOf(options) }, context)
  const made = found.flatMap(({ device, objects }) => makeDevice(device, objects, chosen) ?? [])
  if (made.length === 0) throw new AppError('SHARE_EMPTY')
  terminal.err(
    describeHanded(
      made.map(({ handed }) => handed),
      chosen,
      recipients.length,
      out,
    ),
  )
  if (terminal.interactive && !options.yes && !(await askYes(terminal, words.question))) {
    terminal.err([words.nothingWritten])
    return
  }
  const bundle = makeBundle(
    made.map(({ device }) => device),
    chosen,
    context.now().toString({ fractionalSecondDigits: 3 }),
  )
  const html = await proofs.page(bundle)
  const fingerprint = fingerprintOf(context.delivered.sha256(readProofPage(html)?.data ?? ''))
  const bytes = new TextEncoder().encode(html)
  if (bytes.length > budgets.proofBytes.most) throw new AppError('SHARE_TOO_LARGE')
  await context.writeFile(out, recipients.length > 0 ? await proofs.seal(bytes, recipients) : bytes)
  terminal.err([words.written(out), words.fingerprint])
  await terminal.out([fingerprint])
}

export type ChosenPart = ReturnType<typeof readChosen>

/** @throws AppError USAGE */
function readChosen({ from, until = from, only = [], without }: Options) {
  if (from === undefined || until === undefined) throw new AppError('USAGE', { detail: words.noDates })
  const chosen = { from, until, only, screenshots: without === undefined }
  if (from > until || !hasChosenForm(chosen)) throw new AppError('USAGE', { detail: words.badDates })
  return chosen
}

function devicesOf({ device = [] }: Options): { devices?: readonly string[] } {
  return device.length === 0 ? {} : { devices: device }
}

function describeHanded(
  all: readonly Handed[],
  { from, until, only }: ChosenPart,
  recipients: number,
  out: string,
): string[] {
  return [
    words.heading(from, until, only),
    ...all.map(words.handed),
    recipients === 0 ? words.plain(out) : words.sealed(out, recipients),
  ]
}
