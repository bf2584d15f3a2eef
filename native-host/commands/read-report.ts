import { assertAppError } from '../../protocol/assert-app-error.ts'
import { AppError } from '../../protocol/errors.ts'
import type { Report, ReportDevice } from '../../protocol/report.ts'
import { isoOf } from '../kernel/instants.ts'
import { createDayBuilder } from '../reader/build-days.ts'
import type { Period } from '../reader/period.ts'
import { type ObjectSource, readDevice } from '../reader/read-device.ts'
import { compareDevices } from '../verify/compare-devices.ts'
import type { DeliveredDevice } from '../verify/delivered-devices.ts'
import { isWrong } from '../verify/passed-over.ts'
import type { Verification } from '../verify/verify-records.ts'
import type { BucketOptions, CommandContext, DeliveredOpener } from './context.ts'
import { describeAcross, describeFinding, describeSkipped } from './describe-verification.ts'
import { text } from './text.ts'

const words = text.report

export type ReadOptions = {
  identities: readonly string[]
  bucket?: BucketOptions
  period?: Period
  /** Only these devices. */
  devices?: readonly string[] | undefined
}
type World = Pick<CommandContext, 'delivered' | 'reading' | 'now' | 'signal' | 'terminal'>

/**
 * All that the sources hold, as days. Every object is checked as `verify` does; of those that were read before, what was
 * learnt then is taken from the cache of this computer.
 * @throws AppError as delivered.find and delivered.opener; OPEN_FAILED when the identities open nothing
 */
export async function readReport(
  sources: readonly string[],
  { identities, bucket = {}, period = { from: undefined, to: undefined }, devices: wanted }: ReadOptions,
  context: World,
): Promise<Report> {
  const { delivered, reading, now, signal, terminal } = context
  const part = wanted === undefined ? {} : { devices: wanted }
  const found = await delivered.find(sources, { bucket, part })
  const opener = openerOf(await delivered.opener(identities))
  using cache = await reading.cache()
  const source: ObjectSource = { ...delivered, opener, cache, readFile: path => readOrError(context, path) }
  const total = found.devices.reduce((sum, { count }) => sum + count, 0)
  const progress = createProgress(terminal, total)
  const read: { device: ReportDevice; verification: Verification }[] = []
  for (const each of found.devices)
    read.push(await readOne(each, { source, period, now: now(), signal, onObject: progress.step }))
  terminal.show('')
  const closed = read.flatMap(({ verification: { findings } }) =>
    findings.filter(({ kind }) => kind === 'object-unopenable'),
  )
  // It is the identity, and not everything that was uploaded.
  if (closed.length > 0 && read.every(({ verification: { records } }) => records === 0))
    throw new AppError('OPEN_FAILED', { detail: words.allClosed(closed.length) })
  const across = compareDevices(
    read.map(({ verification }) => verification),
    [],
  )
  const findings = [...across.map(describeAcross), ...found.passedOver().filter(isWrong).map(describeSkipped)]
  const dates = read.flatMap(({ device: { days } }) => days.map(({ date }) => date)).sort()
  return {
    version: 1,
    from: period.from ?? dates[0] ?? '',
    to: period.to ?? dates.at(-1) ?? '',
    made_at: isoOf(now()),
    source: sources.join(' '),
    ...(findings.length > 0 && { findings }),
    devices: read.map(({ device }) => device),
  }
}

type Work = {
  source: ObjectSource
  period: Period
  now: Temporal.Instant
  signal: AbortSignal
  onObject(): void
}

async function readOne(
  found: DeliveredDevice,
  { source, period, now, signal, onObject }: Work,
): Promise<{ device: ReportDevice; verification: Verification }> {
  const builder = createDayBuilder(period)
  const { verification, screenshots } = await readDevice(found, source, {
    ...{ onRecord: builder.note, onObject, trusted: [], now, signal },
  })
  const onTheirWay = new Set(
    verification.notes.flatMap(note => (note.kind === 'screenshot-on-its-way' ? [note.object] : [])),
  )
  const days = builder.days(key => {
    const name = key.slice(key.lastIndexOf('/') + 1)
    if (screenshots.has(name)) return 'delivered'
    return onTheirWay.has(name) ? 'on-its-way' : 'missing'
  })
  const device = {
    device: found.device,
    person: found.person,
    proven_to: verification.provenTo ?? null,
    findings: verification.findings.map(finding => `${finding.object}: ${describeFinding(finding)}`),
    days,
  }
  return { device, verification }
}

function openerOf({ records, check }: DeliveredOpener): ObjectSource['opener'] {
  return {
    records: sealed => opened(records(sealed)),
    check: async sealed => (await opened(check(sealed).then(() => true))) === true,
  }
}

async function opened<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof AppError && error.code === 'OPEN_FAILED') return undefined
    throw error
  }
}

async function readOrError({ delivered }: World, path: string): Promise<Uint8Array | AppError> {
  try {
    return await delivered.readFile(path)
  } catch (error) {
    assertAppError(error)
    return error
  }
}

const patienceMs = 1000
const showEveryMs = 500

/** Once it takes longer than a second. */
function createProgress(terminal: CommandContext['terminal'], total: number) {
  let [done, shownAt] = [0, performance.now() + patienceMs - showEveryMs]
  return {
    step(): void {
      done += 1
      if (performance.now() - shownAt < showEveryMs) return
      shownAt = performance.now()
      terminal.show(words.progress(done, total))
    },
  }
}
