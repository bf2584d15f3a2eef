import type { BlurReason } from '../protocol/blur-reasons.ts'
import type { Computer } from '../protocol/computer.ts'
import type { AppError, Problem } from '../protocol/errors.ts'
import type { AgentMessage, ClientMessage } from '../protocol/messages.ts'
import type { OwnWindow } from '../protocol/own-windows.ts'
import type { Counts, Entry, JournalRecord } from '../protocol/records.ts'
import type { SettingName, Settings } from '../protocol/settings.ts'
import type { ReadonlyCell } from './core/cell.ts'
import type { ChainHead, HeadClaim } from './core/chain-head.ts'
import type { Refusals } from './core/confirmation.ts'
import type { CourseRecord } from './core/course-record.ts'
import type { FlaggedStretch } from './core/flagged-stretch.ts'
import type { InputEvent } from './core/input-event.ts'
import type { InputSources } from './core/input-sources.ts'
import type { ConfirmedKeys, KeySet } from './core/key-set.ts'
import type { PresenceSign } from './core/presence-signs.ts'
import type { BrowserWindow, WindowReport } from './core/private-windows.ts'
import type { Route } from './core/route.ts'
import type { Extra } from './core/s3-extras.ts'
import type { EndReason } from './core/start-gap.ts'
import type { UnstoredInterval } from './core/unstored-intervals.ts'
import type { HiddenArea } from './core/veiled-monitors.ts'
import type { Weakened } from './core/weakening.ts'
import type { Avoid } from './core/window-rules.ts'

/**
 * What the flows need from the world. Each port is implemented by adapters (and by a fake in test/fakes.ts),
 * and every implementation passes the port's suite in test/contract/.
 */

export type Clock = {
  now(): Temporal.Instant
  /** Milliseconds on the machine's clock that never jumps, the same that input events carry. */
  monotonicMs(): number
  /**
   * Milliseconds since the computer was started, sleep included: what the wall's clock would show had nobody set it.
   * To 10 ms on Linux.
   */
  uptimeMs(): number
  /** The IANA time zone of the computer, as it was when it was last read. */
  zone(): string
  /** Reads it anew, which takes some microseconds. `problem`: ZONE_UNCLEAR, and `zone` is what is used instead. */
  readZone(): { zone: string; problem: AppError | undefined }
  /** Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export type InputState =
  | { kind: 'off' }
  | { kind: 'starting' }
  | { kind: 'counting' }
  /** Input happens unseen: whoever shows counts must say so. */
  | { kind: 'unavailable'; problem: Problem }

export type InputSource = {
  /**
   * Listens until `signal` aborts and resolves then, after the last events were handed over. Restarts what dies,
   * with back-off: a failure is a state, never an exception.
   * `onEvents` gets events in order, in batches at most half a second old. `onSources` gets the devices that they came
   * from, every five seconds while there are any, where the system tells; while `closely` holds, every second and when
   * input ends. `onPointerKeys`: the system moves the pointer by keys (MouseKeys), said before the first events of it.
   */
  listen(
    handlers: {
      onEvents(events: readonly InputEvent[]): void
      onState(state: InputState): void
      onSources?(sources: InputSources): void
      onPointerKeys?(on: boolean): void
      closely?: ReadonlyCell<boolean>
    },
    signal: AbortSignal,
  ): Promise<void>
}

/** Where a monitor stands. Lengths are in pixels of the picture, from the top left corner of the desktop. */
export type Monitor = {
  /** Such as HDMI-1. */
  name: string
  x: number
  y: number
  width: number
  height: number
  /** 2 on a monitor whose letters have twice the pixels of an ordinary one; 1 also where it is not known. */
  scale: number
}

export type Grab = {
  /** Counted from 1, in the order of the system. */
  display: number
  /** undefined where the system does not tell which monitor it is: it may be any. */
  monitor: Monitor | undefined
  picture: GrabbedPicture
}

export type GrabbedPicture =
  /** In a format that the image port reads (JPEG, PNG). */
  { form: 'encoded'; bytes: Uint8Array } | RawPicture

/**
 * Pixels in a file in memory: never on a disk, without a name, and only as long as the Grabbed that it belongs to.
 * A process of this user may open it by `file`. Rows from the top, without padding.
 */
export type RawPicture = {
  form: 'raw'
  file: string
  /** Of the first pixel, in bytes. */
  offset: number
  width: number
  height: number
  /** The bytes of a pixel: blue, green, red and one without meaning, or red, green, blue. */
  order: 'bgrx' | 'rgb'
}

/** Disposing of it makes room for the next: what it holds is not to be looked at any more. */
export type Grabbed = Disposable & {
  /** In the order of the system. */
  grabs: readonly Grab[]
  /** How many displays there are, of which `grabs` may be one. */
  displays: number
}

/** A part of the desktop, in the same pixels as Monitor. */
export type Area = { x: number; y: number; width: number; height: number }

/** Where windows are that are not to be on a picture. What they are called stays behind this port. */
export type WindowAreas = {
  hidden: readonly HiddenArea[]
  /** Windows of browsers, which may be private; also those that are not shown right now. */
  browsers: readonly BrowserWindow[]
}

/** A browser whose extension is connected; `pid`: its process. */
export type AskedBrowser = { send(message: AgentMessage): void; pid: number }

/** Where extensions are known that can be asked for their own windows. */
export type WindowQuestions = {
  join(browser: AskedBrowser): void
  leave(browser: AskedBrowser): void
  /** What came from one of them. Nothing that was not asked for counts. */
  take(from: AskedBrowser, ask: string, windows: readonly OwnWindow[]): void
}

/** Asks the extension in each connected browser for its own windows. Who does not answer soon is left out. */
export type AskWindows = (signal: AbortSignal) => Promise<readonly WindowReport[]>

export type WindowList = {
  /** Of every window that is shown right now. @throws AppError WINDOWS_UNKNOWN: nobody here can tell */
  look(avoid: Avoid, signal: AbortSignal): Promise<WindowAreas>
}

/** Why a monitor is to be blurred as a whole: `blur-setting`, or why although that is off. undefined for one that may be any. */
export type Veil = (monitor: Monitor | undefined) => readonly (BlurReason | 'blur-setting')[]

/**
 * Looks at the windows before pictures are taken. What it resolves with looks again when they are taken, and says what
 * of them is to be blurred.
 */
export type RaiseVeil = (signal: AbortSignal) => Promise<(signal: AbortSignal) => Promise<Veil>>

export type ScreenCapture = {
  /**
   * One picture for each display, or of the active one: where the focus is, or else the pointer, or else the first.
   * @throws AppError CAPTURE_NO_DISPLAY | CAPTURE_TOOL_MISSING | CAPTURE_WAYLAND (before anything was started) |
   * CAPTURE_TIMED_OUT | CAPTURE_FAILED
   */
  grab(which: 'all' | 'active', signal: AbortSignal): Promise<Grabbed>
}

export type Picture = { bytes: Uint8Array; format: PictureFormat; width: number; height: number }
export type PictureFormat = 'webp' | 'jpeg'

export type ImageEditor = {
  /**
   * Scales to `scalePercent` of the width and height and encodes with `quality` (1 to 100). With `blur`, text of up to
   * 110 px (times `scale`, that of the monitor) cannot be read back, not even by undoing the blur (docs/decisions/0006).
   * @throws AppError CAPTURE_FAILED when the bytes are no picture | CAPTURE_TIMED_OUT
   */
  encode(picture: GrabbedPicture, options: EditOptions): Promise<Picture>
  /**
   * How bright the picture is in squares of some 16 pixels, row by row: enough to tell whether it shows something else
   * than another of the same size (core/picture-change.ts). @throws as encode
   */
  glance(picture: GrabbedPicture): Promise<Uint8Array>
}
export type EditOptions = {
  scalePercent: number
  quality: number
  blur: boolean
  scale: number
  /** Of a picture that is not blurred; blurred ones are JPEG. WebP when it is not said. */
  format?: PictureFormat
}

export type Notice = {
  /** Shows a notification of the desktop for some seconds. False where it has none. @param text of ours, never quoted from anywhere */
  show(text: string): Promise<boolean>
  /**
   * One that stays until it was seen, whatever the desktop was asked to keep back. Resolves with what `replaces` takes to
   * put another in its place, and with undefined where nothing can be shown. @param text as for `show`
   */
  announce(text: string, replaces?: string): Promise<string | undefined>
}

/** A window of the desktop, outside every browser, that asks the person something. */
export type ConfirmDialog = {
  /**
   * Resolves with the answer, or with `none`: nothing here can ask, or it was closed by something else than an answer.
   * Refusing is the default, by key and by closing the window. Ends when `signal` aborts.
   */
  ask(question: DialogQuestion, signal: AbortSignal): Promise<'accepted' | 'refused' | 'none'>
}
export type DialogQuestion = { text: string; accept: string; refuse: string }

export type Power = {
  /** undefined: this computer has no battery. */
  battery(): Promise<{ percent: number; discharging: boolean } | undefined>
}

export type PresenceSigns = {
  /**
   * Tells what is so at the beginning and then every change, until `signal` aborts. Whoever is not there says nothing,
   * and is listened to once it is; never throws. Costs nothing while nothing changes.
   */
  watch(onSign: (sign: PresenceSign) => void, signal: AbortSignal): Promise<void>
  /**
   * Whether a program now asks the system to keep the screen on for somebody who looks or listens, as calls and videos
   * do. Not knowing is no.
   */
  keptAwake(): Promise<boolean>
}

export type Network = {
  /** Whether the connection is paid for by volume, as far as the system knows. Not knowing is no. */
  metered(): Promise<boolean>
  /**
   * Calls `onChange` when what this computer can reach may have changed, such as a cable plugged in or a network
   * joined, until `signal` aborts. Notices within some seconds, and costs something: watch only while waiting for it.
   */
  watch(onChange: () => void, signal: AbortSignal): void
}

/** The totals of one minute, in the zone in which it was spent. */
export type MinuteTotals = Counts & {
  /** A whole minute. */
  start: Temporal.Instant
  /** IANA name. */
  zone: string
  /** Active seconds of it that did not look genuine. */
  flagged_seconds: number
}

/** What was spent of a local date in one zone. A day on which somebody travelled has several. */
export type ZoneDay = { date: string; zone: string; active_seconds: number; flagged_seconds: number }

/** Lines in order, each ending in a newline; `from` and `to` are the sequence numbers of the first and last. */
export type UnsealedRecords = {
  from: number
  to: number
  lines: string
  oldest: Temporal.Instant
  count: number
  /** What they follow: the record before the first of them. */
  before: ChainHead
  /** The last of them. */
  head: ChainHead
}

export type Journal = {
  /**
   * Makes the record durable before it returns. In the same transaction intervals are added to their minute, what a
   * verdict reaches back to (verdict.extended) is marked or set aside there, and what one is withdrawn from
   * (verdict.withdrawn, in whole minutes) counts again.
   * @throws AppError DISK_FULL | STORE_NOT_WRITABLE, and then nothing was written
   */
  append(entry: Entry): JournalRecord
  /** Of this or an earlier run. */
  lastWrite(): Temporal.Instant | undefined
  /** The last record of this or an earlier run; number 0 before the first. */
  head(): ChainHead
  /** The last record that was forgotten because it is sealed, or that could be: what follows it is not sealed yet. */
  sealedHead(): ChainHead
  /** The oldest records that are not sealed yet, at most `limit`; undefined when there are none. */
  unsealed(limit: number): UnsealedRecords | undefined
  /** Forgets the lines up to and including `seq`, which are safe elsewhere. The chain goes on from there. */
  forget(seq: number): void
  /**
   * Totals of the minutes that were spent on a local date such as 2026-11-19, whatever the zone was, in their order.
   * Minutes without activity may be missing.
   */
  minutesOf(date: string): MinuteTotals[]
  /** The last `limit` dates on which there was anything, the latest first, and of a date the zones in their order. */
  lastDays(limit: number): ZoneDay[]
}

/**
 * Keeps what is shown and not stored yet where a killed process does not take it along. A power cut may, so it costs no
 * wait for a disk. Neither call throws: it is the journal that must not lose anything.
 */
export type UnstoredCounts = {
  /** Instead of what was kept before; the last one goes on. Writes nothing when there is nothing and was nothing. */
  keep(intervals: readonly UnstoredInterval[]): void
  /** What was kept, by this process or an earlier one, and did not get into the journal since. In their order. */
  recall(): UnstoredInterval[]
}

/** What the course of the last days is told from, kept when the records themselves are sealed and gone. */
export type KeptCourse = {
  /** In their order. */
  records(): CourseRecord[]
  /** Active seconds of the date that were taken out, by the minute. */
  discardedOf(date: string): { startMs: number; seconds: number }[]
}

export type Disk = {
  /**
   * Throws what storing something would throw, as far as that can be known without writing. Costs next to nothing.
   * @throws AppError DISK_FULL | STORE_NOT_WRITABLE
   */
  check(): void
}

export type OutboxItem = {
  /** The key of the object that it will be, without the destination's prefix. Never changes. */
  key: string
  bytes: number
  queuedAt: Temporal.Instant
}

export type NewItem = {
  at: Temporal.Instant
  /** One that was reserved; without it, the next. */
  number?: number
  /** Exactly the bytes of the object. */
  sealed: Uint8Array
  content:
    | { kind: 'records'; from: number; to: number }
    /** `format` is webp when it is not said. */
    | { kind: 'screenshot'; format?: PictureFormat }
}

/** The bytes of a sealed item, wherever they lie. Nothing is held in memory that was not asked for. */
export type SealedBytes = {
  readonly size: number
  /** Lower-case hex, of all of it. */
  readonly sha256: string
  /**
   * The bytes from `from` to before `to`, which are good until the item is disposed of, and until `into` is used again:
   * memory of at least that length, to save making new. They may lie elsewhere all the same.
   * @throws AppError FILE_UNREADABLE when the disk gives them up no more
   */
  slice(from: number, to: number, into?: Uint8Array): Promise<Uint8Array>
  /**
   * Resolves once all of the bytes were compared with the hash. Those of a small item were before it was opened; of a
   * large one that was read from its beginning to its end, those that were read are compared, so that sending it need
   * not wait. To be awaited before what was stored may count.
   * @throws AppError STORE_DAMAGED: an item of an outbox is in quarantine now and not in the outbox any more |
   * FILE_UNREADABLE: it stays there, and what was read of it may have been wrong
   */
  proven(): Promise<void>
}

export type Outbox = {
  /** A place in the queue, for what is to say it before it is put there: no other item gets this number. */
  reserve(): number
  /**
   * Resolves once the item survives a power cut.
   * @throws AppError DISK_FULL | STORE_NOT_WRITABLE, and then the item is not in the outbox
   */
  put(item: NewItem): Promise<OutboxItem>
  /** The oldest item, or the oldest of those that are younger than `after`; undefined when there is none. */
  next(after?: OutboxItem): OutboxItem | undefined
  /** Whether an item of this key still waits. */
  has(key: string): boolean
  /**
   * Compares the bytes of a small item with its hash before it resolves, see `proven`. To be disposed of.
   * @throws AppError STORE_DAMAGED: the item was moved to quarantine and is not in the outbox any more |
   * FILE_UNREADABLE: it stays there
   */
  open(item: OutboxItem): Promise<SealedBytes & AsyncDisposable>
  /** Call it only once the destination has the item. Removing twice is harmless. */
  remove(item: OutboxItem): Promise<void>
  /** The highest record number that ever was in an item, 0 before the first. */
  coveredThrough(): number
  /** Changes with every put, remove and quarantine. */
  readonly summary: ReadonlyCell<OutboxSummary>
}

export type OutboxSummary = {
  items: number
  bytes: number
  oldest: Temporal.Instant | undefined
  quarantined: number
}

/** A picture that waits on this computer before it is on its way, sealed as everything else is. */
export type HeldPicture = {
  /** Of the object that it will be, without the destination's prefix. Never changes. */
  readonly key: string
  readonly taken: Temporal.Instant
  readonly until: Temporal.Instant
  /** Counted from 1. */
  readonly display: number
  readonly of: number
  /** In pixels. */
  readonly width: number
  readonly height: number
  readonly format: PictureFormat
  readonly blurred: boolean
}

/** A screenshot as it was taken, and what the journal is to say of it. */
export type TakenScreenshot = {
  at: Temporal.Instant
  picture: Picture
  facts: Omit<Extract<Entry, { kind: 'screenshot' }>, 'kind' | 'width' | 'height' | 'object' | 'held_until'>
}

/**
 * Seals a screenshot and stores it, with a record of it. Resolves once it survives a power cut.
 * @param signal lets go of it, as long as it is not stored
 * @throws AppError NO_RECIPIENT | DISK_FULL | STORE_NOT_WRITABLE
 */
export type KeepScreenshot = (taken: TakenScreenshot, signal: AbortSignal) => Promise<void>

/** What was taken away from the held pictures, and may not be in the journal yet. */
export type HeldRemoval =
  | { readonly kind: 'deleted'; readonly picture: HeldPicture }
  | { readonly kind: 'replaced'; readonly picture: HeldPicture; readonly by: HeldPicture }

/** Held pictures survive power cuts and restarts. One call at a time. */
export type HeldPictures = {
  /** Of earlier runs too, the oldest first. */
  all(): readonly HeldPicture[]
  /**
   * Resolves once the picture survives a power cut, under a number that the outbox reserved. With `replaced` it comes in
   * the place of that one, which is never released from then on, whatever happens.
   * @throws AppError DISK_FULL | STORE_NOT_WRITABLE, and then it is not held and the other one still is
   */
  put(
    picture: Omit<HeldPicture, 'key'> & { number: number },
    sealed: Uint8Array,
    replaced?: HeldPicture,
  ): Promise<HeldPicture>
  /** The sealed bytes. @throws AppError HELD_GONE | STORE_DAMAGED when they are others | FILE_UNREADABLE */
  read(picture: HeldPicture): Promise<Uint8Array>
  /**
   * The very bytes become an item of the outbox, which survives a power cut once this resolves.
   * @throws AppError HELD_GONE | DISK_FULL | STORE_NOT_WRITABLE, and then it is still held
   */
  release(picture: HeldPicture): Promise<OutboxItem>
  /**
   * The bytes are gone, and never come back, once this resolves.
   * @throws AppError HELD_GONE | DISK_FULL | STORE_NOT_WRITABLE, and then it is still held
   */
  delete(picture: HeldPicture): Promise<void>
  /** Of earlier runs too: each stays here until it was said to be recorded. */
  unrecorded(): readonly HeldRemoval[]
  /** The removal is in the journal. What was left of the picture is forgotten. */
  recorded(removal: HeldRemoval): Promise<void>
}

export type Destination = {
  readonly kind: 'folder' | 's3'
  /** How many calls of `put` at the same time are worth while. */
  readonly atOnce: number
  /** For people: a path or bucket/prefix. */
  readonly where: string
  /**
   * Stores `bytes` under `key`, durably. Repeating the call is harmless: the same key always has the same bytes.
   * Calls for several keys may run at the same time. Nothing can be found under the key before the bytes are proven.
   * @throws AppError DELIVERY_FOLDER_* | UPLOAD_*; all may work later | whatever `bytes` throws
   */
  put(key: string, bytes: SealedBytes, signal: AbortSignal): Promise<void>
}

/**
 * Uploads in parts that have begun and are not complete, so that a process that follows a killed one sends only what
 * is missing. `place` says which bucket of which server it is: a part stored in one is worth nothing to another.
 */
export type MultipartProgress = {
  recall(key: string): MultipartUpload | undefined
  /** Durable when it returns. @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
  begin(key: string, upload: Omit<MultipartUpload, 'parts'>): void
  /** Durable when it returns. @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
  addPart(key: string, part: UploadedPart): void
  forget(key: string): void
  /** Every upload that was begun and not forgotten: those that no item needs any more are to be aborted. */
  all(): { key: string; uploadId: string; place: string }[]
}

export type MultipartUpload = { uploadId: string; place: string; partBytes: number; parts: UploadedPart[] }
export type UploadedPart = { number: number; etag: string; sha256: string }

/**
 * Looks at one step of the way to a server, each from the beginning and without what another step has opened. What a
 * look finds is said in words for people, such as an address or the issuer of a certificate.
 * All throw AppErrors that name the first thing that is wrong, and the signal's reason when it aborts.
 */
export type NetworkProbe = {
  /** @throws AppError NETWORK_NONE */
  findLink(way: Way, signal: AbortSignal): Promise<string>
  /** Of the proxy, when there is one: it looks up everything else. @throws AppError DNS_* | NETWORK_NONE */
  lookUpName(way: Way, signal: AbortSignal): Promise<string>
  /** Only for a way with a proxy. @throws AppError PROXY_* */
  reachProxy(way: Way, signal: AbortSignal): Promise<string>
  /** @throws AppError PORT_* */
  connect(way: Way, signal: AbortSignal): Promise<string>
  /** @throws AppError TLS_* | CONNECTION_* | UPLOAD_CLOCK_WRONG | UPLOAD_NOT_S3 */
  encrypt(way: Way, signal: AbortSignal): Promise<string>
  /** Asks without credentials who is there. @throws AppError CAPTIVE_PORTAL | FILTERED | UPLOAD_* | CONNECTION_* */
  askServer(way: Way, signal: AbortSignal): Promise<string>
}

/** How a bucket is reached. */
export type Way = {
  address: URL
  route: Route
  /** In PEM, when others than the usual ones are trusted. */
  authorities: readonly string[] | undefined
}

/** A destination as the settings say it, to be looked at and not to be delivered to. */
export type DestinationCheck = {
  readonly where: string
  /** What delivering needs, tried so that nothing stays behind. @throws as Destination.put, UPLOAD_SLOW */
  tryOut(signal: AbortSignal): Promise<string>
} & (
  | { readonly kind: 'folder' }
  | {
      readonly kind: 's3'
      /** What the settings make of it. @throws AppError FILE_UNREADABLE and the like: what they name is not there */
      findWay(): Promise<Way>
    }
)

export type Sealer = {
  /** age recipients, such as age1…; whoever holds an identity of one of them can open everything. */
  recipients(): readonly string[]
  /**
   * An age file (https://age-encryption.org/v1) for all recipients. With it goes `claim`, signed and readable by
   * everybody. Without one it is no object that `verify` takes for the tracker's. @throws AppError NO_RECIPIENT
   */
  seal(bytes: Uint8Array, claim?: HeadClaim): Promise<Uint8Array>
  /**
   * The same, and for as long as it is wanted a way to open this one file again without an identity.
   * @throws AppError NO_RECIPIENT
   */
  sealToReopen(bytes: Uint8Array, claim?: HeadClaim): Promise<{ sealed: Uint8Array; opener: Opener }>
}

/** Opens one sealed file. What it takes to do so is in the memory of this process and nowhere else. */
export type Opener = {
  /** @throws AppError OPEN_FAILED for other bytes, and for all once it was forgotten */
  open(sealed: Uint8Array): Uint8Array
  forget(): void
}

/** Zstandard, RFC 8878. */
export type Compress = (bytes: Uint8Array) => Promise<Uint8Array>

/** The settings in force, and the one way to change them. */
export type SettingsStore = {
  readonly current: ReadonlyCell<Settings>
  /** Durable when it resolves. @throws AppError SETTING_INVALID | DISK_FULL | STORE_NOT_WRITABLE */
  change<K extends SettingName>(name: K, value: Settings[K]): Promise<void>
  /** What was wrong with the stored settings when they were read. */
  readonly problems: readonly AppError[]
}

/** Small facts that must survive a crash. Each key has one writer. */
export type KeptFacts = {
  device: string
  consent: { text_version: number; at: string }
  /** `by`: the program that asked for it. */
  pause: { since: string; until: string | null; by?: string | undefined }
  delivered: { count: number; last: string }
  last_screenshot: string
  /** The last one that the person did not want: when they said so, and when it was due. */
  waived_screenshot: { asked: string; due: string }
  /** The folder that was prepared as the destination: another one in the settings was chosen since. */
  folder: string
  /** The time zone that records are known to be in. */
  zone: string
  /** Present while an agent runs; found at a start, it tells of an agent that was killed. */
  running: { pid: number; since: string; boot?: string | undefined }
  /** How the last agent ended, if it could say so. `boot` tells one start of the computer from the next. */
  last_end: { reason: EndReason; boot: string }
  /** The keys that were confirmed last, also before the person has agreed that anything is recorded. */
  keys_confirmed: ConfirmedKeys
  /** Those of which the records say that they are confirmed, and those that were last recorded as found. */
  keys: KeySet
  keys_found: KeySet
  /** The public key that the journal names. */
  device_key: string
  /** What the bucket of a server does not take beside an upload; the latest last. */
  refused_extras: readonly { place: string; extras: readonly Extra[] }[]
  /** Of what browsers asked for; gone as soon as something of it was allowed. */
  refusals: Refusals
  /** What kind of computer it is, found out once after each start of it. */
  computer: { boot: string; facts: Computer }
  /** How many intervals the journal ever took, in the same transaction. */
  stored_intervals: number
  /** What can be undone, the latest last. */
  weakened: readonly Weakened[]
  /** The latest stretches that did not look genuine, until they are withdrawn; the latest first. */
  flagged: readonly FlaggedStretch[]
}

export type Memory = {
  recall<K extends keyof KeptFacts>(key: K): KeptFacts[K] | undefined
  /** Durable when it returns; undefined forgets. @throws AppError DISK_FULL | STORE_NOT_WRITABLE */
  keep<K extends keyof KeptFacts>(key: K, value: KeptFacts[K] | undefined): void
}

/** One connected client, whatever the transport. */
export type ClientChannel = {
  /** Drops the message when the client is gone. Closes a client that does not read. */
  send(message: AgentMessage): void
  close(): void
  /** Parsed messages; ends when the client leaves. @throws AppError FRAME_* | MESSAGE_INVALID */
  messages: AsyncIterable<ClientMessage>
}

/** What goes into the log file. Only these fields exist, so that nothing else can be logged by mistake. */
export type LogEvent = {
  event: string
  code?: string
  detail?: string | undefined
  pid?: number
  ms?: number
  count?: number
  /** For INTERNAL errors only: where it happened. Never the message, which may quote data. */
  stack?: string
}
export type Log = (event: LogEvent) => void
