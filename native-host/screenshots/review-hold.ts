import { AppError, type Problem, toProblem } from '../../protocol/errors.ts'
import { maxPreviewLength } from '../../protocol/messages.ts'
import type { Entry } from '../../protocol/records.ts'
import type { Settings } from '../../protocol/settings.ts'
import type { HeldScreenshot } from '../../protocol/status.ts'
import type { Outbox } from '../delivery/ports.ts'
import { dateInName, type HeadClaim } from '../journal/chain-head.ts'
import type { Journal, Opener, Sealer } from '../journal/ports.ts'
import { createTurns } from '../kernel/in-turn.ts'
import { isoOf } from '../kernel/instants.ts'
import { signalUntilChange, unlessAborted } from '../kernel/lifetime.ts'
import type { Clock, Log } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, until } from '../kernel/signals.ts'
import type { HeldPicture, HeldRemoval, ImageEditor, KeepScreenshot, Picture, ReviewQueue } from './ports.ts'
import { type PreviewSize, previewScales } from './preview-scales.ts'

type Ports = {
  held: ReviewQueue
  outbox: Outbox
  journal: Journal
  image: ImageEditor
  sealer: Sealer
  clock: Clock
  settings: ReadonlySignal<Settings>
  log: Log
}

/** What is between a screenshot and its delivery: time in which the person can look at it, blur it or delete it. */
export type ReviewHold = {
  /** The latest first. */
  list: ReadonlySignal<readonly HeldScreenshot[]>
  /** Holds it back, or sends it on its way where nothing is held back. */
  keep: KeepScreenshot
  /**
   * @param sharp whether one that is not blurred may be shown. It is judged by what is known of the picture here.
   * @throws AppError HELD_GONE | PICTURE_LOCKED | HELD_SEALED | STORE_DAMAGED | CAPTURE_FAILED
   */
  preview(object: string, size: PreviewSize, sharp: 'sharp-too' | 'blurred-only'): Promise<Picture>
  /** In its place, what cannot be read is delivered. `by`: who asks. @throws as preview and keep */
  blur(object: string, by: string): Promise<void>
  /** @throws AppError HELD_GONE | DISK_FULL | STORE_NOT_WRITABLE, and then it is still held */
  remove(object: string, by: string): Promise<void>
}

/** What could not be released or recorded is tried again after this. */
const retryMs = 10_000
const previewQuality = 60
/** In base64 that is as much as a message takes. */
const mostPreviewBytes = Math.floor((maxPreviewLength * 3) / 4)
/** Which monitor it was is not kept; 2 is the safe side. */
const unreadable = { scalePercent: 100, quality: 70, blur: true, scale: 2 }

export function createReviewHold(ports: Ports): ReviewHold & { run(signal: AbortSignal): Promise<void> } {
  const { held, outbox, journal, image, sealer, clock, settings, log } = ports
  const openers = new Map<string, Opener>()
  /** On the clock that never jumps: a clock that is set forward takes nobody's time away. */
  const dueMs = new Map<string, number>()
  /** Who asked that the picture of this key is taken away, until that is recorded. */
  const askedBy = new Map<string, string>()
  const inTurn = createTurns()
  let told: Problem['code'] | undefined
  for (const picture of held.all()) dueMs.set(picture.key, clock.monotonicMs() + restMs(picture))
  const list = createSignal<readonly HeldScreenshot[]>(listed())

  return {
    list,

    async keep({ at, picture, facts }, signal) {
      const holdMs = settings.value.hold_screenshots * 1000
      const { bytes, format, width, height } = picture
      if (holdMs === 0) {
        const claim = claimAt(at)
        const sealed = await sealer.seal(bytes, claim)
        signal.throwIfAborted()
        const { number } = claim
        const item = await outbox.put({ at, number, sealed, content: { kind: 'screenshot', format } })
        journal.append({ kind: 'screenshot', ...facts, width, height, object: item.key })
        return
      }
      const claim = claimAt(at)
      const { sealed, opener } = await sealer.sealToReopen(bytes, claim)
      signal.throwIfAborted()
      const until = at.add({ milliseconds: holdMs })
      const { display, of, blurred } = facts
      const { number } = claim
      const taken = { taken: at, until, number, display, of, width, height, format, blurred }
      const stored = await held.put(taken, sealed)
      openers.set(stored.key, opener)
      dueMs.set(stored.key, clock.monotonicMs() + holdMs)
      list.value = listed()
      journal.append({
        kind: 'screenshot',
        ...facts,
        width,
        height,
        object: stored.key,
        held_until: isoOf(until),
      })
    },

    preview: (object, size, sharp) =>
      inTurn(async () => {
        const picture = find(object)
        if (!picture.blurred && sharp === 'blurred-only') throw new AppError('PICTURE_LOCKED')
        return makePreview(picture, await open(picture), size)
      }),

    blur: (object, by) =>
      inTurn(async () => {
        const picture = find(object)
        if (picture.blurred) return
        const bytes = await open(picture)
        const edited = await image.encode({ form: 'encoded', bytes }, unreadable)
        const claim = claimAt(picture.taken)
        const { sealed, opener } = await sealer.sealToReopen(edited.bytes, claim)
        const { key: _, ...facts } = picture
        const { width, height, format } = edited
        const { number } = claim
        const instead = { ...facts, number, width, height, format, blurred: true }
        askedBy.set(picture.key, by)
        const blurred = await held.put(instead, sealed, picture)
        openers.set(blurred.key, opener)
        dueMs.set(blurred.key, dueOf(picture))
        letGo(picture)
        await settle()
      }),

    remove: (object, by) =>
      inTurn(async () => {
        const picture = find(object)
        askedBy.set(picture.key, by)
        await held.delete(picture)
        letGo(picture)
        await settle()
      }),

    async run(signal) {
      while (!signal.aborted) {
        using change = signalUntilChange([list], signal)
        const failed = await inTurn(settle)
        const waitMs = failed ? retryMs : nextDueMs() - clock.monotonicMs()
        if (Number.isFinite(waitMs))
          await unlessAborted(clock.sleep(Math.max(0, waitMs), change.signal), change.signal)
        else
          await unlessAborted(
            until(list, () => false, change.signal),
            change.signal,
          )
      }
    },
  }

  /**
   * It follows what is sealed, not what is written: records that wait to be sealed get a later number and arrive later,
   * and until then the picture would speak of records that nobody has.
   */
  function claimAt(at: Temporal.Instant): HeadClaim {
    const reached = journal.sealedHead()
    const place = { number: outbox.reserve(), date: dateInName(at), kind: 'screenshot' as const }
    return { ...place, before: reached, reached }
  }

  /** Whatever is due. Says what stood in the way, once for as long as it does. */
  async function settle(): Promise<Problem | undefined> {
    try {
      await recordRemovals()
      for (const picture of held.all()) {
        if (clock.monotonicMs() < dueOf(picture)) continue
        await held.release(picture)
        letGo(picture)
      }
      told = undefined
      return undefined
    } catch (error) {
      const problem = toProblem(error)
      if (problem.code !== told) log({ event: 'screenshots-not-released', ...problem })
      told = problem.code
      return problem
    }
  }

  function nextDueMs(): number {
    return Math.min(...held.all().map(dueOf))
  }

  /** One that was stored a moment ago has not got its time yet. */
  function dueOf({ key }: HeldPicture): number {
    return dueMs.get(key) ?? Number.POSITIVE_INFINITY
  }

  /** After a restart the wall clock has to do; but whatever it says, nothing is held for longer than was agreed. */
  function restMs({ taken, until }: HeldPicture): number {
    const agreedMs = until.epochMilliseconds - taken.epochMilliseconds
    const leftMs = until.epochMilliseconds - clock.now().epochMilliseconds
    return Math.min(Math.max(0, leftMs), agreedMs)
  }

  /** The picture is not delivered any more, whether or not the journal can take it now. */
  async function recordRemovals(): Promise<void> {
    for (const removal of held.unrecorded()) {
      journal.append(entryOf(removal, askedBy.get(removal.picture.key)))
      askedBy.delete(removal.picture.key)
      await held.recorded(removal)
    }
  }

  function find(object: string): HeldPicture {
    const picture = held.all().find(({ key }) => key === object)
    if (!picture) throw new AppError('HELD_GONE')
    return picture
  }

  async function open(picture: HeldPicture): Promise<Uint8Array> {
    const opener = openers.get(picture.key)
    if (!opener) throw new AppError('HELD_SEALED')
    return opener.open(await held.read(picture))
  }

  /** As large as one message may be. */
  async function makePreview(picture: HeldPicture, bytes: Uint8Array, size: PreviewSize): Promise<Picture> {
    for (const scalePercent of previewScales(picture, size)) {
      const options = { scalePercent, quality: previewQuality, blur: false, scale: 1 }
      const preview = await image.encode({ form: 'encoded', bytes }, options)
      if (preview.bytes.length <= mostPreviewBytes) return preview
    }
    throw new AppError('CAPTURE_FAILED', { detail: 'no preview was small enough' })
  }

  function letGo({ key }: HeldPicture): void {
    openers.get(key)?.forget()
    openers.delete(key)
    dueMs.delete(key)
    list.value = listed()
  }

  function listed(): HeldScreenshot[] {
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
}

function entryOf(removal: HeldRemoval, by: string | undefined): Entry {
  const { key: object, display, of } = removal.picture
  const taken = isoOf(removal.picture.taken)
  const asked = by === undefined ? {} : { asked_by: by }
  return removal.kind === 'deleted'
    ? { kind: 'screenshot.deleted', object, taken, display, of, reason: 'user', ...asked }
    : { kind: 'screenshot.blurred', object, by: removal.by.key, taken, reason: 'user', ...asked }
}
