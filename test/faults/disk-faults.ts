import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { consentVersion } from '../../protocol/consent.ts'
import { startAgent, startScenario, untilStatus } from '../support/scenario.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { waitFor } from '../support/wait-for.ts'
import { type Injection, injectAtSyscall, whyNotTraced } from './at-syscall.ts'
import { type CallPoint, callPointsOf, sampleOf, triedAt } from './call-points.ts'
import { inParallel } from './in-parallel.ts'
import type { Figure, Promised, Run, Scale } from './promise.ts'
import { setScene } from './scene.ts'
import { createTally, type Tally } from './tally.ts'
import { type Worker, type WorkerSource, workerSource } from './worker-process.ts'
import { roundsIn } from './worker-task.ts'

const steps = { fast: 40, full: 1 }
/** What the kernel says of a disk that is broken, full, or read-only. */
const refusals = { syncs: ['EIO'], others: ['ENOSPC', 'EROFS'] } as const
const lastings = ['once', 'until detached'] as const
const agentRounds = { fast: 1, full: 10 }
const lanes = 2
/** How long a disk refuses everything before it takes what it is given again. */
const refusesMs = 150
const shownWithinS = 5
const resumedWithinS = 10

export const diskFaults: Promised = {
  id: 'P6',
  promise:
    'A disk that is full, read-only or broken, once or for a while, loses nothing; it is said, and goes on',
  async run(run) {
    const why = await whyNotTraced()
    if (why) return { kind: 'not here', why }
    const root = await mkdtemp(join(tmpdir(), 'at-disk-'))
    await using disk = await mountSmallDisk(root, 16 * 1024 * 1024)
    if (!disk) {
      await rm(root, { recursive: true })
      return { kind: 'not here', why: 'only an administrator may mount a small disk' }
    }
    const tally = createTally([
      ...Object.values(refusals)
        .flat()
        .flatMap(fault => lastings.map(lasting => `${fault} ${lasting}`)),
      'disk filled up under the agent',
    ])
    const resumedMs: number[] = []
    await using workers = workerSource({ ahead: lanes })
    const note = await refuseEachCall(run, workers, tally, resumedMs)
    const agent = await fillDiskOfAgent(run, disk, tally)
    return {
      kind: 'measured',
      figures: [
        ...tally.figures(),
        {
          what: 'went on after a refusal within',
          value: longestS(resumedMs),
          unit: 's',
          atMost: resumedWithinS,
        },
        ...agent,
      ],
      faults: tally.faults,
      freshMs: tally.freshMs,
      notes: [note, ...tally.notes()],
    }
  },
}

function longestS(ms: readonly number[]): number {
  return ms.reduce((most, each) => Math.max(most, each), 0) / 1000
}

async function refuseEachCall(
  { scale, say }: Run,
  workers: WorkerSource,
  tally: Tally,
  resumedMs: number[],
): Promise<string> {
  const all = await callPointsOf(workers, 'disk', async use => {
    await using scene = await setScene()
    await use(roundsIn(scene, 1))
  })
  const points = sampleOf(all.filter(mayFail), steps[scale]).flatMap((point, index) =>
    refusalsAt(point, index, scale),
  )
  await inParallel(lanes, points, async ({ thread, ...injection }, done) => {
    const { call, fault, at, lasting } = injection
    const what = `${fault} ${lasting} at ${thread} ${call} ${at}`
    await using scene = await setScene()
    const worker = await workers.take()
    const traced = await injectAtSyscall(worker.threads[thread], injection)
    worker.begin(roundsIn(scene, 1))
    if (lasting === 'until detached') {
      await Promise.race([worker.ended, traced.injected])
      await sleep(refusesMs)
      await traced.detach()
    }
    const begun = performance.now()
    await endOf(worker, what, tally)
    resumedMs.push(performance.now() - begun)
    const hits = (await traced.calls()).filter(({ injected }) => injected).length
    if (hits > 0) tally.hit(`${fault} ${lasting}`)
    else tally.late()
    scene.note(worker.reports)
    tally.freshMs.push((await scene.recover()).freshMs)
    tally.add(await scene.judge(), what)
    if (done % 25 === 0) say(`${done} of ${points.length}: ${what}`)
  })
  return `${points.length} refusals at ${all.length} system calls.`
}

/** One that could not start says so and ends; the next start is what `recover` is. */
async function endOf(worker: Worker, what: string, tally: Tally): Promise<void> {
  const end = await worker.ended
  if (end === 'stuck' || end === 'killed') tally.stuck(`${what}: ${JSON.stringify(worker.reports.at(-1))}`)
}

/** Not writes: an error would also reach those with which the threads wake each other. A full disk refuses them below. */
function mayFail({ call }: CallPoint): boolean {
  return !call.startsWith('write')
}

function refusalsAt(
  { thread, call, at }: CallPoint,
  index: number,
  scale: Scale,
): (Injection & Pick<CallPoint, 'thread'>)[] {
  const faults = triedAt(scale, refusals[call.includes('sync') ? 'syncs' : 'others'], index)
  return faults.flatMap(fault => lastings.map(lasting => ({ thread, call, at, fault, lasting })))
}

/** The whole tracker on a disk that really fills up and is really emptied. */
async function fillDiskOfAgent({ scale, say }: Run, disk: SmallDisk, tally: Tally): Promise<Figure[]> {
  await using stage = await startScenario({ tracker: join(disk.folder, 'tracker'), without: 'host' })
  await startAgent(stage)
  using tap = await stage.tap()
  await tap.ask({ type: 'acknowledge', text_version: consentVersion })
  await untilStatus(tap, 'tracking', ({ state }) => state.kind === 'tracking')
  const shownMs: number[] = []
  const resumedMs: number[] = []
  for (let round = 0; round < agentRounds[scale]; round++) {
    await sleep(Math.random() * 3000)
    await disk.fill()
    const filled = performance.now()
    await untilStatus(tap, 'the full disk to be said', ({ state }) => state.kind === 'blocked', 30_000)
    shownMs.push(performance.now() - filled)
    tally.hit('disk filled up under the agent')
    await disk.free()
    const freed = performance.now()
    await untilStatus(tap, 'tracking to go on', ({ state }) => state.kind === 'tracking', 30_000)
    resumedMs.push(performance.now() - freed)
    const stored = (await tap.status()).last_saved ?? ''
    await waitFor(
      'something new to be stored',
      async () => ((await tap.status()).last_saved ?? '') > stored,
      {
        withinMs: 60_000,
      },
    )
    tally.freshMs.push(performance.now() - freed)
    say(
      `a full disk was said after ${longestS(shownMs)} s, and it went on ${longestS(resumedMs)} s after there was room`,
    )
  }
  return [
    { what: 'full disk shown within', value: longestS(shownMs), unit: 's', atMost: shownWithinS },
    { what: 'agent went on within', value: longestS(resumedMs), unit: 's', atMost: resumedWithinS },
  ]
}
