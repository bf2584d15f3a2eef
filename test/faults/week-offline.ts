import { hash, randomBytes } from 'node:crypto'
import { manualClock } from '../manual-clock.ts'
import { waitFor } from '../support/wait-for.ts'
import { composeTracker, deliverTo, type Tracker } from './compose-tracker.ts'
import type { Promised } from './promise.ts'
import { setS3Scene, startStorage } from './s3-scene.ts'
import type { Scene } from './scene.ts'
import { createTally } from './tally.ts'

const weekS = 7 * 24 * 3600
/** How often something is sealed. Each time it is twelve records, and every fifth time a picture too. */
const everyS = { fast: 4 * 3600, full: 120 }
const recordsEach = 12
/** So many are on their way at the same time, and may overtake each other. */
const atOnce = 4

export const weekOffline: Promised = {
  id: 'P9',
  promise: 'After seven days without a network everything arrives, in order',
  async run({ scale, say }) {
    // Its own, because it is switched off: a failure in between must not be one of the promises behind it.
    await using storage = await startStorage()
    await using scene = await setS3Scene(storage)
    const clock = manualClock()
    const arrived: string[] = []
    let tries = 0
    const open = deliverTo({ ...scene.destination, endpoint: storage.server.endpoint })
    using tracker = await composeTracker({
      home: scene.home,
      clock,
      deliverTo: uploads => {
        const destination = open(uploads)
        return {
          ...destination,
          async put(key, bytes, signal) {
            tries++
            await destination.put(key, bytes, signal)
            arrived.push(key.slice(key.lastIndexOf('/')))
          },
        }
      },
    })
    await storage.server.stopGateway()
    const end = new AbortController()
    const draining = tracker.drain.run(end.signal)
    for (let elapsedS = 0; elapsedS < weekS; elapsedS += everyS[scale]) {
      for (let n = 0; n < recordsEach; n++) append(tracker, scene)
      if ((elapsedS / everyS[scale]) % 5 === 0) await storePicture(tracker, scene, clock.now())
      await tracker.sealing.sealAll()
      await clock.pass(everyS[scale] * 1000)
      if (elapsedS % (24 * 3600) === 0) {
        say(
          `day ${elapsedS / 24 / 3600 + 1}: ${tracker.outbox.summary.value.items} items wait, ${tries} tries`,
        )
      }
    }
    const waiting = tracker.outbox.summary.value.items
    const triesOffline = tries
    await storage.server.startGateway()
    say(`${waiting} items wait, the network is back`)
    const begun = performance.now()
    await waitFor(
      'everything to arrive',
      async () => {
        // The next try is five minutes away at most.
        await clock.pass(10_000)
        return tracker.outbox.summary.value.items === 0
      },
      { withinMs: 600_000 },
    )
    const seconds = (performance.now() - begun) / 1000
    const freshMs = await freshlyDelivered(tracker, scene, clock.now())
    end.abort()
    await draining
    const tally = createTally([])
    tally.add(await scene.judge(), 'a week')
    const inOrder = arrived.toSorted()
    const displaced = arrived.filter((key, index) => Math.abs(inOrder.indexOf(key) - index) > atOnce)
    return {
      kind: 'measured',
      figures: [
        ...tally.figures(),
        { what: `further out of order than the ${atOnce} at once`, value: displaced.length, atMost: 0 },
        { what: 'waited', value: waiting, unit: 'items', atLeast: weekS / everyS[scale] },
        { what: 'drained in', value: seconds, unit: 's' },
      ],
      faults: { 'tries without a network': triesOffline },
      freshMs: [freshMs],
      notes: [
        'Seven days of a clock that is turned by hand; the server is really gone and really comes back.',
      ],
    }
  },
}

function append({ journal }: Tracker, scene: Scene): void {
  const record = journal.append({ kind: 'resumed' })
  scene.note([{ says: 'record', seq: record.seq, sha256: hash('sha256', JSON.stringify(record)) }])
}

async function storePicture({ outbox, sealer }: Tracker, scene: Scene, at: Temporal.Instant): Promise<void> {
  const picture = randomBytes(300)
  await outbox.put({ at, sealed: await sealer.seal(picture), content: { kind: 'screenshot' } })
  scene.note([{ says: 'picture', sha256: hash('sha256', picture) }])
}

async function freshlyDelivered(tracker: Tracker, scene: Scene, at: Temporal.Instant): Promise<number> {
  const begun = performance.now()
  await storePicture(tracker, scene, at)
  await waitFor('something new to arrive', () => tracker.outbox.summary.value.items === 0, { everyMs: 5 })
  return performance.now() - begun
}
