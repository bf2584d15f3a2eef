import type { Blurred } from '../../protocol/blur-reasons.ts'
import { AppError, type Problem, toProblem } from '../../protocol/errors.ts'
import type { PresenceKind } from '../../protocol/presence.ts'
import type { Entry } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { Journal } from '../journal/ports.ts'
import { whenever } from '../kernel/every.ts'
import { isoOf } from '../kernel/instants.ts'
import { signalWhile } from '../kernel/lifetime.ts'
import type { Clock, Disk, Memory } from '../kernel/ports.ts'
import { computed, createSignal, type ReadonlySignal, type Signal } from '../kernel/signals.ts'
import { isAbsent, type Presence } from '../presence/presence.ts'
import { captureScreenshots, type ScreenshotCapture, type Why } from './capture-screenshots.ts'
import type {
  ImageEditor,
  KeepScreenshot,
  PrepareRedaction,
  ScreenCapture,
  ScreenshotFacts,
} from './ports.ts'
import { type ScreenshotTimes, scheduleScreenshots } from './schedule-screenshots.ts'

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

const absence = { away: 'away', locked: 'behind a locked screen', asleep: 'away while the computer sleeps' }

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
   * Takes one now, outside the schedule, at the request of `by`.
   * @throws AppError NOT_TRACKING, also when tracking was paused or screenshots were switched off before it was stored,
   * and everything that capturing throws
   */
  takeNow(by: string): Promise<void>
  /** Skips the next one, and records that. @throws AppError NOT_TRACKING when none is due */
  skipNext(by: string): void
  run(signal: AbortSignal): Promise<void>
}

type Parts = Pick<Ports, 'clock' | 'memory' | 'settings' | 'presence'> & {
  capture: ScreenshotCapture
  times: ScreenshotTimes
  note: (entry: Entry) => void
}

type State = {
  last: Signal<string | undefined>
  problem: Signal<Problem | undefined>
  isTaking: Signal<boolean>
  inFlight: Promise<void> | undefined
  /** The absence that was recorded last, until a screenshot succeeds. */
  skipped: PresenceKind | undefined
}

export function takeScreenshots(ports: Ports): Screenshots {
  const { journal, memory, settings, gate, presence } = ports
  const note = (entry: Entry) => noteIfStorable(journal, entry)
  const times = scheduleScreenshots(ports)
  const capture = captureScreenshots({ ...ports, note })
  const parts: Parts = { ...ports, capture, times, note }
  const state: State = {
    last: createSignal(memory.get('last_screenshot')),
    problem: createSignal<Problem | undefined>(undefined),
    isTaking: createSignal(false),
    inFlight: undefined,
    skipped: undefined,
  }
  const allowed = computed(() => settings.value.screenshots && gate.value)
  const forever = new AbortController().signal

  return {
    state: computed(() => {
      if (times.next.value === undefined) return 'off'
      return state.isTaking.value ? 'taking' : 'waiting'
    }),
    next: times.next,
    last: state.last,
    displays: capture.displays,
    blurred: capture.blurred,
    problem: state.problem,

    async takeNow(by) {
      using session = signalWhile(allowed, yes => yes, forever)
      if (session.signal.aborted || isAbsent(presence.value.kind)) throw notAllowed(parts)
      await takeOnce(parts, state, { askedBy: by }, session.signal)
    },

    skipNext(by) {
      if (times.next.value === undefined) throw notAllowed(parts)
      if (state.inFlight)
        throw new AppError('NOT_TRACKING', { detail: 'a screenshot is already being taken' })
      note({ kind: 'screenshot.skipped', reason: 'user', by })
      times.waiveNext()
    },

    run: signal =>
      whenever(
        allowed,
        session => times.run((nowMs, session) => takeDue(parts, state, nowMs, session), session),
        signal,
      ),
  }
}

async function takeDue(parts: Parts, state: State, nowMs: number, session: AbortSignal): Promise<void> {
  if (isAbsent(parts.presence.value.kind)) skipAbsent(parts, state, nowMs)
  // A failure is kept in `problem` and the journal; the next one is tried on time.
  else await takeOnce(parts, state, 'due', session).catch(() => undefined)
}

/** Two requests at the same time share one screenshot. */
function takeOnce(parts: Parts, state: State, why: Why, signal: AbortSignal): Promise<void> {
  state.inFlight ??= take(parts, state, why, signal).finally(() => {
    state.inFlight = undefined
  })
  return state.inFlight
}

async function take(parts: Parts, state: State, why: Why, session: AbortSignal): Promise<void> {
  const { capture, clock, memory, note, presence, settings, times } = parts
  const begunMs = times.nowMs()
  // A capture is discarded if the person has left since, as after a pause.
  using present = signalWhile(presence, ({ kind }) => !isAbsent(kind), session)
  state.isTaking.value = true
  try {
    const kept = await capture.captureNow(why, present.signal)
    state.problem.value = undefined
    state.skipped = undefined
    if (kept === 0) return
    state.last.value = isoOf(clock.now())
    memory.set('last_screenshot', state.last.value)
  } catch (error) {
    if (present.signal.aborted) {
      if (!session.aborted) skipAbsent(parts, state, begunMs)
      throw notAllowed(parts)
    }
    const found = toProblem(error)
    state.problem.value = found
    note({ kind: 'screenshot.failed', code: found.code })
    throw error
  } finally {
    times.noteAttempt(attemptOf(begunMs, times.nowMs(), settings.value.screenshot_interval * 1000))
    state.isTaking.value = false
  }
}

/** Counts as an attempt. Recorded once while it lasts. */
function skipAbsent({ note, presence, times }: Parts, state: State, atMs: number): void {
  times.noteAttempt(atMs)
  const reason = presence.value.kind
  if (!isAbsent(reason) || reason === state.skipped) return
  note({ kind: 'screenshot.skipped', reason })
  state.skipped = reason
}

/**
 * An attempt counts from its beginning, or every interval would grow by the time of a capture. One that outlasts
 * the interval counts from its end: a display that hangs is not tried again without a pause.
 */
function attemptOf(begunMs: number, endedMs: number, intervalMs: number): number {
  return endedMs - begunMs < intervalMs ? begunMs : endedMs
}

function notAllowed({ presence, settings }: Parts): AppError {
  const { kind } = presence.value
  if (!settings.value.screenshots) return new AppError('NOT_TRACKING', { detail: 'screenshots are off' })
  return new AppError('NOT_TRACKING', isAbsent(kind) ? { detail: `you are ${absence[kind]}` } : {})
}

function noteIfStorable(journal: Journal, entry: Entry): void {
  try {
    journal.append(entry)
  } catch {
    // The disk that refused the screenshot refuses this record too; the problem is shown either way.
  }
}
