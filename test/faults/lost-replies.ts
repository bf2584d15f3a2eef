import { hash, randomBytes } from 'node:crypto'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { readIdentities } from '../../native-host/adapters/seal/keys.ts'
import { openSealed } from '../../native-host/adapters/seal/seal-age.ts'
import { waitFor } from '../support/wait-for.ts'
import { composeTracker, deliverTo } from './compose-tracker.ts'
import { hurriedClock } from './hurried-clock.ts'
import type { Promised } from './promise.ts'
import { bucket, keysBelow, type Storage, setS3Scene } from './s3-scene.ts'

const promised = 100_000
/** ITEMS=20000 makes a full run shorter. */
const counts = { fast: 500, full: Number(process.env.ITEMS ?? promised) }
const lostShare = 0.1
/** So many trackers at once: after a lost reply each waits for what is under way, and for the disk. */
const trackers = 16
/** So many of each are opened in the end; of the others the server's MD5 is compared with what was sealed. */
const opened = 20
const queued = 100

export const lostReplies: Promised = {
  id: 'P4',
  promise: 'One object for each item, although every tenth reply is lost after the server has stored it',
  async run({ scale, say, storage: shared }) {
    const count = counts[scale]
    const storage = await shared()
    let accepted = 0
    const note = () => {
      accepted += 1
      if (accepted % 2000 === 0) say(`${accepted} of ${count} accepted`)
    }
    const each = Math.ceil(count / trackers)
    const seen = await Promise.all(Array.from({ length: trackers }, () => deliver(storage, each, note)))
    const add = (of: (one: Seen) => number) => seen.reduce((sum, one) => sum + of(one), 0)
    return {
      kind: 'measured',
      figures: [
        { what: 'accepted', value: add(one => one.accepted), atLeast: count },
        { what: 'lost', value: add(one => one.lost), atMost: 0 },
        { what: 'duplicates', value: add(one => one.duplicates), atMost: 0 },
        { what: 'other bytes', value: add(one => one.wrong), atMost: 0 },
        {
          what: `unreadable of ${add(one => one.opened)} opened`,
          value: add(one => one.unreadable),
          atMost: 0,
        },
      ],
      faults: { 'replies lost after commit': add(one => one.repliesLost) },
      freshMs: seen.map(one => one.freshMs),
      notes: [
        `${trackers} trackers through Ceph’s gateway; only the waits between tries are made shorter.`,
        ...(count < promised ? [`Promised for ${promised.toLocaleString('en')}.`] : []),
      ],
    }
  },
}

type Seen = Record<
  | 'accepted'
  | 'lost'
  | 'duplicates'
  | 'wrong'
  | 'opened'
  | 'unreadable'
  | 'repliesLost'
  /** From the last fault until all had arrived. */
  | 'freshMs',
  number
>

/** One tracker, which stores and delivers at the same time. */
async function deliver(storage: Storage, count: number, note: () => void): Promise<Seen> {
  await using scene = await setS3Scene(storage)
  const { proxy, prefix } = scene
  proxy.rules = [{ fault: 'lost-reply', method: 'PUT', nth: () => Math.random() < lostShare }]
  using tracker = await composeTracker({
    home: scene.home,
    clock: hurriedClock,
    deliverTo: deliverTo(scene.destination),
  })
  const { outbox, sealer, drain } = tracker
  const end = new AbortController()
  const draining = drain.run(end.signal)
  const sealedMd5 = new Map<string, string>()
  const plain = new Map<string, string>()
  for (let n = 0; n < count; n++) {
    const picture = randomBytes(16)
    const sealed = await sealer.seal(picture)
    const { key } = await outbox.put({ at: hurriedClock.now(), sealed, content: { kind: 'screenshot' } })
    sealedMd5.set(`${prefix}/${key}`, hash('md5', sealed))
    if (n < opened) plain.set(`${prefix}/${key}`, picture.toString('hex'))
    note()
    if (outbox.summary.value.items > queued)
      await waitFor('the outbox to get shorter', () => outbox.summary.value.items < queued / 2, {
        withinMs: 60_000,
      })
  }
  // The longest wait between two tries is five minutes, which are 0.3 s here.
  proxy.rules = []
  const begun = performance.now()
  await waitFor('everything to arrive', () => outbox.summary.value.items === 0, { withinMs: 60_000 })
  const freshMs = performance.now() - begun
  end.abort()
  await draining

  const there = await keysBelow(storage.client, prefix)
  const wrong = there.filter(({ key, etag }) => sealedMd5.get(key) !== etag).length
  const identities = await readIdentities(scene.places.identity)
  let unreadable = 0
  for (const [key, picture] of plain) {
    const { Body } = await storage.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array()
    const found = await openSealed(bytes, identities).catch(() => new Uint8Array())
    if (Buffer.from(found).toString('hex') !== picture) unreadable++
  }
  return {
    accepted: sealedMd5.size,
    lost: sealedMd5.size - (there.length - wrong),
    duplicates: there.length - sealedMd5.size,
    wrong,
    opened: plain.size,
    unreadable,
    repliesLost: proxy.hits['lost-reply'],
    freshMs,
  }
}
