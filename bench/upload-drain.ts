import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../native-host/adapters/clock/system-clock.ts'
import { s3Destination } from '../native-host/adapters/destination/s3/destination.ts'
import type { MultipartProgress } from '../native-host/adapters/destination/s3/ports.ts'
import type { Destination } from '../native-host/delivery/ports.ts'
import { composeTracker } from '../test/faults/compose-tracker.ts'
import { s3Settings, s3World } from '../test/support/s3-world.ts'
import { sealedBytes } from '../test/support/sealed-bytes.ts'

/** Our side of bench/upload.ts, in processes of its own: `fill` puts files into an outbox, `drain` delivers them. */
export type DrainTask = {
  step: 'fill' | 'drain'
  home: string
  /** Whose files are the objects. */
  folder: string
  /** Whose files are delivered before. */
  rehearsal: string
  endpoint: string
  bucket: string
  keys: { accessKeyId: string; secretAccessKey: string }
}
export type DrainResult = { seconds: number; rehearsalSeconds: number; cpuSeconds: number; grownMb: number }

/** How often the memory is looked at. */
const lookMs = 100

async function fill({ folder, ...task }: DrainTask): Promise<void> {
  using tracker = await compose(task)
  for (const name of await readdir(folder)) {
    const sealed = await readFile(join(folder, name))
    await tracker.outbox.put({ at: systemClock.now(), sealed, content: { kind: 'screenshot' } })
  }
}

async function drain(task: DrainTask): Promise<DrainResult> {
  const rehearsalSeconds = await rehearse(task)
  using tracker = await compose(task)
  // Its connection stands, as that of an agent does.
  await tracker.destination.put('before', sealedBytes('before'), new AbortController().signal)
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, lookMs)
  const cpuBefore = process.cpuUsage()
  const begun = performance.now()
  await tracker.drain.drainNow(new AbortController().signal)
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  clearInterval(timer)
  const { items } = tracker.outbox.summary.value
  if (items > 0) throw new Error(`${items} were not delivered: ${tracker.drain.problem.value?.code}`)
  return {
    seconds,
    rehearsalSeconds,
    cpuSeconds: (user + system) / 1e6,
    grownMb: (most - before) / 1024 / 1024,
  }
}

/** An agent runs all day. What it needs is loaded, and compiled as the programs of the peers are from the beginning. */
async function rehearse({ rehearsal, ...task }: DrainTask): Promise<number> {
  const earlier = { ...task, home: `${task.home}-rehearsal`, folder: rehearsal, rehearsal }
  await fill(earlier)
  using tracker = await compose(earlier)
  const begun = performance.now()
  await tracker.drain.drainNow(new AbortController().signal)
  return (performance.now() - begun) / 1000
}

async function compose({ home, endpoint, bucket, keys }: Omit<DrainTask, 'folder' | 'rehearsal'>) {
  const settings = s3Settings({ endpoint, bucket_name: bucket, prefix: '' })
  const open = (uploads: MultipartProgress) => s3Destination(settings, s3World(keys, { uploads }))
  let destination: Destination | undefined
  const tracker = await composeTracker({
    home,
    clock: systemClock,
    deliverTo(uploads) {
      destination = open(uploads)
      return destination
    },
  })
  return { ...tracker, destination: destination ?? open(tracker.uploads) }
}

// bench/upload.ts hands over what it has made itself.
const task = JSON.parse(process.argv[2] ?? '{}') as DrainTask
if (import.meta.main && task.step === 'fill') await fill(task)
if (import.meta.main && task.step === 'drain') console.log(JSON.stringify(await drain(task)))
