import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { Entry } from '../../protocol/records.ts'
import type { HeldScreenshot } from '../../protocol/status.ts'
import { createTurns } from '../kernel/in-turn.ts'
import { isoOf } from '../kernel/instants.ts'
import { signalUntilChange, sleepUntilAborted, untilOrAborted } from '../kernel/lifetime.ts'
import type { ReadonlySignal } from '../kernel/signals.ts'
import type { HeldRemoval, KeepScreenshot, Picture } from './ports.ts'
import type { PreviewSize } from './preview-scales.ts'
import { blurHeld, previewHeld, removeHeld } from './review-screenshots.ts'
import {
  claimAt,
  createReviewState,
  dueOf,
  forget,
  listed,
  type ReviewPorts,
  type ReviewState,
} from './review-state.ts'

/** The time between a screenshot and its delivery, in which the person can look at it, blur it or delete it. */
export type ReviewHold = {
  /** The latest first. */
  list: ReadonlySignal<readonly HeldScreenshot[]>
  /** Puts it into the review queue, or into the outbox without a review time. */
  keep: KeepScreenshot
  /**
   * @param sharp whether one that is not blurred may be shown. The stored data of the picture decide.
   * @throws AppError HELD_GONE | PICTURE_LOCKED | HELD_SEALED | STORE_DAMAGED | CAPTURE_FAILED
   */
  preview(object: string, size: PreviewSize, sharp: 'sharp-too' | 'blurred-only'): Promise<Picture>
  /** Delivers an unreadable form in its place. `by`: the client. @throws as preview and keep */
  blur(object: string, by: string): Promise<void>
  /** @throws AppError HELD_GONE | DISK_FULL | STORE_NOT_WRITABLE, and then it is still held */
  remove(object: string, by: string): Promise<void>
  run(signal: AbortSignal): Promise<void>
}

/** A failed release or record is tried again after this time. */
const retryMs = 10_000

export function holdScreenshots(ports: ReviewPorts): ReviewHold {
  const state = createReviewState(ports)
  const inTurn = createTurns()
  const settleNow = () => settle(ports, state)
  return {
    list: state.list,
    keep: (screenshot, signal) =>
      ports.settings.value.hold_screenshots === 0
        ? deliver(ports, screenshot, signal)
        : hold(ports, state, screenshot, signal),
    preview: (object, size, sharp) => inTurn(() => previewHeld(ports, state, object, size, sharp)),
    blur: (object, by) =>
      inTurn(async () => {
        await blurHeld(ports, state, object, by)
        await settleNow()
      }),
    remove: (object, by) =>
      inTurn(async () => {
        await removeHeld(ports, state, object, by)
        await settleNow()
      }),
    run: signal => releaseWhenDue(ports, state, () => inTurn(settleNow), signal),
  }
}

type Screenshot = Parameters<KeepScreenshot>[0]

async function deliver(
  ports: ReviewPorts,
  { at, picture, facts }: Screenshot,
  signal: AbortSignal,
): Promise<void> {
  const { outbox, journal, sealer } = ports
  const { bytes, format, width, height } = picture
  const claim = claimAt(ports, at)
  const sealed = await sealer.seal(bytes, claim)
  signal.throwIfAborted()
  const { number } = claim
  const item = await outbox.put({ at, number, sealed, content: { kind: 'screenshot', format } })
  journal.append({ kind: 'screenshot', ...facts, width, height, object: item.key })
}

async function hold(
  ports: ReviewPorts,
  state: ReviewState,
  { at, picture, facts }: Screenshot,
  signal: AbortSignal,
): Promise<void> {
  const { held, journal, sealer, clock, settings } = ports
  const holdMs = settings.value.hold_screenshots * 1000
  const { bytes, format, width, height } = picture
  const claim = claimAt(ports, at)
  const { sealed, opener } = await sealer.sealToReopen(bytes, claim)
  signal.throwIfAborted()
  const until = at.add({ milliseconds: holdMs })
  const { display, of, blurred } = facts
  const { number } = claim
  const stored = await held.put(
    { taken: at, until, number, display, of, width, height, format, blurred },
    sealed,
  )
  state.openers.set(stored.key, opener)
  state.dueMs.set(stored.key, clock.monotonicMs() + holdMs)
  state.list.value = listed(held, state.openers)
  const held_until = isoOf(until)
  journal.append({ kind: 'screenshot', ...facts, width, height, object: stored.key, held_until })
}

async function releaseWhenDue(
  { clock, held }: ReviewPorts,
  state: ReviewState,
  settleInTurn: () => Promise<Problem | undefined>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    using change = signalUntilChange([state.list], signal)
    const failed = await settleInTurn()
    const nextDueMs = Math.min(...held.all().map(picture => dueOf(state, picture)))
    const waitMs = failed ? retryMs : nextDueMs - clock.monotonicMs()
    if (Number.isFinite(waitMs)) await sleepUntilAborted(Math.max(0, waitMs), clock, change.signal)
    else await untilOrAborted(state.list, () => false, change.signal)
  }
}

/** Releases what is due. Logs what prevented it, once for as long as it does. */
async function settle(ports: ReviewPorts, state: ReviewState): Promise<Problem | undefined> {
  const { held, clock, log } = ports
  try {
    await recordRemovals(ports, state)
    for (const picture of held.all()) {
      if (clock.monotonicMs() < dueOf(state, picture)) continue
      await held.release(picture)
      forget(ports, state, picture)
    }
    state.logged = undefined
    return undefined
  } catch (error) {
    const problem = toProblem(error)
    if (problem.code !== state.logged) log({ event: 'screenshots-not-released', ...problem })
    state.logged = problem.code
    return problem
  }
}

/** The picture is not delivered any more, whether or not the journal can take it now. */
async function recordRemovals({ held, journal }: ReviewPorts, { askedBy }: ReviewState): Promise<void> {
  for (const removal of held.unrecorded()) {
    journal.append(entryOf(removal, askedBy.get(removal.picture.key)))
    askedBy.delete(removal.picture.key)
    await held.recorded(removal)
  }
}

function entryOf(removal: HeldRemoval, by: string | undefined): Entry {
  const { key: object, display, of } = removal.picture
  const taken = isoOf(removal.picture.taken)
  const asked = by === undefined ? {} : { asked_by: by }
  return removal.kind === 'deleted'
    ? { kind: 'screenshot.deleted', object, taken, display, of, reason: 'user', ...asked }
    : { kind: 'screenshot.blurred', object, by: removal.by.key, taken, reason: 'user', ...asked }
}
