import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../native-host/adapters/clock/system-clock.ts'
import type { Clock } from '../../native-host/kernel/ports.ts'
import { watch } from '../../native-host/kernel/signals.ts'
import type { FaultName, FaultRule } from '../support/fault-proxy.ts'
import { waitFor } from '../support/wait-for.ts'
import { composeTracker, deliverTo, type Tracker } from './compose-tracker.ts'
import { hurriedClock } from './hurried-clock.ts'
import type { Promised } from './promise.ts'
import { type S3Scene, setS3Scene } from './s3-scene.ts'

/** What the server does all the time, in the words of the promise. */
const failures: Record<string, FaultName> = {
  '503': 'slow-down',
  '500': 'server-error',
  '403': 'denied',
  'clock skew': 'skewed',
  '200 with an error': 'error-in-success',
  reset: 'reset-in-body',
  truncation: 'truncated-answer',
  stall: 'stall',
  'login page': 'login-page',
}
const outageS = 6
/** For the rate in the long run, on a clock that runs at its normal rate. */
const steadyS = { fast: 0, full: 180 }
const waitsToSee = 18
const stallMs = 300
const retryAfterS = 120
const longestWaitS = 300
/** However long it failed: what is new does not wait for the end of the longest wait. */
const freshWithinS = 60

export const serverFailures: Promised = {
  id: 'P10',
  promise:
    'A server that fails is asked once a second at most, ever more rarely, and not before it wants to be',
  async run({ scale, say, storage: shared }) {
    const storage = await shared()
    const faults: Record<string, number> = {}
    const freshMs: number[] = []
    const rates: number[] = []
    const waits: number[] = []
    const late: number[] = []
    const asked: number[] = []
    const count = (failure: string, { proxy }: S3Scene, fault: FaultName) => {
      faults[failure] = (faults[failure] ?? 0) + proxy.hits[fault]
    }

    say(`${outageS} s of each failure, and how soon something new arrives afterwards`)
    const outages = forEachFailure(async (failure, fault) => {
      await using scene = await setS3Scene(storage, stallMs)
      const { requestsPerS, arrivedMs } = await sitOut(scene, fault, outageS)
      rates.push(requestsPerS)
      freshMs.push(arrivedMs)
      count(failure, scene, fault)
    })
    say('meanwhile, how long it waits between tries, on a hurried clock')
    const hurried = forEachFailure(async (failure, fault) => {
      await using scene = await setS3Scene(storage, stallMs)
      waits.push(...(await waitsBetweenTries(scene, { fault })))
      count(failure, scene, fault)
    })
    await using busy = await setS3Scene(storage)
    const [, , wanted] = await Promise.all([
      outages,
      hurried,
      waitsBetweenTries(busy, { fault: 'slow-down', retryAfterS }),
    ])
    count('503 with Retry-After', busy, 'slow-down')

    if (steadyS[scale] > 0) {
      say(`${steadyS[scale]} s of each failure`)
      await forEachFailure(async (failure, fault) => {
        await using scene = await setS3Scene(storage, stallMs)
        const { requestsPerS, arrivedMs } = await sitOut(scene, fault, steadyS[scale])
        asked.push(requestsPerS)
        late.push(arrivedMs)
        freshMs.push(arrivedMs)
        count(failure, scene, fault)
      })
    }
    const capped = waits.filter(wait => wait > longestWaitS / 10)
    return {
      kind: 'measured',
      figures: [
        { what: 'requests', value: Math.max(...rates, ...asked), unit: 'a second', atMost: 1 },
        { what: 'shortest wait', value: Math.min(...waits), unit: 's', atLeast: 1 },
        { what: 'longest wait', value: Math.max(...waits), unit: 's', atMost: longestWaitS },
        { what: 'spread of the long waits', value: spread(capped), unit: 's', atLeast: 60 },
        {
          what: `shortest wait when asked for ${retryAfterS} s`,
          value: Math.min(...wanted),
          unit: 's',
          atLeast: retryAfterS,
        },
        ...(late.length === 0
          ? []
          : [
              {
                what: `arrived after ${steadyS[scale]} s of failure within`,
                value: Math.max(...late) / 1000,
                unit: 's',
                atMost: freshWithinS,
              },
            ]),
      ],
      faults,
      freshMs,
      notes: [
        'While nothing new waits, a server that failed for long is asked again after up to five minutes, unless the network or the destination changed.',
      ],
    }
  },
}

async function forEachFailure(work: (failure: string, fault: FaultName) => Promise<void>): Promise<void> {
  await Promise.all(Object.entries(failures).map(([failure, fault]) => work(failure, fault)))
}

/** In seconds, as the tracker says itself when it will try again. */
async function waitsBetweenTries(scene: S3Scene, rule: FaultRule): Promise<number[]> {
  scene.proxy.rules = [rule]
  const waits: number[] = []
  using tracker = await open(scene, hurriedClock)
  await store(tracker)
  const end = new AbortController()
  watch(
    tracker.drain.nextTry,
    at => {
      if (at) waits.push((Date.parse(at) - Date.now()) / 1000)
    },
    end.signal,
  )
  const draining = tracker.drain.run(end.signal)
  await waitFor(`${waitsToSee} tries`, () => waits.length >= waitsToSee, { withinMs: 60_000 })
  end.abort()
  await draining
  // Between the time that the tracker reports and this look at the clock some milliseconds pass.
  return waits.map(wait => Math.round(wait * 10) / 10)
}

async function sitOut(
  scene: S3Scene,
  fault: FaultName,
  seconds: number,
): Promise<{ requestsPerS: number; arrivedMs: number }> {
  scene.proxy.rules = [{ fault }]
  using tracker = await open(scene, systemClock)
  await store(tracker)
  const end = new AbortController()
  const draining = tracker.drain.run(end.signal)
  await sleep(seconds * 1000)
  // The first one begins the time: seven in six seconds are one a second.
  const requestsPerS = Math.max(0, scene.proxy.asked.length - 1) / seconds
  scene.proxy.rules = []
  const begun = performance.now()
  await store(tracker)
  await waitFor('something new to arrive', () => tracker.outbox.summary.value.items === 0, {
    withinMs: longestWaitS * 1000 + 5000,
  })
  const arrivedMs = performance.now() - begun
  end.abort()
  await draining
  return { requestsPerS, arrivedMs }
}

function open({ home, destination }: S3Scene, clock: Clock): Promise<Tracker> {
  return composeTracker({ home, clock, deliverTo: deliverTo(destination) })
}

async function store({ outbox, sealer }: Tracker): Promise<void> {
  const sealed = await sealer.seal(randomBytes(300_000))
  await outbox.put({ at: systemClock.now(), sealed, content: { kind: 'screenshot' } })
}

/** The standard deviation: of full jitter it is a good quarter of the longest wait, of none it is 0. */
function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}
