import type { Entry, Genuineness } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import { activityLine, countsOf, type InputWindow, noCounts } from '../input/input-window.ts'
import { isoOf } from '../kernel/instants.ts'
import type { Clock } from '../kernel/ports.ts'
import type { ReadonlySignal } from '../kernel/signals.ts'
import type { Presence } from '../presence/presence.ts'
import type { UnstoredInterval } from './unstored-intervals.ts'

type Interval = Extract<Entry, { kind: 'interval' }>

type Ports = { presence: ReadonlySignal<Presence>; settings: ReadonlySignal<Settings> }

export type OpenInterval = {
  window: InputWindow
  openedAt: Temporal.Instant
  /** Input was not counted, or not all of it. */
  incomplete: true | undefined
}

/** Undefined while nothing has happened in it. `verdict`: as far as it is known. */
export function describeOpen(
  { clock, presence, settings }: Ports & { clock: Clock },
  { window, openedAt, incomplete }: OpenInterval,
  verdict: Genuineness['verdict'],
): UnstoredInterval | undefined {
  if (window.activeSeconds.size === 0) return undefined
  return {
    from: isoOf(openedAt),
    lengthMs: Math.round(clock.monotonicMs() - window.openedAt),
    ...countsOf(window),
    incomplete: incomplete === true,
    presence: presence.value.kind,
    verdict,
    discarded: verdict !== 'genuine' && settings.value.scripted_input === 'discard',
  }
}

/** The record of one that closes. */
export function describeInterval(
  { presence, settings }: Ports,
  { window, openedAt, incomplete }: OpenInterval,
  closedAt: number,
  { genuineness, trusted }: Pick<Interval, 'genuineness' | 'trusted'>,
): Interval {
  const lengthMs = Math.round(closedAt - window.openedAt)
  const counts = countsOf(window)
  const discard = genuineness.verdict !== 'genuine' && settings.value.scripted_input === 'discard'
  const activityPerSecond = activityLine(window, lengthMs)
  return {
    kind: 'interval',
    from: isoOf(openedAt),
    length_ms: lengthMs,
    ...(discard ? noCounts : counts),
    activity: discard ? activityPerSecond.replaceAll('1', '0') : activityPerSecond,
    ...(incomplete && { incomplete }),
    presence: presence.value.kind,
    genuineness,
    ...(trusted && { trusted }),
    ...(discard && { discarded: counts }),
  }
}
