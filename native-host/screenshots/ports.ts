import type { BlurReason } from '../../protocol/blur-reasons.ts'
import type { AgentMessage } from '../../protocol/messages.ts'
import type { OwnWindow } from '../../protocol/own-windows.ts'
import type { Entry } from '../../protocol/records.ts'
import type { OutboxItem, PictureFormat } from '../delivery/ports.ts'
import type { BrowserWindow, WindowReport } from './private-windows.ts'
import type { HiddenArea } from './redacted-areas.ts'
import type { Avoid } from './window-rules.ts'

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
  /** undefined where the system does not report the monitor: it may be any. */
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

/** Disposing of it makes room for the next: its pixels must not be read any more. */
export type Grabbed = Disposable & {
  /** In the order of the system. */
  grabs: readonly Grab[]
  /** How many displays there are, of which `grabs` may be one. */
  displays: number
}

/** A part of the desktop, in the same pixels as Monitor. */
export type Area = { x: number; y: number; width: number; height: number }

/** The areas of windows that must not be on a picture. Their names stay behind this port. */
export type WindowAreas = {
  hidden: readonly HiddenArea[]
  /** Windows of browsers, which may be private, including those that are not shown right now. */
  browsers: readonly BrowserWindow[]
}

/** A browser whose extension is connected; `pid`: its process. */
export type AskedBrowser = { send(message: AgentMessage): void; pid: number }

/** The connected extensions that can be asked for their own windows. */
export type WindowQuestions = {
  join(browser: AskedBrowser): void
  leave(browser: AskedBrowser): void
  /** Takes an answer of one of them. Unrequested answers do not count. */
  take(from: AskedBrowser, ask: string, windows: readonly OwnWindow[]): void
}

/** Asks the extension in each connected browser for its own windows. An extension that does not answer soon is left out. */
export type AskWindows = (signal: AbortSignal) => Promise<readonly WindowReport[]>

export type WindowList = {
  /** Of every window that is shown right now. @throws AppError WINDOWS_UNKNOWN: no part of this system lists them */
  look(avoid: Avoid, signal: AbortSignal): Promise<WindowAreas>
}

/** Why a monitor is to be blurred as a whole: `blur-setting`, or why although that is off. undefined for one that may be any. */
export type Redaction = (monitor: Monitor | undefined) => readonly (BlurReason | 'blur-setting')[]

/**
 * Lists the windows before pictures are taken. Resolves with a function that lists them again afterwards, and decides
 * what is to be blurred.
 */
export type PrepareRedaction = (signal: AbortSignal) => Promise<(signal: AbortSignal) => Promise<Redaction>>

export type ScreenCapture = {
  /**
   * One picture for each display, or of the active one: where the focus is, or else the pointer, or else the first.
   * @throws AppError CAPTURE_NO_DISPLAY | CAPTURE_TOOL_MISSING | CAPTURE_WAYLAND (before anything was started) |
   * CAPTURE_TIMED_OUT | CAPTURE_FAILED
   */
  grab(which: 'all' | 'active', signal: AbortSignal): Promise<Grabbed>
}

export type Picture = { bytes: Uint8Array; format: PictureFormat; width: number; height: number }

export type ImageEditor = {
  /**
   * Scales to `scalePercent` of the width and height and encodes with `quality` (1 to 100). With `blur`, text of up to
   * 110 px (times `scale`, that of the monitor) cannot be read back, not even by undoing the blur (docs/decisions/0006).
   * @throws AppError CAPTURE_FAILED when the bytes are no picture | CAPTURE_TIMED_OUT
   */
  encode(picture: GrabbedPicture, options: EditOptions): Promise<Picture>
  /**
   * The brightness of the picture in squares of some 16 pixels, row by row: enough to compare it with another of the
   * same size (screenshots/picture-change.ts). @throws as encode
   */
  fingerprint(picture: GrabbedPicture): Promise<Uint8Array>
}

export type EditOptions = {
  scalePercent: number
  quality: number
  blur: boolean
  scale: number
  /** The format of a picture that is not blurred; blurred ones are JPEG. WebP by default. */
  format?: PictureFormat
}

/** A picture in the review queue of this computer, sealed like everything else. */
export type HeldPicture = {
  /** The key of its future object, without the destination's prefix. Never changes. */
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

/** A screenshot as it was taken, and its data for the journal. */
export type TakenScreenshot = {
  at: Temporal.Instant
  picture: Picture
  facts: Omit<Extract<Entry, { kind: 'screenshot' }>, 'kind' | 'width' | 'height' | 'object' | 'held_until'>
}

/**
 * Seals a screenshot and stores it, with a record of it. Resolves once it survives a power cut.
 * @param signal discards it, until it is stored
 * @throws AppError NO_RECIPIENT | DISK_FULL | STORE_NOT_WRITABLE
 */
export type KeepScreenshot = (taken: TakenScreenshot, signal: AbortSignal) => Promise<void>

/** A removal from the review queue that may not be in the journal yet. */
export type HeldRemoval =
  | { readonly kind: 'deleted'; readonly picture: HeldPicture }
  | { readonly kind: 'replaced'; readonly picture: HeldPicture; readonly by: HeldPicture }

/** The review queue. Held pictures survive power cuts and restarts. One call at a time. */
export type ReviewQueue = {
  /** Of earlier runs too, the oldest first. */
  all(): readonly HeldPicture[]
  /**
   * Resolves once the picture survives a power cut, under a number that the outbox reserved. With `replaced` it
   * takes the place of that one, which is never released from then on, even after a crash.
   * @throws AppError DISK_FULL | STORE_NOT_WRITABLE, and then it is not held and the other one still is
   */
  put(
    picture: Omit<HeldPicture, 'key'> & { number: number },
    sealed: Uint8Array,
    replaced?: HeldPicture,
  ): Promise<HeldPicture>
  /** The sealed bytes. @throws AppError HELD_GONE | STORE_DAMAGED when they have changed | FILE_UNREADABLE */
  read(picture: HeldPicture): Promise<Uint8Array>
  /**
   * Moves the same bytes into the outbox as an item, which survives a power cut once this resolves.
   * @throws AppError HELD_GONE | DISK_FULL | STORE_NOT_WRITABLE, and then it is still held
   */
  release(picture: HeldPicture): Promise<OutboxItem>
  /**
   * Deletes the bytes for good, once this resolves.
   * @throws AppError HELD_GONE | DISK_FULL | STORE_NOT_WRITABLE, and then it is still held
   */
  delete(picture: HeldPicture): Promise<void>
  /** Removals, also of earlier runs: each stays here until it is reported as recorded. */
  unrecorded(): readonly HeldRemoval[]
  /** Reports that the removal is in the journal, and forgets the rest of the picture. */
  recorded(removal: HeldRemoval): Promise<void>
}

export type ScreenshotFacts = {
  last_screenshot: string
  /** The last screenshot that the person skipped: when they skipped it, and when it was due. */
  waived_screenshot: { asked: string; due: string }
}
