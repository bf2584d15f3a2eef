import type { BrowserName } from '../../manifests/browsers.ts'
import type { Registered } from '../../manifests/register-host.ts'
import type { Computer } from '../../protocol/computer.ts'
import type { ConnectionReport } from '../../protocol/connection-check.ts'
import type { AppError } from '../../protocol/errors.ts'
import type { ClientMessage, WithoutId } from '../../protocol/messages.ts'
import type { ProofBundle } from '../../protocol/proof.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { Status } from '../../protocol/status.ts'
import type { SettingsStore } from '../config/ports.ts'
import type { SecretStore } from '../config/stored-secrets.ts'
import type { SignedHead } from '../journal/chain-head.ts'
import type { ProofCrypto } from '../proof/gather-facts.ts'
import type { ObjectCache } from '../reader/ports.ts'
import type { Table } from '../reader/report-tables.ts'
import type { Delivered, DeliveredPart } from '../verify/delivered-devices.ts'
import type { OrderedObject } from '../verify/object-order.ts'
import type { RestoredFolder } from '../verify/restored-files.ts'

/** What the commands need from the world. cli.ts fills it in; nothing in it is opened before a command asks. */
export type CommandContext = {
  terminal: Terminal
  /** Aborts when the person presses Ctrl+C. */
  signal: AbortSignal
  now(): Temporal.Instant
  zone(): string
  /** Shown to people, so that they find everything again. */
  home: string
  /** The folder of the account's own tracker, where this is another one beside it. */
  ownHome: string | undefined
  /** Why there is no tracker for the commands here. */
  refused: AppError | undefined
  /**
   * Makes the folder one of a second tracker.
   * @returns its whole path and the folder of the account's own tracker
   * @throws AppError USAGE where it is the account's own, or holds something else | STORE_NOT_WRITABLE
   */
  separate(folder: string): Promise<{ home: string; own: string }>
  log: string
  agent: AgentAccess
  /** The configuration file itself, for when no agent runs that could be asked. */
  openSettings(): Promise<SettingsStore>
  /**
   * A file that the person named; `-` is standard input.
   * @param mostBytes those of an object, when nothing else is said
   * @throws AppError FILE_UNREADABLE, also when it is longer
   */
  readFile(path: string, mostBytes?: number): Promise<Uint8Array>
  /** The same, piece by piece; what is packed with gzip is unpacked. @throws AppError FILE_UNREADABLE */
  readText(path: string): AsyncIterable<string>
  /** Opens a page in the person's browser; false where no program takes it. */
  openPage(path: string): Promise<boolean>
  /** Makes it where it is missing. @throws AppError FILE_NOT_WRITABLE */
  makeFolder(path: string): Promise<void>
  /** Whether it is a folder; a pipe or nothing at all is none. */
  isFolder(path: string): Promise<boolean>
  /** Never over another file. @throws AppError FILE_EXISTS | FILE_NOT_WRITABLE */
  writeFile(path: string, bytes: Uint8Array): Promise<void>
  /** A new file that grows. @throws AppError FILE_EXISTS | FILE_NOT_WRITABLE */
  createFile(path: string): Promise<GrowingFile>
  /** What is kept for the bucket and the proxy. */
  secrets: { keychain: SecretStore; file: SecretStore }
  /** With these identity files, or else with the identity of this computer. @throws as delivered.opener, OPEN_FAILED */
  openObject(sealed: Uint8Array, identityFiles: readonly string[]): Promise<OpenedObject>
  delivered: DeliveredAccess
  /** Where a person restores to; made with the first file. */
  restoredFolder(path: string, form: 'opened' | 'sealed'): Promise<RestoredFolder>
  reading: ReadingAccess
  pages: PageAccess
  proofs: ProofAccess
  keys: KeyAccess
  host: HostAccess
  purge: PurgeAccess
  export: ExportAccess
  doctor: DoctorAccess
}

export type PageAccess = {
  /** A page of the build with data and opened pictures in it, piece by piece. @throws AppError NOT_BUILT */
  fill(name: 'report', data: unknown, pictures: AsyncIterable<PagePicture>): AsyncIterable<string>
}
/** `bytes`: opened. */
export type PagePicture = { object: string; type: 'image/webp' | 'image/jpeg'; bytes: Uint8Array }

export type GrowingFile = AsyncDisposable & { append(text: string): Promise<void> }

export type OpenedObject =
  /** NDJSON. */
  | { kind: 'records'; bytes: Uint8Array }
  /** WebP. */
  | { kind: 'screenshot'; bytes: Uint8Array }

/** What it takes to read what was delivered, from folders and from buckets. */
export type DeliveredAccess = {
  /**
   * By device. Sources are folders, files and `s3://bucket/prefix`.
   * @throws AppError FILE_UNREADABLE, also when there is nothing | READ_* and those of the way, also when a list of a
   * bucket breaks off: what was found until then is not all | USAGE
   */
  find(sources: readonly string[], options?: FindOptions): Promise<Delivered>
  /** With these identity files or the identity of this computer. @throws AppError IDENTITY_MISSING | IDENTITY_LOCKED | PASSPHRASE_WRONG | FILE_UNREADABLE */
  opener(identityFiles: readonly string[]): Promise<DeliveredOpener>
  /** Of a path that `find` gave. @throws AppError FILE_UNREADABLE | READ_* and those of the way */
  readFile(path: string): Promise<Uint8Array>
  /**
   * The bytes of objects in their order, several fetched at once, in bounded memory. An object that cannot be read is its
   * error and not the end.
   * @throws AppError READ_* and those of the way, when nothing can be read any more
   */
  contents(objects: AsyncIterable<OrderedObject>, signal: AbortSignal): AsyncIterable<ReadObject>
  /** The same, without those that `here` knows: they come in their turn as what it gave. */
  contentsOrHere<H extends object>(
    objects: AsyncIterable<OrderedObject>,
    here: (object: OrderedObject) => Promise<H | undefined>,
    signal: AbortSignal,
  ): AsyncIterable<ReadObject | { object: OrderedObject; here: H }>
  hashOf(bytes: Uint8Array): string
  sha256(text: string): string
  /** What every user can read of it; `rest` as journal/sealed-head.ts has it. */
  readHead(sealed: Uint8Array): { head: SignedHead | undefined; rest: string | undefined }
  isSigned(head: SignedHead): boolean
}
/** What reports need beside the objects. */
export type ReadingAccess = {
  /** The default destination, while nothing else is set. */
  delivered: string
  /** What earlier reports learnt of objects. One that cannot be opened keeps nothing. */
  cache(): Promise<ObjectCache & Disposable>
  clearCache(): Promise<void>
  parquet(table: Table): Promise<Uint8Array>
}
export type FindOptions = { bucket?: BucketOptions; part?: DeliveredPart }
/** What counts before the settings of the tracker. */
export type BucketOptions = {
  endpoint?: string | undefined
  region?: string | undefined
  profile?: string | undefined
  caFile?: string | undefined
}
export type ReadObject =
  | { object: OrderedObject; sealed: Uint8Array }
  | { object: OrderedObject; error: AppError }
/** What it takes to make a proof and to check one. */
export type ProofAccess = {
  crypto(): Promise<ProofCrypto>
  /** The page with the bundle in it. @throws AppError NOT_BUILT */
  page(bundle: ProofBundle): Promise<string>
  /** What is around the data of such a page. @throws AppError NOT_BUILT */
  around(): Promise<string | undefined>
  /** @throws AppError RECIPIENT_INVALID */
  checkRecipients(recipients: readonly string[]): Promise<void>
  seal(bytes: Uint8Array, recipients: readonly string[]): Promise<Uint8Array>
  /** @throws AppError OPEN_FAILED, and as delivered.opener */
  open(sealed: Uint8Array, identityFiles: readonly string[]): Promise<Uint8Array>
}

export type DeliveredOpener = {
  /** NDJSON. @throws AppError OPEN_FAILED */
  records(sealed: Uint8Array): Promise<Uint8Array>
  /** The picture. @throws AppError OPEN_FAILED */
  screenshot(sealed: Uint8Array): Promise<Uint8Array>
  /** The key of this file alone, which opens no other. @throws AppError OPEN_FAILED */
  fileKey(sealed: Uint8Array): Promise<Uint8Array>
  /** Only whether it could be opened: that an identity fits its header, and that the header is whole. @throws AppError OPEN_FAILED */
  check(sealed: Uint8Array): Promise<void>
}
export type { Delivered, DeliveredDevice, DeliveredPart } from '../verify/delivered-devices.ts'

export type Terminal = {
  /**
   * The result of the command: what a script reads. Lines without their ends; what would control a terminal
   * is escaped.
   */
  out(lines: readonly string[]): Promise<void>
  /** A result that is bytes. They stay as they are in a file or a pipe; on a screen they are lines as well. */
  write(bytes: Uint8Array): Promise<void>
  /** For the person at the terminal: hints, errors. As `out`. */
  err(lines: readonly string[]): void
  /** Shown in the place of what was shown before, such as progress, until the next line; "" wipes it off. */
  show(text: string): void
  /** Whether a person can answer a question. */
  interactive: boolean
  /** Whether a person sees what is shown; else `show` does nothing. */
  overwrites: boolean
  /** Around questions of which one is secret: no part of a pasted text shows where it must not. */
  hush(): AsyncDisposable
  /** "" when the person gives no answer. @throws Interruption when they press Ctrl+C */
  ask(question: string): Promise<string>
  /** What is typed is not shown. */
  askSecret(question: string): Promise<string>
}

export type AgentAccess = {
  /** @throws AppError AGENT_UNREACHABLE | PROTOCOL_MISMATCH */
  connect(): Promise<AgentSession>
  /** Starts an agent that stays when none runs. @throws AppError AGENT_START_FAILED | PROTOCOL_MISMATCH */
  ensure(): Promise<AgentSession>
  /** No tracker starts until this is disposed of. undefined while one is there, even one that does not answer yet. */
  holdOff(): Disposable | undefined
  /** Whether the process of this id is still there. */
  lives(pid: number): boolean
}

export type AgentRequest = WithoutId<Extract<ClientMessage, { id: string }>>

export type AgentSession = Disposable & {
  /** As they are at this moment. */
  snapshot(): Promise<{ status: Status; settings: Partial<Settings> }>
  /** Resolves when it is done. @throws AppError as the agent answered | AGENT_UNREACHABLE when it left */
  request(request: AgentRequest): Promise<void>
  /** Resolves when the test has ended. @throws as `request` */
  testConnection(onReport: (report: ConnectionReport) => void): Promise<void>
  /** Until the signal aborts. The session is over then. @throws as `request` */
  recordInput(onLines: (lines: string) => Promise<void>, signal: AbortSignal): Promise<void>
}

/** What can be looked at without an agent. */
export type DoctorAccess = {
  /** On the disk with the tracker's files. @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
  freeBytes(): Promise<number>
  /** What kind of computer it is. */
  computer(): Promise<Computer>
  /** What leads other tools elsewhere and not the tracker, each with what counts instead. */
  ignoredVariables(): Promise<readonly string[]>
  /** Who or what can get at the memory of our programs on this system, though none should. */
  unguarded: readonly string[]
  testConnection(onReport: (report: ConnectionReport) => void, signal: AbortSignal): Promise<unknown>
}

export type HostAccess = {
  /** Where the unpacked extensions are, for people who load one by hand. */
  extensions: string
  /** @throws AppError NO_BROWSER | NOT_BUILT | STORE_NOT_WRITABLE */
  install(browsers: readonly BrowserName[] | undefined): Promise<Registered>
  /** The paths that were removed. */
  uninstall(): Promise<string[]>
  /** The paths that `uninstall` would remove. */
  installed(): Promise<string[]>
}

/** All that the tracker keeps on this computer. */
export type PurgeAccess = {
  /** `others`: what lies in its folder and is not of its making. */
  find(): Promise<{
    ours: readonly { path: string; bytes: number; files: number }[]
    others: readonly string[]
    undelivered: number
    delivered: number
  }>
  /** For good; the names of what stays. @throws AppError STORE_NOT_WRITABLE */
  delete(): Promise<string[]>
}

export type KeyAccess = {
  /** `identity`: its file, when it is on this computer; `device`: the public key that signs. @throws AppError NO_RECIPIENT | RECIPIENT_INVALID | KEYS_UNCONFIRMED */
  show(): Promise<{
    recipients: readonly string[]
    identity: string | undefined
    device: string | undefined
    /** What in the key files is other than what was confirmed, and the code that accepts it. */
    unconfirmed?: { changes: string; code: string }
  }>
  /** @throws AppError FILE_EXISTS | STORE_NOT_WRITABLE */
  create(file: string | undefined): Promise<{ recipient: string; file: string }>
  /** @throws AppError RECIPIENT_INVALID | KEYS_UNCONFIRMED */
  add(recipient: string): Promise<string>
  /** @throws AppError IDENTITY_MISSING | FILE_EXISTS | STORE_NOT_WRITABLE */
  export(file: string, here: 'keep-here' | 'forget-here'): Promise<void>
  /** What is found; `changes` undefined: it is confirmed already. @throws AppError NO_RECIPIENT | RECIPIENT_INVALID */
  propose(): Promise<{ recipients: readonly string[]; changes: string | undefined; code: string }>
  /** It counts from now on, if it is what was proposed under this code. @throws AppError KEYS_CODE_WRONG, and as `propose` */
  confirm(code: string): Promise<void>
  /** What was confirmed is written again. @throws AppError KEYS_UNCONFIRMED when nothing was */
  restore(): Promise<readonly string[]>
}

/** All that is kept of the person, to be read beside a tracker that may run. */
export type ExportAccess = {
  /** The folder that gets its name when it is whole; disposed of before that, nothing of it stays. @throws AppError FILE_EXISTS | FILE_NOT_WRITABLE */
  begin(path: string): Promise<ExportFolder>
  /** The tracker's own destination folder. */
  delivered: string
  /** As the objects of this computer name it; undefined before the first start. */
  device(): Promise<string | undefined>
  /** What waits for review, what waits for delivery, and what was set aside: in the order of sealing. */
  sealed(where: 'held' | 'outbox' | 'quarantine'): Promise<readonly SealedFile[]>
  /** The lines of the journal that are not sealed yet. */
  unsealed(): Promise<readonly string[]>
  /** Counted and not in the journal yet. */
  unstored(): Promise<readonly object[]>
  /** The whole database. */
  withTables(
    use: (tables: readonly { name: string; rows: Iterable<Record<string, unknown>> }[]) => Promise<void>,
  ): Promise<void>
  /** What is public of the keys. */
  keys(): Promise<object>
  logs(): Promise<readonly { name: string; path: string }[]>
}

/** Paths in it are relative. All are for this user only. */
export type ExportFolder = AsyncDisposable & {
  write(path: string, bytes: Uint8Array | string): Promise<void>
  append(path: string, text: string): Promise<void>
  /** Leaves it where it is when the other name is taken. */
  move(from: string, to: string): Promise<'moved' | 'taken'>
  finish(): Promise<void>
}

export type SealedFile = {
  name: string
  kind: 'records' | 'screenshot'
  format: 'webp' | 'jpg'
  /** The last part of its object's key, and the folder before it. */
  key: string
  date: string
  /** Of a screenshot that is held for review. */
  taken?: Temporal.Instant
  /** undefined when it has moved on meanwhile. @throws AppError FILE_UNREADABLE */
  sealed(): Uint8Array | undefined
}
