import type { Command } from 'commander'
import { assertAppError } from '../../protocol/assert-app-error.ts'
import { AppError } from '../../protocol/errors.ts'
import { compareDevices, type SetFinding } from '../verify/compare-devices.ts'
import type { OrderedObject } from '../verify/object-order.ts'
import { isWrong, type PassedOver } from '../verify/passed-over.ts'
import { createVerification } from '../verify/verify-records.ts'
import type {
  BucketOptions,
  CommandContext,
  DeliveredAccess,
  DeliveredOpener,
  ReadObject,
} from './context.ts'
import { describeVerifications, type VerifiedDevice } from './describe-verification.ts'
import { jsonLines, wantsJson } from './outcome.ts'
import { addSourceOptions, bucketOptions, collect, type SourceOptions } from './source-options.ts'
import { text } from './text.ts'
import { isProofFile, verifyProof } from './verify-proof.ts'

const help = text.help.verify
const words = text.verify

type Options = SourceOptions & { key?: string[]; fingerprint?: string; heads?: string }

export function addVerify(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .summary(help.summary)
    .description(help.description + text.help.source.bucket)
    .argument('<source...>', help.paths)
  addSourceOptions(command)
    .option('--key <key>', help.key, collect)
    .option('--fingerprint <text>', help.fingerprint)
    .option('--heads <file>', help.heads)
    .action(async function (this: Command, paths: string[], options: Options) {
      const form = wantsJson(this) ? 'json' : 'text'
      const [path = ''] = paths
      if (paths.length === 1 && isProofFile(path)) await verifyProof(path, options, context, form)
      else await verifyAll(paths, options, context, form)
    })
}

async function verifyAll(
  paths: string[],
  options: Options,
  context: CommandContext,
  form: 'json' | 'text',
): Promise<void> {
  const given = options.key ?? []
  const { devices, findings, passedOver, closed } = await verifyDelivered(
    paths,
    { identities: options.identity, given, bucket: bucketOptions(options) },
    context,
  )
  // It is the identity, and not everything that was uploaded.
  if (closed > 0) throw new AppError('OPEN_FAILED', { detail: words.allClosed(closed) })
  const hidden = passedOver.filter(isWrong).length
  const count = devices.reduce((sum, device) => sum + device.findings.length, findings.length + hidden)
  await context.terminal.out(
    form === 'json'
      ? jsonLines({ found: count, findings, passed_over: passedOver, devices: devices.map(toJson) })
      : describeVerifications(devices, findings, passedOver, context.zone()),
  )
  if (count > 0) throw new AppError('RECORDS_NOT_INTACT', { detail: words.failed(count) })
}

type Verified = {
  devices: VerifiedDevice[]
  findings: SetFinding[]
  passedOver: PassedOver[]
  /** How many files could not be opened; 0 where one could. */
  closed: number
}

/** @param given public keys, each of which has to sign something; those of one device in their order, by commas */
export async function verifyDelivered(
  paths: readonly string[],
  {
    identities = [],
    given,
    bucket = {},
  }: { identities?: readonly string[]; given: readonly string[]; bucket?: BucketOptions },
  context: Pick<CommandContext, 'delivered' | 'now' | 'signal' | 'terminal'>,
): Promise<Verified> {
  const { delivered, now, signal } = context
  const found = await delivered.find(paths, { bucket })
  const opener = await delivered.opener(identities)
  const progress = createProgress(
    context,
    found.devices.reduce((sum, { count }) => sum + count, 0),
  )
  const devices: VerifiedDevice[] = []
  const tally = { opened: 0, closed: 0 }
  for (const { device: folder, objects } of found.devices) {
    const verification = createVerification({ ...delivered, trusted: given })
    for await (const found of delivered.contents(objects(), signal)) {
      const opened = await verifyOne(found, opener, verification, delivered)
      if (opened !== undefined) tally[opened] += 1
      await compareCopies(found.object, verification, delivered)
      progress.step()
    }
    devices.push({ folder, ...verification.end(now()) })
  }
  progress.end()
  return {
    devices,
    findings: compareDevices(devices, given),
    passedOver: found.passedOver(),
    closed: tally.opened === 0 ? tally.closed : 0,
  }
}

/** What is not proven is null, and not left out. */
function toJson({ provenTo, ...device }: VerifiedDevice) {
  return { ...device, device: device.device ?? null, provenTo: provenTo ?? null }
}

/** undefined: its bytes are not those that it was named for. */
async function verifyOne(
  found: ReadObject,
  opener: DeliveredOpener,
  verification: ReturnType<typeof createVerification>,
  { hashOf, readHead }: DeliveredAccess,
): Promise<'opened' | 'closed' | undefined> {
  const { name, seq: number, sha256, kind, device, date } = found.object
  if ('error' in found) {
    verification.unreadable(name, found.error.detail ?? found.error.code)
    return undefined
  }
  const { sealed } = found
  if (hashOf(sealed) !== sha256) {
    verification.bad('object-changed', name)
    return undefined
  }
  const seen = { name, place: { device, date, number, kind }, ...readHead(sealed) }
  try {
    if (kind === 'screenshot') {
      // The record of a screenshot holds its hash, and its signature the rest: there is no need to look at it.
      verification.screenshot(seen)
      await opener.check(sealed)
      return 'opened'
    }
    const lines = new TextDecoder().decode(await opener.records(sealed)).split('\n')
    if (lines.at(-1) === '') lines.pop()
    verification.segment(seen, lines)
    return 'opened'
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'OPEN_FAILED')) throw error
    verification.bad('object-unopenable', name)
    return 'closed'
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
      assertAppError(error)
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
      terminal.show(words.progress(done, total))
    },
    end: () => terminal.show(''),
  }
}
