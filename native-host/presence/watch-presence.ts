import { AppError } from '../../protocol/errors.ts'
import type { Entry } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { InputState } from '../input/ports.ts'
import type { Journal } from '../journal/ports.ts'
import { isoOf } from '../kernel/instants.ts'
import { signalUntilChange, signalWhile, unlessAborted } from '../kernel/lifetime.ts'
import type { Clock } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, until, watch } from '../kernel/signals.ts'
import type { PresenceSources } from './ports.ts'
import { type Presence, presenceOf } from './presence.ts'
import { createPresenceBoard, type DeviceActivity, type PresenceReport } from './presence-sources.ts'

type Ports = {
  signs: PresenceSources
  clock: Clock
  journal: Journal
  settings: ReadonlySignal<Settings>
  gate: ReadonlySignal<boolean>
}

/** The input that is counted, where it is. */
type CountedInput = {
  input: ReadonlySignal<InputState>
  /** Changes with every batch of events. */
  seen: ReadonlySignal<unknown>
  /** Of the last event, on the monotonic clock. */
  lastEventAt(): number | undefined
}

export type PresenceWatch = {
  /** `unknown` while recording is not allowed: nobody looks then. */
  presence: ReadonlySignal<Presence>
  /** Whether devices are used, as far as the system tells without saying how; undefined while it does not. */
  deviceActivity: ReadonlySignal<DeviceActivity | undefined>
  run(counted: CountedInput, signal: AbortSignal): Promise<void>
}

/** Finds sleep that nobody announced this soon after waking up: a timer stands still while the computer sleeps. */
const lookMs = 10_000

/** Whether a program keeps the screen on can only be asked; so often while the person would otherwise be idle. */
const mediaLookMs = 30_000

/** What the clocks differ by is known to a hundredth of a second. Shorter sleeps change nothing. */
const shortestSleepMs = 2000

/** Records that wait for a disk that is full. More would be the presence of a day, and old. */
const mostWaiting = 200

/**
 * Says where the person is, from what is counted and from what the system tells, and records every change. Looks only
 * while recording is allowed, and asks nothing that can be told.
 */
export function createPresence({ signs, clock, journal, settings, gate }: Ports): PresenceWatch {
  const nowhere = (): Presence => ({ kind: 'unknown', since: isoOf(clock.now()), source: 'nobody' })
  const presence = createSignal(nowhere())
  const deviceActivity = createSignal<DeviceActivity | undefined>(undefined)
  const waiting: Entry[] = []

  return {
    presence,
    deviceActivity,
    async run(counted, signal) {
      while (!signal.aborted) {
        if (gate.value) await watchWhileAllowed(counted, signal)
        await unlessAborted(
          until(gate, open => open, signal),
          signal,
        )
      }
    },
  }

  async function watchWhileAllowed(counted: CountedInput, outer: AbortSignal): Promise<void> {
    using allowed = signalWhile(gate, open => open, outer)
    const { signal } = allowed
    const board = createPresenceBoard()
    // Somebody who starts or resumes is there.
    const openedAt = clock.monotonicMs()
    let asleepMs = sleptSoFar()
    let media = false
    let askedAt = Number.NEGATIVE_INFINITY
    watch(
      counted.seen,
      () => {
        if (presence.value.kind !== 'active' || presence.value.source === 'media') look()
      },
      signal,
    )
    watch(counted.input, look, signal)
    const watching = signs.watch(take, signal)
    while (!signal.aborted) {
      await lookForMedia()
      if (signal.aborted) break
      look()
      using change = signalUntilChange([presence, deviceActivity, settings], signal)
      await unlessAborted(clock.sleep(msToNextKind(), change.signal), change.signal)
    }
    await watching
    deviceActivity.value = undefined
    presence.value = nowhere()

    async function lookForMedia(): Promise<void> {
      const matters = settings.value.count_media && msToIdle() <= 0
      const isDue = clock.monotonicMs() - askedAt >= mediaLookMs
      if (!matters) media = false
      if (!matters || !isDue) return
      askedAt = clock.monotonicMs()
      media = await signs.keptAwake()
    }

    function take(sign: PresenceReport): void {
      if (signal.aborted) return
      board.note(sign, clock.monotonicMs())
      deviceActivity.value = board.deviceActivity()
      look()
    }

    function look(): void {
      if (signal.aborted) return
      noteSleep()
      const nowMs = clock.monotonicMs()
      const { kind, sinceMs, source } = presenceOf({ ...seen(nowMs), media })
      const { value } = presence
      const isSame = kind === value.kind && (source === 'media') === (value.source === 'media')
      if (isSame) {
        if (source !== value.source) presence.value = { ...value, source }
        storeWaiting()
        return
      }
      const since = isoOf(clock.now().subtract({ milliseconds: Math.round(nowMs - sinceMs) }))
      presence.value = { kind, since, source }
      store({ kind: 'presence.changed', presence: kind, from: since, source })
    }

    /**
     * A sleep is known by the clock that goes on in it, also when nobody announced it, or when that was read only after
     * waking up: so this comes before anything that was told is believed.
     */
    function noteSleep(): void {
      const ms = sleptSoFar() - asleepMs
      if (ms < shortestSleepMs) return
      asleepMs += ms
      if (presence.value.kind === 'asleep') return
      const now = clock.now()
      const from = isoOf(now.subtract({ milliseconds: Math.round(ms) }))
      presence.value = { kind: 'asleep', since: from, source: 'clock' }
      store({ kind: 'presence.changed', presence: 'asleep', from, to: isoOf(now), source: 'clock' })
    }

    function seen(nowMs: number) {
      return {
        nowMs,
        lastInput: lastInput(nowMs),
        lockedBy: board.lockedBy(),
        asleepBy: board.asleepBy(),
        idleAfterMs: settings.value.idle_after * 1000,
        awayAfterMs: settings.value.away_after * 1000,
      }
    }

    function lastInput(nowMs: number) {
      const told = board.lastInput(nowMs)
      const counting = counted.input.value.kind === 'counting'
      if (!counting && told === undefined) return undefined
      return {
        atMs: Math.max(openedAt, counted.lastEventAt() ?? openedAt, told?.atMs ?? openedAt),
        source: counting || told === undefined ? ('input' as const) : told.source,
      }
    }

    function msToIdle(): number {
      const nowMs = clock.monotonicMs()
      const last = lastInput(nowMs)
      return last ? last.atMs + settings.value.idle_after * 1000 - nowMs : 0
    }

    /** When silence alone would make another kind of it. */
    function msToNextKind(): number {
      const nowMs = clock.monotonicMs()
      const last = lastInput(nowMs)
      const { idle_after, away_after } = settings.value
      const due = [idle_after, away_after].map(seconds => (last?.atMs ?? 0) + seconds * 1000 - nowMs)
      return Math.min(...due.filter(ms => ms > 0), lookMs)
    }
  }

  /** Only its growth means something. */
  function sleptSoFar(): number {
    return clock.uptimeMs() - clock.monotonicMs()
  }

  function store(entry: Entry): void {
    if (waiting.length < mostWaiting) waiting.push(entry)
    storeWaiting()
  }

  /** A disk that is full is noticed and shown by others; what is not stored is tried again at every look. */
  function storeWaiting(): void {
    try {
      for (let next = waiting[0]; next; next = waiting[0]) {
        journal.append(next)
        waiting.shift()
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
    }
  }
}
