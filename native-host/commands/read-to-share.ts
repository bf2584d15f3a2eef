import { assertAppError } from '../../protocol/assert-app-error.ts'
import { AppError } from '../../protocol/errors.ts'
import type { OpenedObject } from '../proof/make-bundle.ts'
import type { DeliveredDevice } from '../verify/delivered-devices.ts'
import type { OrderedObject } from '../verify/object-order.ts'
import { isWrong } from '../verify/passed-over.ts'
import type { CommandContext, DeliveredOpener } from './context.ts'
import { describeSkipped } from './describe-verification.ts'
import type { ChosenPart } from './share.ts'
import { bucketOptions, type SourceOptions } from './source-options.ts'
import { text } from './text.ts'

const words = text.share

type Asked = { chosen: ChosenPart; options: SourceOptions; devices?: readonly string[] }
export type ToShare = { device: string; objects: OpenedObject[] }

/**
 * Opens what lies on the chosen dates, and the segment before it, which says whether its head may be shown. What cannot be
 * opened is named: a proof shows its records as missing.
 */
export async function readToShare(
  sources: string[],
  { chosen, options, devices }: Asked,
  context: CommandContext,
): Promise<ToShare[]> {
  const { delivered, signal, terminal } = context
  const bucket = bucketOptions(options)
  const opener = await delivered.opener(options.identity)
  const part = {
    ...(devices && { devices }),
    from: daysFrom(chosen.from, -margin),
    until: daysFrom(chosen.until, margin),
  }
  const found = await delivered.find(sources, { bucket, part })
  const before = await findBefore(
    sources,
    { bucket, devices, until: daysFrom(chosen.from, -margin - 1) },
    context,
  )
  const all: ToShare[] = []
  let done = 0
  for (const device of found.devices) {
    const objects: OpenedObject[] = []
    for await (const read of delivered.contents(withBefore(before.get(device.device), device), signal)) {
      done += 1
      if (done % showEvery === 0) terminal.show(words.progress(done))
      try {
        if ('error' in read) throw read.error
        objects.push(await openOne(read.object, read.sealed, opener, context))
      } catch (error) {
        assertAppError(error)
        terminal.err([words.notOpened(read.object.name, error.detail ?? error.code)])
      }
    }
    all.push({ device: device.device, objects })
  }
  terminal.show('')
  terminal.err(found.passedOver().filter(isWrong).map(describeSkipped))
  return all
}

/** Dates of objects are UTC, and a local date lies within two of them on each side. */
const margin = 2
const showEvery = 50

function daysFrom(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

type Before = {
  bucket: ReturnType<typeof bucketOptions>
  devices: readonly string[] | undefined
  until: string
}

/** The last segment of each device before the dates that are read. */
async function findBefore(
  sources: string[],
  { bucket, devices, until }: Before,
  { delivered }: CommandContext,
): Promise<Map<string, OrderedObject>> {
  const last = new Map<string, OrderedObject>()
  try {
    const part = { ...(devices && { devices }), until, kind: 'records' as const }
    const found = await delivered.find(sources, { bucket, part })
    for (const { device, objects } of found.devices)
      for await (const object of objects()) last.set(device, object)
  } catch (error) {
    // There is nothing before.
    if (!(error instanceof AppError && error.code === 'FILE_UNREADABLE')) throw error
  }
  return last
}

async function* withBefore(first: OrderedObject | undefined, device: DeliveredDevice) {
  if (first) yield first
  yield* device.objects()
}

async function openOne(
  { name, seq: number, kind, sha256 }: OrderedObject,
  sealed: Uint8Array,
  opener: DeliveredOpener,
  { delivered }: CommandContext,
): Promise<OpenedObject> {
  if (delivered.hashOf(sealed) !== sha256) throw new AppError('OPEN_FAILED', { detail: name })
  const { head } = delivered.readHead(sealed)
  if (kind === 'screenshot')
    return {
      kind,
      number,
      head,
      sha256,
      sealed: Uint8Array.from(sealed),
      fileKey: await opener.fileKey(sealed),
    }
  const lines = new TextDecoder().decode(await opener.records(sealed)).split('\n')
  if (lines.at(-1) === '') lines.pop()
  return { kind, number, head, lines }
}
