import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { systemClock } from '../../native-host/adapters/clock/system-clock.ts'
import { only } from '../support/fault-proxy.ts'
import { waitFor } from '../support/wait-for.ts'
import { composeTracker, deliverTo } from './compose-tracker.ts'
import type { Promised } from './promise.ts'
import { bucket, type S3Scene, type Storage, setS3Scene } from './s3-scene.ts'
import { createTally } from './tally.ts'
import { workerSource } from './worker-process.ts'

/** Three parts. */
const pictureBytes = { fast: 17 * 1024 * 1024, full: 17 * 1024 * 1024 }
const partCount = 3

/** Begin, each part, join. */
const requests: Record<string, { method: 'POST' | 'PUT'; path: RegExp; count: number }> = {
  'the upload begins': { method: 'POST', path: /[?&]uploads/, count: 1 },
  'a part is sent': { method: 'PUT', path: /partNumber=/, count: partCount },
  'the parts are joined': { method: 'POST', path: /uploadId=/, count: 1 },
}
/** Held up before the server sees it, or after it has done what was asked. */
const moments = { 'before it happened': 'stall', 'after it happened': 'stall-after-commit' } as const

export const multipartKills: Promised = {
  id: 'P5',
  promise:
    'A large upload that is killed at any step is finished after the next start and leaves nothing behind',
  async run({ scale, say, storage: shared }) {
    const storage = await shared()
    await using workers = workerSource({ ahead: 1, arguments: ['--s3'] })
    const tally = createTally(
      Object.keys(requests).flatMap(step => Object.keys(moments).map(moment => `${step} ${moment}`)),
    )
    let left = 0
    let unknown = 0
    for (const [step, { method, path, count }] of Object.entries(requests)) {
      for (const [moment, fault] of Object.entries(moments)) {
        for (let nth = 1; nth <= count; nth++) {
          const what = `killed while ${step}${count > 1 ? ` (${nth})` : ''}, ${moment}`
          await using scene = await setS3Scene(storage)
          scene.proxy.rules = [{ fault, method, path, nth: only(nth) }]
          const worker = await workers.take()
          const { home, destination } = scene
          worker.begin({ home, destination, work: 'rounds', rounds: 1, pictureBytes: pictureBytes[scale] })
          await waitFor(what, () => scene.proxy.hits[fault] > 0, { withinMs: 15_000 })
          worker.kill()
          await worker.ended
          tally.hit(`${step} ${moment}`)
          scene.proxy.rules = []
          scene.note(worker.reports)
          tally.freshMs.push((await scene.recover()).freshMs)
          tally.add(await scene.judge(), what)
          left += await knownUploads(scene)
          unknown += await endOpenUploads(storage, scene)
          say(what)
        }
      }
    }
    return {
      kind: 'measured',
      figures: [
        ...tally.figures(),
        { what: 'uploads known to the tracker left open', value: left, atMost: 0 },
      ],
      faults: tally.faults,
      freshMs: tally.freshMs,
      notes: [
        `${unknown} of ${tally.freshMs.length} were left open of which the tracker cannot know: the answer that named them was lost. A lifecycle rule of the bucket clears them away.`,
        ...tally.notes(),
      ],
    }
  },
}

async function knownUploads({ home, destination }: S3Scene): Promise<number> {
  using tracker = await composeTracker({ home, clock: systemClock, deliverTo: deliverTo(destination) })
  return tracker.uploads.all().length
}

async function endOpenUploads({ client }: Storage, { prefix }: S3Scene): Promise<number> {
  const { Uploads = [] } = await client.send(
    new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }),
  )
  for (const { Key, UploadId } of Uploads) {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }))
  }
  return Uploads.length
}
