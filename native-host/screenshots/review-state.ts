import type { Problem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { HeldScreenshot } from '../../protocol/status.ts'
import type { Outbox } from '../delivery/ports.ts'
import { dateInName, type HeadClaim } from '../journal/chain-head.ts'
import type { Journal, Opener, Sealer } from '../journal/ports.ts'
import { isoOf } from '../kernel/instants.ts'
import type { Clock, Log } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal } from '../kernel/signals.ts'
import type { HeldPicture, ImageEditor, ReviewQueue } from './ports.ts'

export type ReviewPorts = {
  held: ReviewQueue
  outbox: Outbox
  journal: Journal
  image: ImageEditor
  sealer: Sealer
  clock: Clock
  settings: ReadonlySignal<Settings>
  log: Log
}

/** What is known of the held screenshots beside what is on the disk. */
export type ReviewState = {
  list: Signal<readonly HeldScreenshot[]>
  openers: Map<string, Opener>
  /** On the clock that never jumps: a clock that is set forward takes no review time away. */
  dueMs: Map<string, number>
  /** Who asked that the picture of this key is taken away, until that is recorded. */
  askedBy: Map<string, string>
  /** What was logged last, until everything that is due is released. */
  logged: Problem['code'] | undefined
}

export function createReviewState({ held, clock }: ReviewPorts): ReviewState {
  const openers = new Map<string, Opener>()
  const nowMs = clock.monotonicMs()
  return {
    list: createSignal<readonly HeldScreenshot[]>(listed(held, openers)),
    openers,
    dueMs: new Map(held.all().map(picture => [picture.key, nowMs + restMs(clock, picture)])),
    askedBy: new Map(),
    logged: undefined,
  }
}

/**
 * It follows what is sealed, not what is written: records that wait to be sealed get a later number and arrive later,
 * and until then the picture would speak of records that have not arrived.
 */
export function claimAt({ journal, outbox }: ReviewPorts, at: Temporal.Instant): HeadClaim {
  const reached = journal.sealedHead()
  const place = { number: outbox.reserve(), date: dateInName(at), kind: 'screenshot' as const }
  return { ...place, before: reached, reached }
}

/** One that was stored a moment ago has not got its time yet. */
export function dueOf({ dueMs }: ReviewState, { key }: HeldPicture): number {
  return dueMs.get(key) ?? Number.POSITIVE_INFINITY
}

/** After a restart the wall clock has to do; but in any case nothing is held for longer than was agreed. */
function restMs(clock: Clock, { taken, until }: HeldPicture): number {
  const agreedMs = until.epochMilliseconds - taken.epochMilliseconds
  const leftMs = until.epochMilliseconds - clock.now().epochMilliseconds
  return Math.min(Math.max(0, leftMs), agreedMs)
}

/** It was released, replaced or deleted. */
export function forget(
  { held }: ReviewPorts,
  { list, openers, dueMs }: ReviewState,
  { key }: HeldPicture,
): void {
  openers.get(key)?.forget()
  openers.delete(key)
  dueMs.delete(key)
  list.value = listed(held, openers)
}

/** The latest first. */
export function listed(held: ReviewQueue, openers: ReadonlyMap<string, Opener>): HeldScreenshot[] {
  return held
    .all()
    .map(({ key, taken, until, display, of, width, height, blurred }) => ({
      object: key,
      taken: isoOf(taken),
      until: isoOf(until),
      display,
      of,
      width,
      height,
      blurred,
      viewable: openers.has(key),
    }))
    .reverse()
}
