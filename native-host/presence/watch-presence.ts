import { assertAppError } from '../../protocol/assert-app-error.ts'
import type { Entry } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { CountedInput } from '../input/counted-input.ts'
import type { Journal } from '../journal/ports.ts'
import { whenever } from '../kernel/every.ts'
import { isoOf } from '../kernel/instants.ts'
import { signalUntilChange, sleepUntilAborted } from '../kernel/lifetime.ts'
import type { Clock } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal, watch } from '../kernel/signals.ts'
import type { PresenceSources } from './ports.ts'
import { type Presence, presenceOf } from './presence.ts'
import { createPresenceBoard, type DeviceActivity, type PresenceReport } from './presence-sources.ts'

type Ports = {
  signs: PresenceSources
  counted: CountedInput
  clock: Clock
  journal: Journal
  settings: ReadonlySignal<Settings>
  gate: ReadonlySignal<boolean>
}

export type PresenceWatch = {
  /** `unknown` while recording is not allowed: nothing is read then. */
  presence: ReadonlySignal<Presence>
  /** Device activity, where the system reports it without counts; undefined while it does not. */
  deviceActivity: ReadonlySignal<DeviceActivity | undefined>
  run(signal: AbortSignal): Promise<void>
}

type State = {
  presence: Signal<Presence>
  deviceActivity: Signal<DeviceActivity | undefined>
  waiting: Entry[]
}

/** What is known since recording was allowed. */
type Session = State & {
  board: ReturnType<typeof createPresenceBoard>
  /** A person who starts or resumes is present. */
  openedAt: number
  asleepMs: number
  media: boolean
  askedForMediaAt: number
  signal: AbortSignal
}

/** Finds unannounced sleep this soon after waking up: a timer stands still while the computer sleeps. */
const lookMs = 10_000

/**
 * Whether a program keeps the screen on can only be polled; this often while the person would otherwise be
 * idle.
 */
const mediaLookMs = 30_000

/** What the clocks differ by is known to a hundredth of a second. Shorter sleeps change nothing. */
const shortestSleepMs = 2000

/** Records that wait for a disk that is full. More would be the presence of a day, and old. */
const mostWaiting = 200

/**
 * Derives the presence of the person from counted input and from reports of the system, and records every
 * change. Runs only while recording is allowed, and polls nothing that the system reports by itself.
 */
export function watchPresence(ports: Ports): PresenceWatch {
  const state: State = {
    presence: createSignal(nowhere(ports.clock)),
    deviceActivity: createSignal<DeviceActivity | undefined>(undefined),
    waiting: [],
  }
  const { presence, deviceActivity } = state
  return {
    presence,
    deviceActivity,
    run: signal => whenever(ports.gate, session => watchWhileAllowed(ports, state, session), signal),
  }
}

async function watchWhileAllowed(ports: Ports, state: State, signal: AbortSignal): Promise<void> {
  const { signs, counted, clock, settings } = ports
  const { presence, deviceActivity } = state
  const session: Session = {
    ...state,
    board: createPresenceBoard(),
    openedAt: clock.monotonicMs(),
    asleepMs: sleptSoFar(clock),
    media: false,
    askedForMediaAt: Number.NEGATIVE_INFINITY,
    signal,
  }
  const lookWhenAway = () => {
    if (presence.value.kind !== 'active' || presence.value.source === 'media') look(ports, session)
  }
  watch(counted.seen, lookWhenAway, signal)
  watch(counted.input, () => look(ports, session), signal)
  const watching = signs.watch(report => take(ports, session, report), signal)
  while (!signal.aborted) {
    await lookForMedia(ports, session)
    if (signal.aborted) break
    look(ports, session)
    using change = signalUntilChange([presence, deviceActivity, settings], signal)
    await sleepUntilAborted(msToNextKind(ports, session), clock, change.signal)
  }
  await watching
  deviceActivity.value = undefined
  presence.value = nowhere(clock)
}

async function lookForMedia(ports: Ports, session: Session): Promise<void> {
  const { clock, settings, signs } = ports
  const matters = settings.value.count_media && msToIdle(ports, session) <= 0
  const isDue = clock.monotonicMs() - session.askedForMediaAt >= mediaLookMs
  if (!matters) session.media = false
  if (!matters || !isDue) return
  session.askedForMediaAt = clock.monotonicMs()
  session.media = await signs.keptAwake()
}

function take(ports: Ports, session: Session, report: PresenceReport): void {
  if (session.signal.aborted) return
  session.board.note(report, ports.clock.monotonicMs())
  session.deviceActivity.value = session.board.deviceActivity()
  look(ports, session)
}

function look(ports: Ports, session: Session): void {
  if (session.signal.aborted) return
  const { clock } = ports
  const { presence } = session
  noteSleep(ports, session)
  const nowMs = clock.monotonicMs()
  const { kind, sinceMs, source } = presenceOf(observed(ports, session, nowMs))
  const { value } = presence
  const isSame = kind === value.kind && (source === 'media') === (value.source === 'media')
  if (isSame) {
    if (source !== value.source) presence.value = { ...value, source }
    storeWaiting(ports, session)
    return
  }
  const since = isoOf(clock.now().subtract({ milliseconds: Math.round(nowMs - sinceMs) }))
  presence.value = { kind, since, source }
  store(ports, session, { kind: 'presence.changed', presence: kind, from: since, source })
}

/**
 * A clock that runs during sleep shows each sleep, also one without an announcement or with one that is read
 * only after waking up. So this check comes before any report counts.
 */
function noteSleep(ports: Ports, session: Session): void {
  const { clock } = ports
  const { presence } = session
  const ms = sleptSoFar(clock) - session.asleepMs
  if (ms < shortestSleepMs) return
  session.asleepMs += ms
  if (presence.value.kind === 'asleep') return
  const now = clock.now()
  const from = isoOf(now.subtract({ milliseconds: Math.round(ms) }))
  presence.value = { kind: 'asleep', since: from, source: 'clock' }
  store(ports, session, {
    kind: 'presence.changed',
    presence: 'asleep',
    from,
    to: isoOf(now),
    source: 'clock',
  })
}

function observed(ports: Ports, session: Session, nowMs: number): Parameters<typeof presenceOf>[0] {
  const { idle_after, away_after } = ports.settings.value
  return {
    nowMs,
    lastInput: lastInput(ports, session, nowMs),
    lockedBy: session.board.lockedBy(),
    asleepBy: session.board.asleepBy(),
    idleAfterMs: idle_after * 1000,
    awayAfterMs: away_after * 1000,
    media: session.media,
  }
}

function lastInput({ counted }: Ports, { board, openedAt }: Session, nowMs: number) {
  const reported = board.lastInput(nowMs)
  const counting = counted.input.value.kind === 'counting'
  if (!counting && reported === undefined) return undefined
  return {
    atMs: Math.max(openedAt, counted.lastEventAt.value ?? openedAt, reported?.atMs ?? openedAt),
    source: counting || reported === undefined ? ('input' as const) : reported.source,
  }
}

function msToIdle(ports: Ports, session: Session): number {
  const nowMs = ports.clock.monotonicMs()
  const last = lastInput(ports, session, nowMs)
  return last ? last.atMs + ports.settings.value.idle_after * 1000 - nowMs : 0
}

/** When the lack of input alone changes the presence. */
function msToNextKind(ports: Ports, session: Session): number {
  const nowMs = ports.clock.monotonicMs()
  const last = lastInput(ports, session, nowMs)
  const { idle_after, away_after } = ports.settings.value
  const due = [idle_after, away_after].map(seconds => (last?.atMs ?? 0) + seconds * 1000 - nowMs)
  return Math.min(...due.filter(ms => ms > 0), lookMs)
}

function nowhere(clock: Clock): Presence {
  return { kind: 'unknown', since: isoOf(clock.now()), source: 'nobody' }
}

/** Only its growth means something. */
function sleptSoFar(clock: Clock): number {
  return clock.uptimeMs() - clock.monotonicMs()
}

function store(ports: Ports, state: State, entry: Entry): void {
  if (state.waiting.length < mostWaiting) state.waiting.push(entry)
  storeWaiting(ports, state)
}

/** Other code notices and shows a full disk; waiting records are tried again at every check. */
function storeWaiting({ journal }: Ports, { waiting }: State): void {
  try {
    for (let next = waiting[0]; next; next = waiting[0]) {
      journal.append(next)
      waiting.shift()
    }
  } catch (error) {
    assertAppError(error)
  }
}
