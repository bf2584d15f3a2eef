import type { Blurred } from '../../protocol/blur-reasons.ts'
import { AppError, type Problem, toProblem } from '../../protocol/errors.ts'
import type { PresenceKind } from '../../protocol/presence.ts'
import type { Entry } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { Journal } from '../journal/ports.ts'
import { isoOf } from '../kernel/instants.ts'
import { signalUntilChange, signalWhile, unlessAborted } from '../kernel/lifetime.ts'
import type { Clock, Disk, Memory } from '../kernel/ports.ts'
import { computed, createSignal, type ReadonlySignal, type Signal, until } from '../kernel/signals.ts'
import { isAbsent, type Presence } from '../presence/presence.ts'
import { hasChanged } from './picture-change.ts'
import type {
  Grab,
  ImageEditor,
  KeepScreenshot,
  PrepareRedaction,
  ScreenCapture,
  ScreenshotFacts,
} from './ports.ts'
import { nextRandomScreenshotAt, nextScreenshotAt } from './screenshot-schedule.ts'

type Ports = {
  capture: ScreenCapture
  image: ImageEditor
  keep: KeepScreenshot
  journal: Journal
  memory: Memory<ScreenshotFacts>
  disk: Disk
  clock: Clock
  /** From 0 up to 1. */
  random: () => number
  settings: ReadonlySignal<Settings>
  gate: ReadonlySignal<boolean>
  presence: ReadonlySignal<Presence>
  redaction: PrepareRedaction
}

const absence = { away: 'away', locked: 'behind a locked screen', asleep: 'asleep with the computer' }

export type Screenshots = {
  state: ReadonlySignal<'off' | 'waiting' | 'taking'>
  next: ReadonlySignal<string | undefined>
  last: ReadonlySignal<string | undefined>
  displays: ReadonlySignal<number>
  /** Which displays of the latest are blurred although the setting says sharp, and why. */
  blurred: ReadonlySignal<Blurred>
  /** Why the last attempt failed. */
  problem: ReadonlySignal<Problem | undefined>
  /**
   * Takes one now, outside the schedule, because `by` asks for it. @throws AppError NOT_TRACKING, also when tracking was paused or screenshots
   * were switched off before it was stored, and everything that capturing throws
   */
  takeNow(by: string): Promise<void>
  /** The next one is not taken; that is recorded. @throws AppError NOT_TRACKING when none is due */
  skipNext(by: string): void
}

/** Timers stand still while the computer sleeps, and what is shown has to follow a clock that was set. */
const longestNapMs = 30_000

export function createScreenshots(ports: Ports): Screenshots & { run(signal: AbortSignal): Promise<void> } {
  const { capture, image, keep, journal, memory, disk, clock, random, settings, gate, presence, redaction } =
    ports
  const state = createSignal<'off' | 'waiting' | 'taking'>('off')
  const next: Signal<string | undefined> = createSignal<string | undefined>(undefined)
  const last = createSignal(memory.get('last_screenshot'))
  const displays = createSignal(0)
  const blurred: Signal<Blurred> = createSignal<Blurred>([])
  const problem: Signal<Problem | undefined> = createSignal<Problem | undefined>(undefined)
  /** The schedule goes by the wall's clock as if nobody set it: neither a gap nor a hurry may come of that. */
  const bootedMs = clock.now().epochMilliseconds - clock.uptimeMs()
  const steadyMs = () => Math.round(bootedMs + clock.uptimeMs())
  /** Attempts count for the schedule, or a broken display would be asked without a pause. */
  const lastAttemptMs = createSignal(last.value === undefined ? undefined : Date.parse(last.value))
  const forever = new AbortController().signal
  const allowed = computed(() => settings.value.screenshots && gate.value)
  /** The moment of the last one that the person did not want, and of the one that is due. */
  const waivedMs = createSignal(waivedBefore())
  let dueMs: number | undefined
  let inFlight: Promise<void> | undefined
  let skipped: PresenceKind | undefined
  /** How the last kept picture of each display looked, and how it was kept. */
  const lastLooks = new Map<string, { fingerprint: Uint8Array; blurred: boolean }>()

  return {
    state,
    next,
    last,
    displays,
    blurred,
    problem,
    async takeNow(by) {
      using session = signalWhile(allowed, yes => yes, forever)
      if (session.signal.aborted) throw notAllowed()
      if (isAbsent(presence.value.kind)) throw notAllowed()
      await takeOnce(session.signal, { askedBy: by })
    },

    skipNext(by) {
      if (dueMs === undefined) throw notAllowed()
      if (inFlight) throw new AppError('NOT_TRACKING', { detail: 'one is being taken right now' })
      note({ kind: 'screenshot.skipped', reason: 'user', by })
      rememberWaived(dueMs)
      waivedMs.value = dueMs
    },

    async run(signal) {
      while (!signal.aborted) {
        state.value = 'off'
        next.value = undefined
        dueMs = undefined
        await unlessAborted(
          until(allowed, yes => yes, signal),
          signal,
        )
        if (signal.aborted) return
        using session = signalWhile(allowed, yes => yes, signal)
        await takeOnSchedule(session.signal)
      }
    },
  }

  /** Whoever was told that it is not taken is not told of a restart. */
  function rememberWaived(dueMs: number): void {
    const asked = clock.now()
    const due = asked.add({ milliseconds: dueMs - steadyMs() })
    try {
      memory.set('waived_screenshot', { asked: isoOf(asked), due: isoOf(due) })
    } catch {
      // On a disk that takes nothing it holds until the next start; nor could a screenshot be stored.
    }
  }

  function waivedBefore(): number | undefined {
    const waived = memory.get('waived_screenshot')
    // By a clock that was set back since, it could be due in a year.
    if (!waived || Date.parse(waived.asked) > clock.now().epochMilliseconds) return undefined
    return Date.parse(waived.due)
  }

  async function takeOnSchedule(signal: AbortSignal): Promise<void> {
    let sinceMs = steadyMs()
    const interval = computed(() => settings.value.screenshot_interval)
    const timing = computed(() => settings.value.screenshot_timing)
    let draw = { afterMs: lastAttemptMs.value, share: random() }
    while (!signal.aborted) {
      const nowMs = steadyMs()
      // What lies ahead was on a clock that was set back before this start; or the wait would begin anew each time.
      sinceMs = Math.min(sinceMs, nowMs)
      if ((lastAttemptMs.value ?? nowMs) > nowMs) lastAttemptMs.value = nowMs
      using change = signalUntilChange([interval, timing, lastAttemptMs, waivedMs], signal)
      const intervalMs = interval.value * 1000
      const lastMs = laterOf(lastAttemptMs.value, waivedMs.value)
      // One draw for each screenshot: whoever changes a setting does not draw again.
      if (draw.afterMs !== lastMs) draw = { afterMs: lastMs, share: random() }
      // As if what was waived had been taken at its moment, which may be ahead.
      const asOfMs = Math.max(nowMs, waivedMs.value ?? nowMs)
      const schedule = { nowMs: asOfMs, lastMs, sinceMs, intervalMs, share: draw.share }
      dueMs = timing.value === 'random' ? nextRandomScreenshotAt(schedule) : nextScreenshotAt(schedule)
      state.value = 'waiting'
      next.value = isoOf(clock.now().add({ milliseconds: dueMs - nowMs }))
      const napMs = Math.min(dueMs - nowMs, longestNapMs)
      if (napMs > 0) await unlessAborted(clock.sleep(napMs, change.signal), change.signal)
      else if (isAbsent(presence.value.kind)) skip(nowMs)
      // A failure is kept in `problem` and the journal; the next one is tried on time.
      else await takeOnce(signal, 'due').catch(() => undefined)
    }
  }

  /** Two requests at the same time share one screenshot. */
  function takeOnce(signal: AbortSignal, why: Why): Promise<void> {
    inFlight ??= take(signal, why).finally(() => {
      inFlight = undefined
    })
    return inFlight
  }

  async function take(outer: AbortSignal, why: Why): Promise<void> {
    const begunMs = steadyMs()
    // What is on the screen of somebody who has left since is let go, as after a pause.
    using present = signalWhile(presence, ({ kind }) => !isAbsent(kind), outer)
    const { signal } = present
    state.value = 'taking'
    try {
      const kept = await captureAndStore(signal, why)
      problem.value = undefined
      skipped = undefined
      if (kept === 0) return
      last.value = isoOf(clock.now())
      memory.set('last_screenshot', last.value)
    } catch (error) {
      if (signal.aborted) {
        if (!outer.aborted) skip(begunMs)
        throw notAllowed()
      }
      const found = toProblem(error)
      problem.value = found
      note({ kind: 'screenshot.failed', code: found.code })
      throw error
    } finally {
      lastAttemptMs.value = attemptOf(begunMs, steadyMs())
      state.value = next.value ? 'waiting' : 'off'
    }
  }

  /** Counts as an attempt. Said once for as long as it is so. */
  function skip(atMs: number): void {
    lastAttemptMs.value = atMs
    const reason = presence.value.kind
    if (!isAbsent(reason) || reason === skipped) return
    note({ kind: 'screenshot.skipped', reason })
    skipped = reason
  }

  /**
   * An attempt counts from its beginning, or every interval would be longer by what capturing takes. One that outlasts
   * the interval counts from its end: a display that hangs is not asked again without a pause.
   */
  function attemptOf(begunMs: number, endedMs: number): number {
    return endedMs - begunMs < settings.value.screenshot_interval * 1000 ? begunMs : endedMs
  }

  /** Resolves with how many pictures were kept. */
  async function captureAndStore(signal: AbortSignal, why: Why): Promise<number> {
    // Nothing is captured that could not be kept.
    disk.check()
    const at = clock.now()
    const decideRedaction = await redaction(signal)
    using grabbed = await capture.grab(settings.value.screenshot_displays, signal)
    const reasonsFor = await decideRedaction(signal)
    displays.value = grabbed.displays
    const of = grabbed.displays
    const blurredNow = grabbed.grabs.flatMap(({ display, monitor }) =>
      reasonsFor(monitor).flatMap(reason => (reason === 'blur-setting' ? [] : [{ display, reason }])),
    )
    let kept = 0
    const asked = why === 'due' ? {} : { asked_by: why.askedBy }
    for (const grab of grabbed.grabs) {
      const { display, monitor } = grab
      const isBlurred = settings.value.blur_screenshots || reasonsFor(monitor).length > 0
      const look = settings.value.skip_unchanged
        ? { fingerprint: await image.fingerprint(grab.picture), blurred: isBlurred }
        : undefined
      if (why === 'due' && look && isLikeLast(grab, look)) {
        signal.throwIfAborted()
        note({ kind: 'screenshot.skipped', reason: 'unchanged', display, of })
        continue
      }
      const scale = monitor?.scale ?? 1
      const {
        screenshot_scale: scalePercent,
        screenshot_quality: quality,
        screenshot_format: format,
      } = settings.value
      const picture = await image.encode(grab.picture, {
        scalePercent,
        quality,
        format,
        blur: isBlurred,
        scale,
      })
      // Paused in the meantime: what was captured before the pause but not stored yet is let go.
      signal.throwIfAborted()
      blurred.value = blurredNow
      await keep({ at, picture, facts: { display, of, blurred: isBlurred, ...asked } }, signal)
      if (look) lastLooks.set(nameOf(grab), look)
      else lastLooks.clear()
      kept++
    }
    return kept
  }

  function isLikeLast(
    grab: Grab,
    { fingerprint, blurred }: { fingerprint: Uint8Array; blurred: boolean },
  ): boolean {
    const before = lastLooks.get(nameOf(grab))
    return before !== undefined && before.blurred === blurred && !hasChanged(before.fingerprint, fingerprint)
  }

  function notAllowed(): AppError {
    const { kind } = presence.value
    if (!settings.value.screenshots) return new AppError('NOT_TRACKING', { detail: 'screenshots are off' })
    return new AppError('NOT_TRACKING', isAbsent(kind) ? { detail: `you are ${absence[kind]}` } : {})
  }

  function note(entry: Entry): void {
    try {
      journal.append(entry)
    } catch {
      // The disk that refused the screenshot refuses this too; the problem is shown either way.
    }
  }
}

/** What somebody asks for is never skipped. */
type Why = 'due' | { askedBy: string }

function laterOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}

function nameOf({ display, monitor }: Grab): string {
  return monitor?.name ?? String(display)
}
