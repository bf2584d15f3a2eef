import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { openDeviceKey } from '../../native-host/adapters/seal/device-key.ts'
import {
  type Bucket,
  endingOf,
  type Item,
  itemsOf,
  pathFor,
  place,
  readBucket,
  sealAs,
  sealUnsigned,
  sealWithCopiedHead,
} from '../support/forger.ts'
import { eventfulHistory, grownHistory } from '../support/genuine-history.ts'
import { createVerifier } from '../support/verified-folder.ts'

/** Several forgeries at once, which might hide each other. The fast part does each by itself to every object. */
test('property: up to five forgeries at once are found, or less is proven', async () => {
  const root = await mkdtemp(join(tmpdir(), 'at-forger-'))
  try {
    const [anna, boris] = [await eventfulHistory(root, 'anna'), await grownHistory(root, 'boris')]
    const genuine = await readBucket(anna.delivered)
    const identities = join(root, 'both.txt')
    const files = await Promise.all([anna, boris].map(({ identity }) => readFile(identity, 'utf8')))
    await writeFile(identities, files.join(''), { mode: 0o600 })
    const verify = createVerifier(identities)
    const given = [...anna.keys, ...boris.keys]
    const at = { given, now: anna.now.add({ hours: 24 * 30 }) }
    const say = async (bucket: Bucket) => {
      const { all, devices } = await verify.bucket(bucket, at)
      return {
        found: all.length,
        proven: Object.fromEntries(devices.map(({ device = '', provenTo = '' }) => [device, provenTo])),
        notes: devices.flatMap(({ notes }) => notes.map(({ kind, object }) => `${kind} ${object}`)).sort(),
      }
    }
    const untouched = await say(genuine)
    assert.deepEqual([untouched.found, untouched.notes.length], [0, 2])
    const forgers = await openDeviceKey({ deviceKey: join(root, 'forger', 'device-key.pem') })
    const recipients =
      (await readFile(join(root, 'home of anna', 'recipients.txt'), 'utf8')).match(/age1\w+/g) ?? []
    const plain = new TextEncoder().encode('nobody took this')
    const items = itemsOf(genuine)
    const some = fc.nat(items.length - 1)
    const action = fc.oneof(
      fc.record({ do: fc.constant('take out' as const), item: some }),
      fc.record({ do: fc.constant('move' as const), item: some, by: fc.integer({ min: -3, max: 20 }) }),
      fc.record({ do: fc.constant('date' as const), item: some, day: fc.integer({ min: 10, max: 28 }) }),
      fc.record({
        do: fc.constant('device' as const),
        item: some,
        to: fc.constantFrom('anna', 'boris', 'clara'),
      }),
      fc.record({ do: fc.constant('flip' as const), item: some, at: fc.nat() }),
      fc.record({ do: fc.constant('exchange' as const), item: some, other: some }),
      fc.record({
        ...{ do: fc.constant('plant' as const), item: some, by: fc.integer({ min: -1, max: 3 }) },
        how: fc.constantFrom('unsigned', 'copied', 'signed'),
      }),
    )
    type Action = typeof action extends fc.Arbitrary<infer A> ? A : never

    const remove = (bucket: Bucket, item: Item) =>
      bucket.delete(pathFor({ ...item, ending: endingOf(item.name) }, item.bytes))
    const put = (bucket: Bucket, item: Item, bytes = item.bytes) =>
      place(bucket, { ...item, ending: endingOf(item.name) }, bytes)

    async function act(bucket: Bucket, action: Action): Promise<void> {
      const item = items[action.item]
      if (!item || (action.do !== 'plant' && !remove(bucket, item))) return
      // An old picture that no record names is noted as unproven in every place.
      if (action.do === 'date' && untouched.notes.includes(`screenshot-unproven ${item.name}`))
        return put(bucket, item)
      switch (action.do) {
        case 'take out':
          return
        case 'move':
          // The number of an old segment says nothing as long as it keeps its place in the order.
          if (item.head?.form !== 2) return put(bucket, item)
          return put(bucket, { ...item, seq: Math.max(0, item.seq + action.by) })
        case 'date':
          return put(bucket, { ...item, date: `2026-11-${action.day}` })
        case 'device':
          return put(bucket, { ...item, device: action.to })
        case 'flip': {
          const bytes = Uint8Array.from(item.bytes)
          const index = action.at % bytes.length
          bytes[index] = (bytes[index] ?? 0) ^ 1
          return put(bucket, item, bytes)
        }
        case 'exchange': {
          const other = items[action.other]
          if (!other || other === item || !remove(bucket, other)) return put(bucket, item)
          put(bucket, item, other.bytes)
          return put(bucket, other, item.bytes)
        }
        case 'plant': {
          const where = { ...item, seq: Math.max(0, item.seq + action.by), kind: 'screenshot' as const }
          const reached = item.head ?? { seq: 0, hash: '0'.repeat(64) }
          const claim = { before: reached, reached: { seq: reached.seq, hash: reached.hash } }
          const { device, date, seq, kind } = where
          const sealed =
            action.how === 'copied' && item.head
              ? await sealWithCopiedHead(plain, item.bytes, recipients)
              : action.how === 'signed'
                ? await sealAs(plain, where, { key: forgers, recipients, ...claim })
                : await sealUnsigned(plain, recipients)
          return place(bucket, { device, date, seq, kind }, sealed)
        }
        default:
          throw action satisfies never
      }
    }

    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 5 }), async actions => {
        const bucket = new Map(genuine)
        for (const each of actions) await act(bucket, each)
        const same = bucket.size === genuine.size && [...bucket.keys()].every(path => genuine.has(path))
        fc.pre(!same)
        const { found, proven, notes } = await say(bucket)
        const less = Object.entries(untouched.proven).some(([device, to]) => (proven[device] ?? '') < to)
        // A picture that no record names can be taken out, and among old ones one can be put in, which is noted.
        const noted = notes.join() !== untouched.notes.join()
        assert.ok(found > 0 || less || noted, 'nothing is found')
      }),
      { numRuns: 5000 },
    )
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})
