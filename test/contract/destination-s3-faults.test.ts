import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { checkBucket } from '../../native-host/adapters/destination/s3/check.ts'
import { s3Destination } from '../../native-host/adapters/destination/s3/destination.ts'
import type { Dialects } from '../../native-host/adapters/destination/s3/dialect.ts'
import type { Destination, SealedBytes } from '../../native-host/delivery/ports.ts'
import type { Extra } from '../../native-host/delivery/upload-extras.ts'
import {
  every,
  type FaultName,
  type FaultProxy,
  type FaultRule,
  faultNames,
  first,
  startFaultProxy,
} from '../support/fault-proxy.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { s3Settings, s3World } from '../support/s3-world.ts'
import { sealedBytes } from '../support/sealed-bytes.ts'
import { destinationContract, newKey, someBytes } from './destination-contract.ts'

const never = new AbortController().signal

/** Long enough for a busy machine, short enough to be waited for. */
const stallMs = 1500

function open(server: S3Server, proxy: FaultProxy, prefix = 'p'): Destination {
  return s3Destination(s3Settings({ endpoint: proxy.endpoint, prefix }), s3World(server.owner, { stallMs }))
}

/** As the drain does, without its patience. */
async function putUntilItIsThere(to: Destination, key: string, bytes: SealedBytes): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      await to.put(key, bytes, never)
      return tries
    } catch (error) {
      if (tries === 10) throw error
      await sleep(10)
    }
  }
}

async function stored(server: S3Server, name: string): Promise<Uint8Array | undefined> {
  const client = server.client(server.owner)
  const found = await client.send(new GetObjectCommand({ Bucket: 'records', Key: name })).catch(error => {
    if (error.name === 'NoSuchKey') return undefined
    throw error
  })
  return found?.Body?.transformToByteArray()
}

async function names(server: S3Server, prefix = 'p'): Promise<string[]> {
  const client = server.client(server.owner)
  const list = new ListObjectsV2Command({ Bucket: 'records', Prefix: `${prefix}/` })
  const { Contents = [] } = await client.send(list)
  return Contents.map(({ Key = '' }) => Key)
}

async function startWorld() {
  const server = await startS3Server()
  await server.createBucket('records')
  const proxy = await startFaultProxy(server.endpoint)
  return {
    server,
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      await server.stop()
    },
  }
}

destinationContract('s3 that loses every third reply and resets every fifth upload', async () => {
  const world = await startWorld()
  const { server, proxy } = world
  proxy.rules = [
    { fault: 'lost-reply', method: 'PUT', nth: every(3) },
    { fault: 'reset-in-body', method: 'PUT', nth: every(5) },
  ]
  const to = open(server, proxy)
  return {
    open: () => ({
      ...to,
      put: async (key, bytes, signal) => {
        signal.throwIfAborted()
        await putUntilItIsThere(to, key, bytes)
      },
    }),
    stored: key => stored(server, `p/${key}`),
    count: async () => (await names(server)).length,
    async [Symbol.asyncDispose]() {
      assert.ok(proxy.hits['lost-reply'] > 0 && proxy.hits['reset-in-body'] > 0)
      await world[Symbol.asyncDispose]()
    },
  }
})

/**
 * What a fault leaves of an upload whose client sees the fault. `taken` is a lie of the proxy, tested
 * elsewhere.
 */
const harmless: readonly FaultName[] = ['slow-answer']
const tried = faultNames.filter(name => name !== 'taken')

/** Two parts. */
const large = sealedBytes(someBytes(9_000_000))

/** What a tracker keeps across restarts of what a server refuses. */
function keptDialects(): Dialects {
  const kept = new Map<string, readonly Extra[]>()
  return { recall: place => kept.get(place) ?? [], note: (place, refused) => void kept.set(place, refused) }
}

describe('a server that refuses what goes beside an upload', () => {
  let server: S3Server
  before(async () => {
    server = await startS3Server()
    await server.createBucket('records')
  })
  after(() => server.stop())

  const refusals: [what: string, rules: FaultRule[], kept: Extra[]][] = [
    ['checksums, with 400', [{ fault: 'refused', header: /^x-amz-checksum-/ }], ['checksum']],
    ['conditions, with 400', [{ fault: 'refused', header: /^if-none-match$/ }], ['condition']],
    [
      'both, with 400 and 501',
      [
        { fault: 'refused', header: /^x-amz-checksum-/ },
        { fault: 'not-implemented', header: /^if-none-match$/ },
      ],
      ['checksum', 'condition'],
    ],
    ['conditions, with 403', [{ fault: 'denied', header: /^if-none-match$/ }], ['condition']],
    ['checksums, with 500', [{ fault: 'server-error', header: /^x-amz-checksum-/ }], ['checksum']],
  ]
  for (const [what, rules, kept] of refusals) {
    test(`${what}: uploads arrive, it is remembered, and the doctor tries the same`, async () => {
      await using proxy = await startFaultProxy(server.endpoint)
      proxy.rules = rules
      const dialects = keptDialects()
      const settings = s3Settings({ endpoint: proxy.endpoint, prefix: randomUUID() })
      const world = s3World(server.owner, { stallMs, dialects })
      const found = await checkBucket(settings, world).tryOut(never)
      assert.match(found, /^writable; 256 kB sent .* and removed$/)
      assert.equal((await names(server, settings.prefix)).length, 0)

      const first = s3Destination(settings, world)
      // Some answers are believed only when they came twice.
      for (const size of [300, 400, 500]) await first.put(newKey(), sealedBytes(someBytes(size)), never)
      await first.put(newKey(), large, never)
      assert.equal((await names(server, settings.prefix)).length, 4)
      assert.deepEqual(
        [...dialects.recall(JSON.stringify([proxy.endpoint, settings.region, 'records']))].sort(),
        kept,
      )

      const before = proxy.asked.length
      const afterRestart = s3Destination(settings, world)
      await afterRestart.put(newKey(), sealedBytes(someBytes(600)), never)
      assert.deepEqual(
        proxy.asked.slice(before).map(({ fault }) => fault),
        [undefined],
      )
      // What is there already is still not taken for lost.
      const key = newKey()
      for (let twice = 0; twice < 2; twice++) await afterRestart.put(key, sealedBytes(someBytes(10)), never)
    })
  }

  test('an answer that comes once teaches nothing', async () => {
    for (const fault of ['denied', 'server-error'] as const) {
      await using proxy = await startFaultProxy(server.endpoint)
      const dialects = keptDialects()
      const settings = s3Settings({ endpoint: proxy.endpoint, prefix: randomUUID() })
      proxy.rules = [{ fault, method: 'PUT', nth: first(1) }]
      await s3Destination(settings, s3World(server.owner, { dialects })).put(
        newKey(),
        sealedBytes(someBytes(10)),
        never,
      )
      assert.deepEqual(dialects.recall(JSON.stringify([proxy.endpoint, settings.region, 'records'])), [])
    }
  })

  test('a server that stores no object in one request is found out by the doctor', async () => {
    await using proxy = await startFaultProxy(server.endpoint)
    proxy.rules = [{ fault: 'not-implemented', method: 'PUT', path: /^[^?]*(\?x-id=PutObject)?$/ }]
    const settings = s3Settings({ endpoint: proxy.endpoint, prefix: randomUUID() })
    await assert.rejects(checkBucket(settings, s3World(server.owner)).tryOut(never), {
      code: 'UPLOAD_SERVER_ERROR',
      detail: '501 NotImplemented',
    })
  })
})

describe('one fault, then it works again', () => {
  let server: S3Server
  before(async () => {
    server = await startS3Server()
    await server.createBucket('records')
  })
  after(() => server.stop())

  const steps: [step: string, rule: Omit<FaultRule, 'fault'>, bytes: SealedBytes][] = [
    ['an object in one request', { method: 'PUT' }, sealedBytes(someBytes(300_000))],
    ['the beginning of one in parts', { method: 'POST', path: /\?uploads/ }, large],
    ['a part', { method: 'PUT', path: /partNumber=2/ }, large],
    ['the joining of the parts', { method: 'POST', path: /uploadId=/ }, large],
  ]
  // Four at once: most of it is waiting for the next try.
  describe('at any point of the upload', { concurrency: 4 }, () => {
    for (const [step, rule, bytes] of steps) {
      for (const fault of tried) {
        test(`${fault}: ${step}`, async () => {
          await using proxy = await startFaultProxy(server.endpoint)
          const [key, prefix] = [newKey(), randomUUID()]
          proxy.rules = [{ ...rule, fault, nth: first(1), delayMs: 50 }]
          const tries = await putUntilItIsThere(open(server, proxy, prefix), key, bytes)
          assert.equal(proxy.hits[fault], 1)
          assert.ok(tries <= 2, `${tries} tries`)
          if (harmless.includes(fault)) assert.equal(tries, 1)
          assert.deepEqual(await names(server, prefix), [`${prefix}/${key}`])
          const there = (await stored(server, `${prefix}/${key}`)) ?? Buffer.from('nothing')
          assert.ok(Buffer.from(await bytes.slice(0, bytes.size)).equals(there))
        })
      }
    }
  })

  test('nothing is left open but what lost its name before it was known', async () => {
    const client = server.client(server.owner)
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'records' }))
    // The replies with their ids never arrived; the bucket’s lifecycle rule clears these away.
    assert.ok(Uploads.length <= 3, `${Uploads.length} are open`)
  })
})
