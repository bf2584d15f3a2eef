import { hash, randomBytes } from 'node:crypto'
import { readSync, writeSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { systemClock } from '../../native-host/adapters/clock/system-clock.ts'
import { toProblem } from '../../protocol/errors.ts'
import { composeTracker, deliverTo, type Tracker } from './compose-tracker.ts'
import { type Report, type Task, taskSchema } from './worker-task.ts'

/**
 * The program under test: waits for a task, does it, and says of everything that was accepted that it was. It is
 * killed, starved and cut off from power while at it.
 */
const stdout = 1
/** Where the task comes from. Not stdin: a library that looks at that makes it one that does not wait. */
const tasks = 3
const retryMs = 20

if (process.argv.includes('--s3')) await import('@aws-sdk/client-s3')
// The thread that does the work of node:fs exists from its first call on, and must be there to be watched.
await stat('.')
say({ says: 'ready' })
const task = v.parse(taskSchema, JSON.parse(readLine()))
try {
  using tracker = await composeTracker({
    home: task.home,
    clock: systemClock,
    deliverTo: deliverTo(task.destination),
  })
  say({ says: 'open' })
  if (task.work === 'endless') await workUntilKilled(tracker)
  else await workInRounds(tracker, task)
} catch (error) {
  const { code, detail } = toProblem(error)
  say({ says: 'failed', code, ...(detail && { detail }) })
  process.exit(1)
}
say({ says: 'done' })
process.exit()

async function workInRounds(tracker: Tracker, { rounds }: Task): Promise<void> {
  const { outbox, sealing, drain } = tracker
  for (let round = 0; round < rounds; round++) {
    await untilAccepted(async () => appendRecord(tracker))
    await untilAccepted(async () => appendRecord(tracker))
    await untilAccepted(() => storePicture(tracker))
    await untilAccepted(() => sealing.sealAll())
    await deliverAll()
  }
  await untilAccepted(() => sealing.sealAll())
  await deliverAll()

  async function deliverAll(): Promise<void> {
    while (outbox.summary.value.items > 0) {
      await drain.drainNow(new AbortController().signal)
      if (drain.problem.value === undefined) continue
      say({ says: 'refused', code: drain.problem.value.code })
      await sleep(retryMs)
    }
  }
}

async function workUntilKilled(tracker: Tracker): Promise<never> {
  const { signal } = new AbortController()
  void tracker.drain.run(signal)
  const sealed = (async () => {
    for (;;) {
      await untilAccepted(() => tracker.sealing.sealAll())
      await sleep(5)
    }
  })()
  const pictures = (async () => {
    for (;;) await untilAccepted(() => storePicture(tracker))
  })()
  for (;;) {
    await untilAccepted(async () => appendRecord(tracker))
    await Promise.race([sleep(1), sealed, pictures])
  }
}

/** As the flows do: what the disk refuses waits and is tried again. */
async function untilAccepted(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const { code } = toProblem(error)
      say({ says: 'refused', code })
      if (code === 'INTERNAL') throw error
      await sleep(retryMs)
    }
  }
}

function appendRecord({ journal }: Tracker): void {
  const record = journal.append({ kind: 'setting.changed', name: 'test', value: Math.random() })
  say({ says: 'record', seq: record.seq, sha256: hash('sha256', JSON.stringify(record)) })
}

async function storePicture({ outbox, sealer, journal }: Tracker): Promise<void> {
  const picture = randomBytes(task.pictureBytes)
  const sealed = await sealer.seal(picture)
  const { key } = await outbox.put({ at: systemClock.now(), sealed, content: { kind: 'screenshot' } })
  say({ says: 'picture', sha256: hash('sha256', picture) })
  await untilAccepted(async () => {
    const shot = { display: 1, of: 1, width: 1, height: 1, blurred: false, object: key } as const
    const record = journal.append({ kind: 'screenshot', ...shot })
    say({ says: 'record', seq: record.seq, sha256: hash('sha256', JSON.stringify(record)) })
  })
}

/** Written before it returns: the message is out, in any event that follows. */
function say(report: Report): void {
  writeSync(stdout, `${JSON.stringify(report)}\n`)
}

function readLine(): string {
  const bytes = Buffer.alloc(4096)
  let text = ''
  while (!text.endsWith('\n')) {
    const count = readSync(tasks, bytes)
    if (count === 0) process.exit()
    text += bytes.toString('utf8', 0, count)
  }
  return text
}
