import { join } from 'node:path'
import { prepareFolder } from '../../native-host/adapters/destination/folder/destination.ts'
import { openReviewQueue } from '../../native-host/adapters/store/review-queue.ts'
import { holdScreenshots } from '../../native-host/screenshots/hold-screenshots.ts'
import type { ImageEditor } from '../../native-host/screenshots/ports.ts'
import { fakeImageEditor, fakeLog } from '../fakes.ts'
import { fakeSettings } from '../fakes-storage.ts'
import { composeTracker, deliverTo } from '../faults/compose-tracker.ts'
import { type ManualClock, manualClock, settle } from '../manual-clock.ts'
import { createOldTracker } from './old-tracker.ts'

const facts = { display: 1, of: 1, blurred: false }

/**
 * A run of a tracker as its agent composes it, without what watches input and screen. It delivers when the
 * test asks for it.
 */
export async function runTracker({
  home,
  delivered,
  device,
  clock,
  holdSeconds = 0,
  image = fakeImageEditor,
}: Run) {
  const tracker = await composeTracker({
    ...{ home, clock, device },
    deliverTo: deliverTo({ kind: 'folder', folder: delivered }),
  })
  const { journal, outbox, sealer, sealing, drain } = tracker
  const ending = new AbortController()
  const screenshots = holdScreenshots({
    held: await openReviewQueue({ folder: tracker.places.held, device: tracker.device, outbox }),
    ...{ outbox, journal, image, sealer, clock },
    settings: fakeSettings({ hold_screenshots: holdSeconds }).current,
    log: fakeLog(),
  })
  const holding = screenshots.run(ending.signal)
  const never = new AbortController().signal

  return {
    ...tracker,
    screenshots,

    /** Some records, all in one segment. */
    async work(minutes = 1): Promise<void> {
      for (let minute = 0; minute < minutes; minute++) {
        for (let n = 0; n < 3; n++) {
          await clock.pass(20_000)
          journal.append({ kind: 'resumed', by: `browser ${n}` })
        }
        await sealing.sealAll()
      }
    },

    async take(text: string): Promise<void> {
      const picture = { bytes: Buffer.from(text), format: 'webp' as const, width: 960, height: 540 }
      await screenshots.keep({ at: clock.now(), picture, facts }, never)
    },

    /** A picture whose record the tracker did not live to write. */
    async takeAndDie(text: string): Promise<void> {
      const [number, reached] = [outbox.reserve(), journal.sealedHead()]
      const date = clock.now().toString().slice(0, 10)
      const sealed = await sealer.seal(Buffer.from(text), {
        ...{ number, date, kind: 'screenshot' },
        ...{ before: reached, reached },
      })
      await outbox.put({ at: clock.now(), number, sealed, content: { kind: 'screenshot' } })
    },

    deliver: () => drain.drainNow(never),

    /** As when it is killed: nothing is said or sealed any more. */
    async [Symbol.asyncDispose](): Promise<void> {
      ending.abort()
      await clock.pass(0)
      await holding
      tracker[Symbol.dispose]()
    },
  }
}

type Run = {
  home: string
  delivered: string
  device: string
  clock: ManualClock
  holdSeconds?: number
  image?: ImageEditor
}

export type Genuine = {
  delivered: string
  identity: string
  keys: string[]
  now: Temporal.Instant
  devices: string[]
}

/** All that a tracker can go through in a few minutes: pictures of each kind, crashes, a second run, a change of the day. */
export async function eventfulHistory(root: string, device: string): Promise<Genuine> {
  const { home, delivered, clock } = await begin(root, device, '2026-11-22T23:54:00Z')
  {
    await using run = await runTracker({ home, delivered, device, clock, holdSeconds: 60 })
    run.journal.append({ kind: 'agent.started', version: '1', previous_end: null })
    await run.work(1)
    await run.take('delivered as it is')
    await run.work(1)
    await run.take('to be blurred')
    await run.take('to be deleted')
    const [deleted, blurred] = run.screenshots.list.value
    await run.screenshots.blur(blurred?.object ?? '', 'chromium')
    await run.screenshots.remove(deleted?.object ?? '', 'chromium')
    await run.work(1)
    await run.takeAndDie('without a record')
    // Between the outbox and the journal: the records are in both.
    run.journal.append({ kind: 'resumed', by: 'the last word' })
    const segment = run.journal.unsealed(100)
    if (segment) {
      const number = run.outbox.reserve()
      const date = segment.oldest.toString().slice(0, 10)
      const sealed = await run.sealer.seal(await run.compress(Buffer.from(segment.lines)), {
        ...{ number, date, kind: 'records' },
        ...{ before: segment.before, reached: segment.head },
      })
      const { from, to, oldest: at } = segment
      await run.outbox.put({ at, number, sealed, content: { kind: 'records', from, to } })
    }
  }
  await clock.pass(120_000)
  await using run = await runTracker({ home, delivered, device, clock })
  run.journal.append({ kind: 'agent.started', version: '1', previous_end: 'killed' })
  await run.take('at once')
  await run.work(2)
  await run.take('after midnight')
  await run.work(1)
  await clock.pass(1000)
  run.journal.append({ kind: 'agent.ended', reason: 'asked' })
  await run.sealing.sealAll()
  await run.deliver()
  return genuine(run, { delivered, device, clock })
}

/** Delivered by a tracker that signed nothing, then by one that signed heads of form 1, and then by the present one. */
export async function grownHistory(root: string, device: string): Promise<Genuine> {
  const { home, delivered, clock } = await begin(root, device, '2026-11-20T09:00:00Z')
  const old = await createOldTracker({ home, delivered, device, start: clock.now() })
  const work = async () => {
    for (let n = 0; n < 3; n++) {
      old.pass(20_000)
      old.append({ kind: 'resumed', by: 'an old browser' })
    }
    await old.sealAll()
  }
  old.append({ kind: 'agent.started', version: '0', previous_end: null })
  await old.picture('unsigned', 'recorded')
  await work()
  await old.beginToSign()
  await old.picture('signed', 'recorded')
  await work()
  await old.picture('signed, without a record', 'crash')
  await work()
  await old.hold('held over the change', 3_600_000)
  old.append({ kind: 'resumed', by: 'not sealed by the old one' })
  old.end()
  await clock.pass(600_000)
  await using run = await runTracker({ home, delivered, device, clock })
  run.journal.append({ kind: 'agent.started', version: '1', previous_end: 'clean' })
  await run.take('the first of the new form')
  await run.work(2)
  await clock.pass(3_600_000)
  await settle()
  await run.take('the last')
  await run.work(1)
  await run.deliver()
  return genuine(run, { delivered, device, clock })
}

async function begin(root: string, device: string, start: string) {
  const delivered = join(root, 'delivered')
  await prepareFolder(delivered)
  return { home: join(root, `home of ${device}`), delivered, clock: manualClock(start) }
}

async function genuine(
  { places }: Awaited<ReturnType<typeof runTracker>>,
  { delivered, device, clock }: { delivered: string; device: string; clock: ManualClock },
): Promise<Genuine> {
  const { readDevicePublicKey } = await import('../../native-host/adapters/seal/device-key.ts')
  const key = (await readDevicePublicKey(places)) ?? ''
  return { delivered, identity: places.identity, keys: [key], now: clock.now(), devices: [device] }
}
