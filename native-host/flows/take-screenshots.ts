import { AppError, type Problem, toProblem } from '../../protocol/errors.ts'
import type { PresenceKind } from '../../protocol/presence.ts'
import type { Entry } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import { type Cell, createCell, deriveCell, type ReadonlyCell, until } from '../core/cell.ts'
import { isoOf } from '../core/instants.ts'
import { signalUntilChange, signalWhile, unlessAborted } from '../core/lifetime.ts'
import { isAbsent, type Presence } from '../core/presence.ts'
import { nextScreenshotAt } from '../core/screenshot-schedule.ts'
import type {
  Clock,
  Disk,
  ImageEditor,
  Journal,
  KeepScreenshot,
  Memory,
  RaiseVeil,
  ScreenCapture,
} from '../ports.ts'

type Ports = {
  capture: ScreenCapture
  image: ImageEditor
  keep: KeepScreenshot
  journal: Journal
  memory: Memory
  disk: Disk
  clock: Clock
  settings: ReadonlyCell<Settings>
  gate: ReadonlyCell<boolean>
  presence: ReadonlyCell<Presence>
  veil: RaiseVeil
}

const absence = { away: 'away', locked: 'behind a locked screen', asleep: 'asleep with the computer' }

export type Screenshots = {
  state: ReadonlyCell<'off' | 'waiting' | 'taking'>
  next: ReadonlyCell<string | undefined>
  last: ReadonlyCell<string | undefined>
  displays: ReadonlyCell<number>
  /** Why the last attempt failed. */
  problem: ReadonlyCell<Problem | undefined>
  /**
   * Takes one now, outside the schedule. @throws AppError NOT_TRACKING, also when tracking was paused or screenshots
   * were switched off before it was stored, and everything that capturing throws
   */
  takeNow(): Promise<void>
}

export function createScreenshots(ports: Ports): Screenshots & { run(signal: AbortSignal): Promise<void> } {
  const { capture, image, keep, journal, memory, disk, clock, settings, gate, presence, veil } = ports
  const state = createCell<'off' | 'waiting' | 'taking'>('off')
  const next: Cell<string | undefined> = createCell<string | undefined>(undefined)
  const last = createCell(memory.recall('last_screenshot'))
  const displays = createCell(0)
  const problem: Cell<Problem | undefined> = createCell<Problem | undefined>(undefined)
  /** Attempts count for the schedule, or a broken display would be asked without a pause. */
  const lastAttemptMs = createCell(last.value === undefined ? undefined : Date.parse(last.value))
  const forever = new AbortController().signal
  const allowed = deriveCell([settings, gate], () => settings.value.screenshots && gate.value, forever)
  let inFlight: Promise<void> | undefined
  let skipped: PresenceKind | undefined

  return {
    state,
    next,
    last,
    displays,
    problem,
    async takeNow() {
      using session = signalWhile(allowed, yes => yes, forever)
      if (session.signal.aborted) throw notAllowed()
      if (isAbsent(presence.value.kind)) throw notAllowed()
      await takeOnce(session.signal)
    },

    async run(signal) {
      while (!signal.aborted) {
        state.set('off')
        next.set(undefined)
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

  async function takeOnSchedule(signal: AbortSignal): Promise<void> {
    let sinceMs = clock.now().epochMilliseconds
    const interval = deriveCell([settings], () => settings.value.screenshot_interval, signal)
    while (!signal.aborted) {
      const nowMs = clock.now().epochMilliseconds
      // After the clock was set back, what lies ahead of it was just now; or the wait would begin anew each time.
      sinceMs = Math.min(sinceMs, nowMs)
      if ((lastAttemptMs.value ?? nowMs) > nowMs) lastAttemptMs.set(nowMs)
      using change = signalUntilChange([interval, lastAttemptMs], signal)
      const intervalMs = interval.value * 1000
      const dueMs = nextScreenshotAt({ nowMs, lastMs: lastAttemptMs.value, sinceMs, intervalMs })
      state.set('waiting')
      next.set(isoOf(Temporal.Instant.fromEpochMilliseconds(dueMs)))
      if (dueMs > nowMs) await unlessAborted(clock.sleep(dueMs - nowMs, change.signal), change.signal)
      else if (isAbsent(presence.value.kind)) skip(nowMs)
      // A failure is kept in `problem` and the journal; the next one is tried on time.
      else await takeOnce(signal).catch(() => undefined)
    }
  }

  /** Two requests at the same time share one screenshot. */
  function takeOnce(signal: AbortSignal): Promise<void> {
    inFlight ??= take(signal).finally(() => {
      inFlight = undefined
    })
    return inFlight
  }

  async function take(outer: AbortSignal): Promise<void> {
    const begunMs = clock.now().epochMilliseconds
    // What is on the screen of somebody who has left since is let go, as after a pause.
    using present = signalWhile(presence, ({ kind }) => !isAbsent(kind), outer)
    const { signal } = present
    state.set('taking')
    try {
      await captureAndStore(signal)
      problem.set(undefined)
      skipped = undefined
      last.set(isoOf(clock.now()))
      memory.keep('last_screenshot', last.value)
    } catch (error) {
      if (signal.aborted) {
        if (!outer.aborted) skip(begunMs)
        throw notAllowed()
      }
      const found = toProblem(error)
      problem.set(found)
      note({ kind: 'screenshot.failed', code: found.code })
      throw error
    } finally {
      lastAttemptMs.set(attemptOf(begunMs, clock.now().epochMilliseconds))
      state.set(next.value ? 'waiting' : 'off')
    }
  }

  /** Counts as an attempt. Said once for as long as it is so. */
  function skip(atMs: number): void {
    lastAttemptMs.set(atMs)
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

  async function captureAndStore(signal: AbortSignal): Promise<void> {
    // Nothing is captured that could not be kept.
    disk.check()
    const at = clock.now()
    const lowerVeil = await veil(signal)
    using grabbed = await capture.grab('all', signal)
    const isVeiled = await lowerVeil(signal)
    displays.set(grabbed.displays)
    for (const grab of grabbed.grabs) {
      const { blur_screenshots, screenshot_scale: scalePercent } = settings.value
      const blurred = blur_screenshots || isVeiled(grab.monitor)
      const scale = grab.monitor?.scale ?? 1
      const picture = await image.encode(grab.picture, { scalePercent, quality: 70, blur: blurred, scale })
      // Paused in the meantime: what was captured before the pause but not stored yet is let go.
      signal.throwIfAborted()
      await keep({ at, picture, facts: { display: grab.display, of: grabbed.displays, blurred } }, signal)
    }
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
