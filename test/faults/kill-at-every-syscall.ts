import { setTimeout as sleep } from 'node:timers/promises'
import { injectAtSyscall, whyNotTraced } from './at-syscall.ts'
import { type CallPoint, callPointsOf, sampleOf } from './call-points.ts'
import { inParallel } from './in-parallel.ts'
import type { Promised, Run } from './promise.ts'
import { setS3Scene } from './s3-scene.ts'
import { type Scene, setScene } from './scene.ts'
import { createTally, type Tally } from './tally.ts'
import { type WorkerSource, workerSource } from './worker-process.ts'
import { roundsIn } from './worker-task.ts'

/** The full run leaves out none. */
const steps = { fast: 13, full: 1 }
const randomKills = { fast: 20, full: 1000 }
const lanes = 2

export const killAtEverySyscall: Promised = {
  id: 'P1',
  promise: 'What was accepted survives kill -9 at every system call of storing and delivering',
  async run(run) {
    const why = await whyNotTraced()
    if (why) return { kind: 'not here', why }
    const tally = createTally(['killed at random'])
    const notes = await killWhileDelivering('to a folder', run, tally)
    notes.push(...(await killWhileDelivering('to a bucket', run, tally)))
    await using workers = workerSource({ ahead: lanes })
    await killAtRandom(run, workers, tally)
    return {
      kind: 'measured',
      figures: tally.figures(),
      faults: tally.faults,
      freshMs: tally.freshMs,
      notes: [...notes, ...tally.notes()],
    }
  },
}

/** Which calls count is the disk's business in one case, and that of the connection in the other. */
async function killWhileDelivering(
  where: 'to a folder' | 'to a bucket',
  { scale, say, storage: shared }: Run,
  tally: Tally,
): Promise<string[]> {
  const storage = where === 'to a bucket' ? await shared() : undefined
  const newScene = (): Promise<Scene> => (storage ? setS3Scene(storage) : setScene())
  await using workers = workerSource({ ahead: lanes, arguments: storage ? ['--s3'] : [] })
  const calls = await callPointsOf(workers, storage ? 'network' : 'disk', async use => {
    await using scene = await newScene()
    await use(roundsIn(scene, 2))
  })
  const faultOf = ({ call }: CallPoint) => `killed at ${call} on the way ${where}`
  for (const point of calls) tally.expect(faultOf(point))
  const points = sampleOf(calls, steps[scale])
  await inParallel(lanes, points, async (point, done) => {
    const { thread, call, at } = point
    await using scene = await newScene()
    const worker = await workers.take()
    await injectAtSyscall(worker.threads[thread], { call, at, fault: 'kill', lasting: 'once' })
    worker.begin(roundsIn(scene, 2))
    const end = await worker.ended
    const fault = `kill at ${thread} ${call} ${at} on the way ${where}`
    if (end === 'stuck') tally.stuck(fault)
    if (end === 'killed') tally.hit(faultOf(point))
    else tally.late()
    scene.note(worker.reports)
    tally.freshMs.push((await scene.recover()).freshMs)
    tally.add(await scene.judge(), fault)
    if (done % 25 !== 0) return
    say(`${done} of ${points.length}: ${fault}`)
    tally.sum.unreadable += (await scene.sampleWithAge()) ? 0 : 1
  })
  return [`${points.length} of the ${calls.length} system calls of a run that delivers ${where}.`]
}

/** At any moment of storing, sealing and delivering at the same time; also in the middle of a system call. */
async function killAtRandom({ scale, say }: Run, workers: WorkerSource, tally: Tally): Promise<void> {
  const count = randomKills[scale]
  await inParallel(lanes, Array(count).keys(), async (_, done) => {
    await using scene = await setScene()
    const worker = await workers.take()
    worker.begin({ ...roundsIn(scene, 2), work: 'endless', pictureBytes: 3000 })
    await worker.said('open')
    await sleep(Math.random() * 150)
    worker.kill()
    await worker.ended
    tally.hit('killed at random')
    scene.note(worker.reports)
    tally.freshMs.push((await scene.recover()).freshMs)
    tally.add(await scene.judge(), 'a random kill')
    if (done % 25 === 0) say(`${done} of ${count} random kills`)
  })
}
