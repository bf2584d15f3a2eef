import type { Blurred } from '../../protocol/blur-reasons.ts'
import type { Entry } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { Clock, Disk } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal } from '../kernel/signals.ts'
import { hasChanged } from './picture-change.ts'
import type { Grab, ImageEditor, KeepScreenshot, Picture, PrepareRedaction, ScreenCapture } from './ports.ts'

type Ports = {
  capture: ScreenCapture
  image: ImageEditor
  keep: KeepScreenshot
  disk: Disk
  clock: Clock
  settings: ReadonlySignal<Settings>
  redaction: PrepareRedaction
  note: (entry: Entry) => void
}

/** A requested screenshot is never skipped. */
export type Why = 'due' | { askedBy: string }

type Look = { fingerprint: Uint8Array; blurred: boolean }

type State = {
  displays: Signal<number>
  blurred: Signal<Blurred>
  /** How the last kept picture of each display looked, and how it was kept. */
  lastLooks: Map<string, Look>
}

export type ScreenshotCapture = {
  displays: ReadonlySignal<number>
  /** Which displays of the latest are blurred although the setting says sharp, and why. */
  blurred: ReadonlySignal<Blurred>
  /** Captures and keeps every display; resolves with how many pictures were kept. */
  captureNow(why: Why, signal: AbortSignal): Promise<number>
}

/** From the pixels of the displays to pictures that are kept: grab, redact, compare, encode, keep. */
export function captureScreenshots(ports: Ports): ScreenshotCapture {
  const state: State = {
    displays: createSignal(0),
    blurred: createSignal<Blurred>([]),
    lastLooks: new Map(),
  }
  return {
    displays: state.displays,
    blurred: state.blurred,
    captureNow: (why, signal) => captureNow(ports, state, why, signal),
  }
}

async function captureNow(ports: Ports, state: State, why: Why, signal: AbortSignal): Promise<number> {
  const { capture, clock, disk, keep, note, redaction, settings } = ports
  // Nothing is captured that could not be stored.
  disk.check()
  const at = clock.now()
  const decideRedaction = await redaction(signal)
  using grabbed = await capture.grab(settings.value.screenshot_displays, signal)
  const reasonsFor = await decideRedaction(signal)
  state.displays.value = grabbed.displays
  const of = grabbed.displays
  const blurredNow = grabbed.grabs.flatMap(({ display, monitor }) =>
    reasonsFor(monitor).flatMap(reason => (reason === 'blur-setting' ? [] : [{ display, reason }])),
  )
  let kept = 0
  const asked = why === 'due' ? {} : { asked_by: why.askedBy }
  for (const grab of grabbed.grabs) {
    const { display, monitor } = grab
    const blurred = settings.value.blur_screenshots || reasonsFor(monitor).length > 0
    const look = await lookOf(ports, grab, blurred)
    if (why === 'due' && look && isLikeLast(state.lastLooks.get(nameOf(grab)), look)) {
      signal.throwIfAborted()
      note({ kind: 'screenshot.skipped', reason: 'unchanged', display, of })
      continue
    }
    const picture = await encode(ports, grab, blurred)
    // Paused in the meantime: what was captured before the pause but not stored yet is discarded.
    signal.throwIfAborted()
    state.blurred.value = blurredNow
    await keep({ at, picture, facts: { display, of, blurred, ...asked } }, signal)
    if (look) state.lastLooks.set(nameOf(grab), look)
    else state.lastLooks.clear()
    kept++
  }
  return kept
}

/** Undefined while unchanged screens are not skipped. */
async function lookOf({ image, settings }: Ports, grab: Grab, blurred: boolean): Promise<Look | undefined> {
  if (!settings.value.skip_unchanged) return undefined
  return { fingerprint: await image.fingerprint(grab.picture), blurred }
}

function isLikeLast(before: Look | undefined, now: Look): boolean {
  return before?.blurred === now.blurred && !hasChanged(before.fingerprint, now.fingerprint)
}

function encode({ image, settings }: Ports, { picture, monitor }: Grab, blur: boolean): Promise<Picture> {
  const { screenshot_scale, screenshot_quality, screenshot_format } = settings.value
  return image.encode(picture, {
    scalePercent: screenshot_scale,
    quality: screenshot_quality,
    format: screenshot_format,
    blur,
    scale: monitor?.scale ?? 1,
  })
}

function nameOf({ display, monitor }: Grab): string {
  return monitor?.name ?? String(display)
}
