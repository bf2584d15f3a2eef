import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { compareDevices } from '../verify/compare-devices.ts'
import type { OrderedObject } from '../verify/object-order.ts'
import { isWrong } from '../verify/passed-over.ts'
import { type RestoredFolder, type RestoredPlace, restoredPlace } from '../verify/restored-files.ts'
import { createVerification, type Finding } from '../verify/verify-records.ts'
import type {
  CommandContext,
  Delivered,
  DeliveredDevice,
  DeliveredOpener,
  DeliveredPart,
  ReadObject,
} from './context.ts'
import { describeVerifications, type VerifiedDevice } from './describe-verification.ts'
import { jsonLines, wantsJson } from './outcome.ts'
import { createRestoreProgress } from './restore-progress.ts'
import { addSourceOptions, bucketOptions, collect, type SourceOptions } from './source-options.ts'
import { text } from './text.ts'

const words = text.restore

type Options = SourceOptions & {
  to: string
  device?: string[]
  from?: string
  until?: string
  kind?: string
  key?: string[]
  sealed?: true
  dryRun?: true
}

export function addRestore(program: Command, context: CommandContext): void {
  const command = program
    .command('restore')
    .summary(words.summary)
    .description(words.description + text.help.source.bucket)
    .argument('<source...>', words.sources)
    .requiredOption('--to <folder>', words.to)
    .option('--device <name>', words.device, collect)
    .option('--from <date>', words.from)
    .option('--until <date>', words.until)
    .option('--kind <kind>', words.kind)
    .option('--sealed', words.sealed)
    .option('--dry-run', words.dryRun)
    .option('--key <key>', text.help.verify.key, collect)
  addSourceOptions(command).action(async function (this: Command, sources: string[], options: Options) {
    await restoreAll(sources, options, context, wantsJson(this) ? 'json' : 'text')
  })
}

type Form = 'opened' | 'sealed'
/** `closed`: of those that were skipped, how many no identity opened. */
type Tally = { restored: number; here: number; bytes: number; skipped: number; closed: number }
type Work = {
  context: CommandContext
  folder: RestoredFolder
  form: Form
  opener: DeliveredOpener
  part: DeliveredPart
  given: readonly string[]
  tally: Tally
  step(bytes: number): void
}

async function restoreAll(
  sources: readonly string[],
  options: Options,
  context: CommandContext,
  printed: 'json' | 'text',
): Promise<void> {
  const { delivered, terminal, now } = context
  const part = partOf(options)
  const form = options.sealed ? 'sealed' : 'opened'
  const found = await delivered.find(sources, { bucket: bucketOptions(options), part })
  if (options.dryRun) return tellFirst(found, options, context, printed)
  const opener = await delivered.opener(options.identity)
  const total = found.devices.reduce((sum, { count }) => sum + count, 0)
  const progress = createRestoreProgress(terminal, total)
  const given = options.key ?? []
  const tally: Tally = { restored: 0, here: 0, bytes: 0, skipped: 0, closed: 0 }
  const devices: VerifiedDevice[] = []
  try {
    const folder = await context.restoredFolder(options.to, form)
    const work: Work = { context, folder, form, opener, part, given, tally, step: progress.step }
    for (const device of found.devices) {
      const verified = await restoreDevice(device, work)
      devices.push({ folder: device.device, ...verified.end(now()) })
    }
    await folder.finish()
  } finally {
    progress.end()
  }
  // It is the identity, and not everything that was uploaded.
  if (tally.closed > 0 && tally.restored + tally.here === 0)
    throw new AppError('OPEN_FAILED', { detail: text.verify.allClosed(tally.closed) })
  const { closed: _, ...counted } = tally
  const across = compareDevices(devices, given)
  const passedOver = found.passedOver()
  const count = devices.reduce((sum, { findings }) => sum + findings.length, across.length)
  const wrong = count + passedOver.filter(isWrong).length
  await terminal.out(
    printed === 'json'
      ? jsonLines({ ...counted, found: wrong, findings: across, passed_over: passedOver, devices })
      : [
          words.done({ ...tally, folder: options.to }),
          '',
          ...describeVerifications(devices, across, passedOver, context.zone()),
        ],
  )
  if (wrong > 0) throw new AppError('RECORDS_NOT_INTACT', { detail: text.verify.failed(wrong) })
}

/** @throws AppError USAGE */
function partOf({ device, from, until, kind }: Options): DeliveredPart {
  for (const [option, date] of [
    ['--from', from],
    ['--until', until],
  ] as const)
    if (date !== undefined && !isRealDate(date))
      throw new AppError('USAGE', { detail: words.notDate(option) })
  if (kind !== undefined && kind !== 'records' && kind !== 'screenshots')
    throw new AppError('USAGE', { detail: words.notKind })
  return { devices: device, from, until, kind: kind === 'screenshots' ? 'screenshot' : kind }
}

function isRealDate(date: string): boolean {
  try {
    return Temporal.PlainDate.from(date).toString() === date
  } catch {
    return false
  }
}

async function tellFirst(
  { devices }: Delivered,
  { to, sealed }: Options,
  { restoredFolder, signal, terminal }: CommandContext,
  printed: 'json' | 'text',
): Promise<void> {
  const form = sealed ? 'sealed' : 'opened'
  const folder = await restoredFolder(to, form)
  let [missing, here] = [0, 0]
  let bytes: number | undefined = 0
  for (const device of devices)
    for await (const object of device.objects()) {
      signal.throwIfAborted()
      if (await folder.has(restoredPlace(object, device, form))) here += 1
      else {
        missing += 1
        bytes = bytes === undefined || object.size === undefined ? undefined : bytes + object.size
      }
    }
  await terminal.out(
    printed === 'json'
      ? jsonLines({ would_restore: missing, bytes: bytes ?? null, here })
      : [words.would(missing, bytes, here)],
  )
}

/** Writes go on beside what follows. A few at a time, so that a slow disk does not fill the memory. */
const writesAtOnce = 8

async function restoreDevice(device: DeliveredDevice, work: Work) {
  const { context, folder, form, tally } = work
  const { delivered, signal, terminal } = context
  const verification = createVerification({ ...delivered, trusted: work.given }, undefined, work.part)
  const placeOf = (object: OrderedObject) => restoredPlace(object, device, form)
  const writing = new Set<Promise<void>>()
  let failure: { error: unknown } | undefined
  const write = (place: RestoredPlace, { bytes, head, rest }: Taken) => {
    const mine = folder.write(place, bytes, { head, rest }).then(
      () => {
        tally.restored += 1
        tally.bytes += bytes.length
      },
      error => {
        failure ??= { error }
      },
    )
    const tracked = mine.finally(() => writing.delete(tracked))
    writing.add(tracked)
  }
  try {
    const here = (object: OrderedObject) => folder.find(placeOf(object))
    for await (const found of delivered.contentsOrHere(device.objects(), here, signal)) {
      if (failure) break
      const taken = await take(found, verification, work)
      if (taken === 'here') tally.here += 1
      else if (taken) write(placeOf(found.object), taken)
      else {
        tally.skipped += 1
        terminal.err([words.skipped(found.object.path)])
      }
      work.step(taken && taken !== 'here' ? taken.bytes.length : 0)
      if (writing.size >= writesAtOnce) await Promise.race(writing)
    }
  } finally {
    await Promise.all(writing)
  }
  if (failure) throw failure.error
  return verification
}

type Here = NonNullable<Awaited<ReturnType<RestoredFolder['find']>>>
type Taken = Here
type Found = ReadObject | { object: OrderedObject; here: Here }

/** undefined: it is not to be saved, and the verification knows why. */
async function take(
  found: Found,
  verification: ReturnType<typeof createVerification>,
  { context, form, opener, tally }: Work,
): Promise<Taken | 'here' | undefined> {
  const { hashOf, readHead } = context.delivered
  const { name, sha256, seq: number, kind, device, date } = found.object
  const place = { device, date, number, kind }
  if ('error' in found) {
    verification.unreadable(name, found.error.detail ?? found.error.code)
    return undefined
  }
  if ('here' in found && form === 'opened') {
    const { bytes, head, rest } = found.here
    note({ name, place, head, rest }, kind === 'records' ? bytes : undefined)
    return 'here'
  }
  const sealed = 'here' in found ? found.here.bytes : found.sealed
  if (hashOf(sealed) !== sha256) {
    verification.bad('object-changed', name)
    return undefined
  }
  const seen = { name, place, ...readHead(sealed) }
  try {
    const opened = await openOne(sealed)
    const findings = note(seen, kind === 'records' ? opened : undefined)
    if (findings.some(isForeign)) return undefined
    if ('here' in found) return 'here'
    return { bytes: form === 'sealed' ? sealed : opened, head: seen.head, rest: seen.rest }
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'OPEN_FAILED')) throw error
    verification.bad('object-unopenable', name)
    tally.closed += 1
    return undefined
  }

  function note(
    seen: Parameters<typeof verification.screenshot>[0],
    records: Uint8Array | undefined,
  ): Finding[] {
    if (records === undefined) return verification.screenshot(seen)
    const lines = new TextDecoder().decode(records).split('\n')
    if (lines.at(-1) === '') lines.pop()
    return verification.segment(seen, lines)
  }

  async function openOne(sealed: Uint8Array): Promise<Uint8Array> {
    if (kind === 'records') return opener.records(sealed)
    if (form === 'opened') return opener.screenshot(sealed)
    await opener.check(sealed)
    return sealed
  }
}

/** Another key made it, or it was made for another place. */
function isForeign({ kind }: Finding): boolean {
  return foreign.includes(kind)
}

const foreign: readonly Finding['kind'][] = [
  'signature-wrong',
  'signature-copied',
  'signature-foreign',
  'object-moved',
]
