import { cp } from 'node:fs/promises'
import { type Injection, injectAtSyscall, whyNotTraced } from './at-syscall.ts'
import { type CallPoint, callPointsOf, sampleOf, triedAt } from './call-points.ts'
import { inParallel } from './in-parallel.ts'
import type { Promised, Scale } from './promise.ts'
import { type FolderScene, setScene } from './scene.ts'
import { createTally } from './tally.ts'
import { damageDatabase, leaveUntidyHome } from './untidy-home.ts'
import { workerSource } from './worker-process.ts'
import { roundsIn } from './worker-task.ts'

const steps = { fast: 45, full: 1 }
const lanes = 2
const kinds = ['kill', 'EIO'] as const

/** What the start finds: the rest of every kind of sudden end, with a sound database and with a damaged one. */
const homes: Record<string, (scene: FolderScene) => Promise<void>> = {
  'untidy home': leaveUntidyHome,
  'damaged database': async scene => {
    await leaveUntidyHome(scene)
    damageDatabase(scene)
  },
}

export const faultsInRecovery: Promised = {
  id: 'P8',
  promise: 'A fault while recovering from a fault costs nothing either',
  async run({ scale, say }) {
    const why = await whyNotTraced()
    if (why) return { kind: 'not here', why }
    const tally = createTally(
      Object.keys(homes).flatMap(home => kinds.map(kind => `${kind} at a start on a ${home}`)),
    )
    const notes: string[] = []
    await using workers = workerSource({ ahead: lanes })
    for (const [home, prepare] of Object.entries(homes)) {
      await using template = await setScene()
      await prepare(template)
      const all = await callPointsOf(workers, 'disk', async use => {
        await using scene = await copyOf(template)
        await use(roundsIn(scene, 0))
      })
      const points = sampleOf(all, steps[scale]).flatMap((point, index) => faultsAt(point, index, scale))
      await inParallel(lanes, points, async ({ thread, ...injection }, done) => {
        await using scene = await copyOf(template)
        const worker = await workers.take()
        const traced = await injectAtSyscall(worker.threads[thread], injection)
        worker.begin(roundsIn(scene, 0))
        const end = await worker.ended
        const injected = (await traced.calls()).some(call => call.injected)
        const hit = injection.fault === 'kill' ? end === 'killed' : injected
        if (hit) tally.hit(`${injection.fault} at a start on a ${home}`)
        else tally.late()
        const fault = `${injection.fault} at ${thread} ${injection.call} ${injection.at}, ${home}`
        if (end === 'stuck') tally.stuck(fault)
        tally.freshMs.push((await scene.recover()).freshMs)
        tally.add(await scene.judge(), fault)
        if (done % 25 === 0) say(`${done} of ${points.length}: ${fault}`)
      })
      notes.push(`${home}: ${points.length} faults at ${all.length} system calls.`)
    }
    return {
      kind: 'measured',
      figures: tally.figures(),
      faults: tally.faults,
      freshMs: tally.freshMs,
      notes: [...notes, ...tally.notes()],
    }
  },
}

/** Writes are only killed: an error would also reach those with which the threads wake each other. */
function faultsAt(
  { thread, call, at }: CallPoint,
  index: number,
  scale: Scale,
): (Injection & Pick<CallPoint, 'thread'>)[] {
  const possible = kinds.filter(fault => fault === 'kill' || !call.startsWith('write'))
  return triedAt(scale, possible, index).map(fault => ({ thread, call, at, fault, lasting: 'once' }))
}

async function copyOf(template: FolderScene): Promise<FolderScene> {
  const scene = await setScene()
  await cp(template.folder, scene.folder, { recursive: true, force: true })
  for (const [seq, sha256] of template.accepted.records) scene.note([{ says: 'record', seq, sha256 }])
  for (const sha256 of template.accepted.pictures) scene.note([{ says: 'picture', sha256 }])
  return scene
}
