import type { AppError } from '../../protocol/errors.ts'
import type { JournalRecord } from '../../protocol/records.ts'
import type { SignedHead } from '../journal/chain-head.ts'
import { linkLines } from '../verify/linked-line.ts'
import type { OrderedObject } from '../verify/object-order.ts'
import { createVerification, type Verification } from '../verify/verify-records.ts'
import type { ObjectCache, ObjectFacts } from './ports.ts'

type ReadObject = { object: OrderedObject; sealed: Uint8Array } | { object: OrderedObject; error: AppError }

/** Where objects come from, and what opens them. */
export type ObjectSource = {
  /** In their order. */
  contents(objects: AsyncIterable<OrderedObject>, signal: AbortSignal): AsyncIterable<ReadObject>
  readFile(path: string): Promise<Uint8Array | AppError>
  hashOf(bytes: Uint8Array): string
  sha256(text: string): string
  readHead(sealed: Uint8Array): { head: SignedHead | undefined; rest: string | undefined }
  isSigned(head: SignedHead): boolean
  opener: {
    /** NDJSON; undefined when it cannot be opened. */
    records(sealed: Uint8Array): Promise<Uint8Array | undefined>
    check(sealed: Uint8Array): Promise<boolean>
  }
  cache: ObjectCache
}

export type Reading = {
  verification: Verification
  /** The names of the screenshots that are here with the bytes that their names promise. */
  screenshots: ReadonlySet<string>
  /** Objects whose bytes were looked at, because nothing was kept of them. */
  read: number
}

/** So many objects are looked up in the cache at once. */
const batchSize = 256

type Device = { device: string; objects(): AsyncIterable<OrderedObject> }
type Call = {
  onRecord(record: JournalRecord): void
  onObject(): void
  trusted: readonly string[]
  now: Temporal.Instant
  signal: AbortSignal
}

/**
 * Goes through all objects of a device in their order and checks them as `verify` does. Bytes that were compared with
 * their name before are not read again while the store says that they are the same; which objects are here, in which
 * order, and how they hang together is checked every time.
 */
export async function readDevice(
  { device, objects }: Device,
  source: ObjectSource,
  { onRecord, onObject, trusted, now, signal }: Call,
): Promise<Reading> {
  const signed = new WeakSet<SignedHead>()
  const proofs = { isSigned: (head: SignedHead) => signed.has(head), sha256: source.sha256, trusted }
  const state: State = {
    ...{ device, source, signed, read: 0 },
    verification: createVerification(proofs, onRecord),
    screenshots: new Set(),
  }
  for await (const batch of inBatches(objects(), batchSize)) {
    const looked = batch.map(object => ({ object, kept: source.cache.find({ device, name: object.name }) }))
    const unread = looked.filter(each => !isUnchanged(each)).map(({ object }) => object)
    const contents = source.contents(eachOf(unread), signal)[Symbol.asyncIterator]()
    const learnt: Learnt[] = []
    for (const each of looked) {
      signal.throwIfAborted()
      if (each.kept && isUnchanged(each)) take(state, each.object, each.kept.facts)
      else learnt.push(...(await readNext(state, each, contents)))
      await compareCopies(state, each.object)
      onObject()
    }
    await contents.return?.()
    keep(state, learnt)
  }
  const { verification, screenshots, read } = state
  return { verification: verification.end(now), screenshots, read }
}

type State = {
  device: string
  source: ObjectSource
  /** Heads whose signatures were checked, now or when they were kept. */
  signed: WeakSet<SignedHead>
  verification: ReturnType<typeof createVerification>
  screenshots: Set<string>
  read: number
}
type Looked = { object: OrderedObject; kept: ReturnType<ObjectCache['find']> }
type Learnt = { object: OrderedObject; facts: ObjectFacts }

function isUnchanged({ object, kept }: Looked): boolean {
  return kept !== undefined && kept.stamp === stampOf(object)
}

/** What the store says of bytes that it does not change: its place and its stamp. undefined: it says nothing. */
function stampOf({ path, stamp }: OrderedObject): string | undefined {
  return stamp === undefined ? undefined : `${stamp} ${path}`
}

async function readNext(
  state: State,
  { object, kept }: Looked,
  contents: AsyncIterator<ReadObject>,
): Promise<Learnt[]> {
  state.read += 1
  const { verification, source } = state
  const next = await contents.next()
  const { name } = object
  // Each that was asked for has its answer.
  if (next.done) throw new RangeError(`nothing came of ${name}`)
  if ('error' in next.value) {
    const { detail, code } = next.value.error
    verification.unreadable(name, detail ?? code)
    return []
  }
  const { sealed } = next.value
  if (source.hashOf(sealed) !== object.sha256) {
    verification.bad('object-changed', name)
    return []
  }
  const facts = kept?.facts ?? (await factsOf(sealed, object.kind, source))
  const isOpened =
    kept !== undefined || facts.lines !== undefined || (await isPicture(sealed, object, source))
  // The record of a screenshot holds its hash, and its signature the rest: there is no need to look at it.
  if (isOpened || object.kind === 'screenshot') take(state, object, facts)
  if (isOpened) return [{ object, facts }]
  verification.bad('object-unopenable', name)
  return []
}

async function factsOf(
  sealed: Uint8Array,
  kind: OrderedObject['kind'],
  { readHead, isSigned, opener, sha256 }: ObjectSource,
): Promise<ObjectFacts> {
  const { head, rest } = readHead(sealed)
  const common = { head, rest, isSigned: head !== undefined && isSigned(head) }
  const bytes = kind === 'records' ? await opener.records(sealed) : undefined
  if (!bytes) return { ...common, lines: undefined }
  const lines = new TextDecoder().decode(bytes).split('\n')
  if (lines.at(-1) === '') lines.pop()
  return { ...common, lines: linkLines(lines, sha256) }
}

async function isPicture(
  sealed: Uint8Array,
  { kind }: OrderedObject,
  { opener }: ObjectSource,
): Promise<boolean> {
  return kind === 'screenshot' && (await opener.check(sealed))
}

function take(
  { verification, screenshots, signed }: State,
  { name, seq: number, kind, device, date }: OrderedObject,
  { head, rest, isSigned, lines }: ObjectFacts,
): void {
  if (head && isSigned) signed.add(head)
  const seen = { name, place: { device, date, number, kind }, head, rest }
  if (lines) verification.segment(seen, lines)
  else {
    screenshots.add(name)
    verification.screenshot(seen)
  }
}

function keep({ device, source: { cache } }: State, learnt: readonly Learnt[]): void {
  if (learnt.length === 0) return
  cache.together(() => {
    for (const { object, facts } of learnt) {
      const { name } = object
      // Without a stamp its bytes are compared with its name every time, and only opening them is saved.
      cache.keep({ device, name }, stampOf(object) ?? '', facts)
    }
  })
}

/** Someone may open what lies here twice from either place. */
async function compareCopies(
  { verification, source }: State,
  { name, sha256, copies }: OrderedObject,
): Promise<void> {
  for (const path of copies) {
    const sealed = await source.readFile(path)
    if (sealed instanceof Error) verification.unreadable(name, sealed.detail ?? sealed.code)
    else if (source.hashOf(sealed) !== sha256) verification.bad('object-changed', name)
  }
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
