import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { compareDevices, type SetFinding } from '../verify/compare-devices.ts'
import type { OrderedObject } from '../verify/object-order.ts'
import { isWrong, type PassedOver } from '../verify/passed-over.ts'
import { createVerification } from '../verify/verify-records.ts'
import type { CommandContext, DeliveredAccess, DeliveredOpener } from './context.ts'
import { describeVerifications, type VerifiedDevice } from './describe-verification.ts'
import { jsonLines, wantsJson } from './outcome.ts'

type Options = { identity?: string; key?: string[] }

export function addVerify(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .summary('find what was changed in or taken out of what was delivered, and explain its gaps')
    .description(
      'Opens everything that was delivered and follows the chain of records: an edited, missing or moved record, a ' +
        'foreign signature or a missing screenshot is found and named, and every span without records is told with ' +
        'its cause. It says up to when all of it is proven; that something was cut off behind that cannot be seen ' +
        '(docs/verify.md says what it proves and what not). Exits with 0 when nothing was found and with 65 otherwise. ' +
        'Nothing is changed or sent anywhere, and no tracker need run.',
    )
    .argument('<path...>', 'folders with delivered objects, or single objects (.age)')
    .option(
      '--identity <file>',
      'a recovery file to open them with; without it, the identity on this computer',
    )
    .option(
      '--key <key>',
      'the public key of the device, as `activity-tracker keys show` says it; can be given more than once, and each has ' +
        'to be found. Two with a comma between them are one device whose key was replaced: OLD,NEW. Without it, the ' +
        'first key that signs is trusted',
      (key: string, before: string[] = []) => [...before, key],
    )
    .action(async function (this: Command, paths: string[], options: Options) {
      await verifyAll(paths, options, context, wantsJson(this) ? 'json' : 'text')
    })
}

async function verifyAll(
  paths: string[],
  options: Options,
  context: CommandContext,
  form: 'json' | 'text',
): Promise<void> {
  const given = options.key ?? []
  const { devices, findings, passedOver } = await verifyDelivered(paths, { ...options, given }, context)
  const hidden = passedOver.filter(isWrong).length
  const count = devices.reduce((sum, device) => sum + device.findings.length, findings.length + hidden)
  await context.terminal.out(
    form === 'json'
      ? jsonLines({ found: count, findings, passed_over: passedOver, devices: devices.map(toJson) })
      : describeVerifications(devices, findings, passedOver, context.zone()),
  )
  if (count > 0) throw new AppError('RECORDS_NOT_INTACT', { detail: `${count} in all; each is named above` })
}

type Verified = { devices: VerifiedDevice[]; findings: SetFinding[]; passedOver: PassedOver[] }

/** @param given public keys, each of which has to sign something; those of one device in their order, by commas */
export async function verifyDelivered(
  paths: readonly string[],
  { identity, given }: { identity?: string; given: readonly string[] },
  context: Pick<CommandContext, 'delivered' | 'now' | 'signal' | 'terminal'>,
): Promise<Verified> {
  const { delivered, now, signal } = context
  const found = await delivered.find(paths)
  const opener = await delivered.opener(identity)
  const progress = createProgress(
    context,
    found.devices.reduce((sum, { count }) => sum + count, 0),
  )
  const devices: VerifiedDevice[] = []
  for (const { device: folder, objects } of found.devices) {
    const verification = createVerification({ ...delivered, trusted: given })
    for await (const object of objects()) {
      signal.throwIfAborted()
      await verifyOne(object, opener, verification, delivered)
      await compareCopies(object, verification, delivered)
      progress.step()
    }
    devices.push({ folder, ...verification.end(now()) })
  }
  progress.end()
  return { devices, findings: compareDevices(devices, given), passedOver: found.passedOver() }
}

/** What is not proven is null, and not left out. */
function toJson({ provenTo, ...device }: VerifiedDevice) {
  return { ...device, device: device.device ?? null, provenTo: provenTo ?? null }
}

async function verifyOne(
  { path, name, seq: number, sha256, kind, device, date }: OrderedObject,
  opener: DeliveredOpener,
  verification: ReturnType<typeof createVerification>,
  { readFile, hashOf, readHead }: DeliveredAccess,
): Promise<void> {
  let sealed: Uint8Array
  try {
    sealed = await readFile(path)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return verification.unreadable(name, error.detail ?? error.code)
  }
  if (hashOf(sealed) !== sha256) return verification.bad('object-changed', name)
  const seen = { name, place: { device, date, number, kind }, ...readHead(sealed) }
  try {
    if (kind === 'screenshot') {
      // The record of a screenshot holds its hash, and its signature the rest: there is no need to look at it.
      verification.screenshot(seen)
      return await opener.check(sealed)
    }
    const lines = new TextDecoder().decode(await opener.records(sealed)).split('\n')
    if (lines.at(-1) === '') lines.pop()
    verification.segment(seen, lines)
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'OPEN_FAILED')) throw error
    verification.bad('object-unopenable', name)
  }
}

/** Someone may open what lies here twice from either place. */
async function compareCopies(
  { name, sha256, copies }: OrderedObject,
  verification: ReturnType<typeof createVerification>,
  { readFile, hashOf }: DeliveredAccess,
): Promise<void> {
  for (const path of copies)
    try {
      if (hashOf(await readFile(path)) !== sha256) verification.bad('object-changed', name)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      verification.unreadable(name, error.detail ?? error.code)
    }
}

const showEveryMs = 500

/** How many of how many, on a terminal on which it can be overwritten. */
function createProgress({ terminal }: Pick<CommandContext, 'terminal'>, total: number) {
  let done = 0
  let shownAt = performance.now()
  return {
    step(): void {
      done += 1
      if (performance.now() - shownAt < showEveryMs) return
      shownAt = performance.now()
      terminal.show(`verifying … ${done} of ${total}`)
    },
    end: () => terminal.show(''),
  }
}
