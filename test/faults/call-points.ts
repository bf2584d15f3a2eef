import { type CallSet, watchSyscalls } from './at-syscall.ts'
import type { Scale } from './promise.ts'
import type { Worker, WorkerSource } from './worker-process.ts'
import type { Task } from './worker-task.ts'

/** One system call of a run: the `at`-th of this name in this thread. */
export type CallPoint = { thread: keyof Worker['threads']; call: string; at: number }

/** Every system call that a run of the task makes, found by watching one for each thread. */
export async function callPointsOf(
  workers: WorkerSource,
  set: CallSet,
  withTask: (use: (task: Task) => Promise<void>) => Promise<void>,
): Promise<CallPoint[]> {
  const points: CallPoint[] = []
  for (const thread of ['main', 'files'] as const) {
    await withTask(async task => {
      const worker = await workers.take()
      const traced = await watchSyscalls(worker.threads[thread], set)
      worker.begin(task)
      if ((await worker.ended) !== 'done') {
        throw new Error(`undisturbed, it ended with ${JSON.stringify(worker.reports.at(-1))}`)
      }
      const counts = new Map<string, number>()
      for (const { name } of await traced.calls()) {
        const at = (counts.get(name) ?? 0) + 1
        counts.set(name, at)
        points.push({ thread, call: name, at })
      }
    })
  }
  return points
}

/** Every `step`-th of them, and the first of each kind of call. */
export function sampleOf(points: readonly CallPoint[], step: number): CallPoint[] {
  return points.filter(({ at }, index) => at === 1 || index % step === 0)
}

/** Of what can be done at each of the points: all of it, or, in the fast run, something else from point to point. */
export function triedAt<T>(scale: Scale, possible: readonly T[], point: number): readonly T[] {
  return scale === 'full' ? possible : possible.slice(point % possible.length).slice(0, 1)
}
