import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { hash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  AbortMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3'
import { abortAbandoned } from '../../native-host/adapters/destination/s3/abandoned.ts'
import type { S3Settings } from '../../native-host/adapters/destination/s3/settings.ts'
import { openMultipartProgress } from '../../native-host/adapters/store/multipart-sqlite.ts'
import { openDatabase } from '../../native-host/adapters/store/sqlite.ts'
import { type FaultProxy, type FaultRule, first, only, startFaultProxy } from '../support/fault-proxy.ts'
import { type S3Keys, type S3Server, startS3Server } from '../support/s3-server.ts'
import { s3Settings, s3World } from '../support/s3-world.ts'
import { uploadOnce } from '../support/upload-once.ts'
import { waitFor } from '../support/wait-for.ts'
import { newKey } from './destination-contract.ts'

/** Seven parts, the last one small. Four are on their way at once. */
const size = 6 * 8 * 1024 * 1024 + 6
const parts = 7
const bytes = randomBytes(size)
const sha256 = hash('sha256', bytes)

const aPart = { method: 'PUT', path: /partNumber=/ } as const
const joining = { method: 'POST', path: /uploadId=/ } as const

describe('objects in parts, on a real S3 server', () => {
  let server: S3Server
  let proxy: FaultProxy
  before(async () => {
    server = await startS3Server()
    await server.createBucket('records')
    // Ceph lets each user read what they have written, AWS does not: so a policy denies it here.
    const allow = (user: string, Effect: string, Action: string[]) => ({
      Effect,
      Principal: { AWS: [`arn:aws:iam:::user/${user}`] },
      Action,
      Resource: ['arn:aws:s3:::records/*'],
    })
    const Statement = [
      allow('stranger', 'Allow', ['s3:PutObject', 's3:AbortMultipartUpload']),
      allow('stranger', 'Deny', ['s3:GetObject', 's3:ListMultipartUploadParts']),
      allow('owner', 'Allow', ['s3:*']),
    ]
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
    await server.client(server.owner).send(new PutBucketPolicyCommand({ Bucket: 'records', Policy }))
    proxy = await startFaultProxy(server.endpoint)
  })
  after(async () => {
    await proxy[Symbol.asyncDispose]()
    await server.stop()
  })

  /** A tracker that has one object to deliver. */
  function tracker(keys: S3Keys) {
    const folder = mkdtempSync(join(tmpdir(), 'at-multipart-'))
    writeFileSync(join(folder, 'object'), bytes)
    const task = { folder, sha256, key: newKey(), endpoint: proxy.endpoint, prefix: 'p', keys }
    const name = `p/${task.key}`
    return {
      key: task.key,
      name,
      put: (prefix = 'p') => uploadOnce({ ...task, prefix }),
      /** One bit in the middle of it. */
      damage() {
        const changed = Buffer.from(bytes)
        changed.writeUInt8(changed.readUInt8(size / 2) ^ 1, size / 2)
        writeFileSync(join(folder, 'object'), changed)
      },
      /** Begins in a process of its own, which is killed as soon as the proxy has held up `times` requests. */
      async beginAndKill(rule: FaultRule, times: number): Promise<void> {
        const before = proxy.hits[rule.fault]
        proxy.rules = [rule]
        const program = join(import.meta.dirname, '../support/upload-once.ts')
        const child = spawn(process.execPath, [program, JSON.stringify(task)], { stdio: 'inherit' })
        const gone = once(child, 'exit')
        await waitFor('the fault', () => proxy.hits[rule.fault] - before >= times)
        child.kill('SIGKILL')
        assert.deepEqual(await gone, [null, 'SIGKILL'])
        proxy.rules = []
      },
      noted() {
        const { db } = openDatabase(join(folder, 'state.db'))
        const known = openMultipartProgress(db).get(task.key)
        db.close()
        return known
      },
      /** What the agent does at its start, with these settings. */
      async clear(changes: Partial<S3Settings>, isWaiting: boolean): Promise<number> {
        const { db } = openDatabase(join(folder, 'state.db'))
        const current = s3Settings({ endpoint: proxy.endpoint, prefix: 'p', ...changes })
        const world = s3World(keys, { uploads: openMultipartProgress(db) })
        const needs = { access: { ...current, bucket_name: 'records' }, current, isWaiting: () => isWaiting }
        const aborted = await abortAbandoned(needs, world, new AbortController().signal)
        db.close()
        return aborted
      },
      async arrived(prefix = 'p'): Promise<boolean> {
        const command = new GetObjectCommand({ Bucket: 'records', Key: `${prefix}/${task.key}` })
        const found = await server.client(server.owner).send(command)
        const stored = await found.Body?.transformToByteArray()
        return bytes.equals(stored ?? Buffer.alloc(0))
      },
      [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
    }
  }

  /** How many requests of this kind there are while `work` goes on. */
  async function counting(
    kind: { method: string; path: RegExp },
    work: () => Promise<void>,
  ): Promise<number> {
    const from = proxy.asked.length
    await work()
    return proxy.asked
      .slice(from)
      .filter(({ method, path }) => method === kind.method && kind.path.test(path)).length
  }

  async function openUploads(key: string): Promise<number> {
    const listed = await server
      .client(server.owner)
      .send(new ListMultipartUploadsCommand({ Bucket: 'records' }))
    return listed.Uploads?.filter(({ Key }) => Key?.endsWith(key)).length ?? 0
  }

  async function objects(): Promise<number> {
    const listed = await server.client(server.owner).send(new ListObjectsV2Command({ Bucket: 'records' }))
    return listed.KeyCount ?? 0
  }

  async function partsOnServer(name: string, uploadId = ''): Promise<number> {
    const command = new ListPartsCommand({ Bucket: 'records', Key: name, UploadId: uploadId })
    return (await server.client(server.owner).send(command)).Parts?.length ?? 0
  }

  const rights: [name: string, keys: () => S3Keys, canList: boolean][] = [
    ['with all rights', () => server.owner, true],
    ['with s3:PutObject and s3:AbortMultipartUpload alone', () => server.stranger, false],
  ]
  for (const [right, keys, canList] of rights) {
    describe(right, () => {
      test('it arrives, each part sent once, and nothing is left open or remembered', async () => {
        using it = tracker(keys())
        assert.equal(await counting(aPart, () => it.put()), parts)
        assert.ok(await it.arrived())
        assert.equal(it.noted(), undefined)
        assert.equal(await openUploads(it.key), 0)
      })

      test('killed in the middle, only what is missing is sent', async () => {
        using it = tracker(keys())
        await it.beginAndKill({ ...aPart, fault: 'stall', nth: count => count > 3 }, 4)
        const noted = it.noted()
        assert.equal(noted?.parts.length, 3)
        assert.equal(await counting(aPart, () => it.put()), parts - 3)
        assert.ok(await it.arrived())
        assert.equal(it.noted(), undefined)
        assert.equal(await openUploads(it.key), 0)
      })

      test('killed before an arrived part was noted: the server’s list knows it, where it may be read', async () => {
        using it = tracker(keys())
        await it.beginAndKill({ ...aPart, fault: 'stall-after-commit', nth: count => count > 2 }, 4)
        const noted = it.noted()
        assert.equal(noted?.parts.length, 2)
        assert.equal(await partsOnServer(it.name, noted?.uploadId), 6)
        assert.equal(await counting(aPart, () => it.put()), parts - (canList ? 6 : 2))
        assert.ok(await it.arrived())
        assert.equal(await openUploads(it.key), 0)
      })

      test('killed right after the parts were joined: nothing is sent again, and it is there once', async () => {
        using it = tracker(keys())
        const before = await objects()
        await it.beginAndKill({ ...joining, fault: 'stall-after-commit' }, 1)
        assert.equal(it.noted()?.parts.length, parts)
        assert.equal(await counting(aPart, () => it.put()), 0)
        assert.ok(await it.arrived())
        assert.equal(await objects(), before + 1)
        assert.equal(it.noted(), undefined)
        assert.equal(await openUploads(it.key), 0)
      })

      test('a file that was damaged on the disk is never joined, and its parts are cleared away', async () => {
        using it = tracker(keys())
        const before = await objects()
        it.damage()
        await assert.rejects(it.put(), { code: 'STORE_DAMAGED' })
        assert.equal(await objects(), before)
        assert.equal(it.noted(), undefined)
        assert.equal(await openUploads(it.key), 0)
      })

      test('an upload that another client has cleared away is begun again', async () => {
        using it = tracker(keys())
        await it.beginAndKill({ ...aPart, fault: 'stall', nth: count => count > 3 }, 4)
        const abort = { Bucket: 'records', Key: it.name, UploadId: it.noted()?.uploadId }
        await server.client(server.owner).send(new AbortMultipartUploadCommand(abort))
        await it.put()
        assert.ok(await it.arrived())
        assert.equal(await openUploads(it.key), 0)
      })

      test('a prefix that changed in the middle: the old upload is aborted, and all goes to the new place', async () => {
        using it = tracker(keys())
        await it.beginAndKill({ ...aPart, fault: 'stall', nth: count => count > 3 }, 4)
        assert.equal(await counting(aPart, () => it.put('elsewhere')), parts)
        assert.ok(await it.arrived('elsewhere'))
        assert.equal(await openUploads(it.key), 0)
      })

      test('the name was taken meanwhile: it is done, unless it can be seen that nothing is there', async () => {
        using it = tracker(keys())
        proxy.rules = [{ ...joining, fault: 'taken', nth: only(1) }]
        const hits = proxy.hits.taken
        await it.put()
        proxy.rules = []
        assert.equal(proxy.hits.taken, hits + 1)
        if (canList) assert.ok(await it.arrived())
        assert.equal(it.noted(), undefined)
        assert.equal(await openUploads(it.key), 0)
      })
    })
  }

  const clearings: [name: string, changes: Partial<S3Settings>, isWaiting: boolean, aborted: number][] = [
    ['one that still waits is left alone', {}, true, 0],
    ['one whose item is gone is aborted', {}, false, 1],
    ['one that goes to another prefix now is aborted', { prefix: 'elsewhere' }, true, 1],
    ['one that goes to a folder now is aborted', { bucket_name: '' }, true, 1],
    ['one of another server is left alone: its credentials are not these', { region: 'eu-west-1' }, false, 0],
  ]
  for (const [name, changes, isWaiting, aborted] of clearings) {
    test(`unfinished uploads at the start: ${name}`, async () => {
      using it = tracker(server.stranger)
      await it.beginAndKill({ ...aPart, fault: 'stall', nth: count => count > 1 }, 4)
      assert.equal(await openUploads(it.key), 1)
      assert.equal(await it.clear(changes, isWaiting), aborted)
      assert.equal(await openUploads(it.key), 1 - aborted)
      assert.equal(it.noted() === undefined, aborted === 1)
    })
  }

  test('unfinished uploads of a server that is away stay known', async () => {
    using it = tracker(server.stranger)
    await it.beginAndKill({ ...aPart, fault: 'stall', nth: count => count > 1 }, 4)
    proxy.rules = [{ method: 'DELETE', fault: 'reset-before-body' }]
    assert.equal(await it.clear({}, false), 0)
    assert.ok(it.noted())
    proxy.rules = []
    assert.equal(await it.clear({}, false), 1)
  })

  test('a part that fails now and then is sent again while the others get through', async () => {
    using it = tracker(server.owner)
    proxy.rules = [{ ...aPart, fault: 'reset-after-body', nth: only(2, 6) }]
    const hits = proxy.hits['reset-after-body']
    assert.equal(await counting(aPart, () => it.put()), parts + 2)
    assert.equal(proxy.hits['reset-after-body'], hits + 2)
    assert.ok(await it.arrived())
    proxy.rules = []
  })

  test('a server that is busy is left alone at once, and what arrived counts at the next try', async () => {
    using it = tracker(server.owner)
    proxy.rules = [{ ...aPart, fault: 'slow-down', retryAfterS: 7, nth: count => count > 3 }]
    await assert.rejects(it.put(), { code: 'UPLOAD_BUSY', retryAfterMs: 7000 })
    proxy.rules = []
    assert.equal(await counting(aPart, () => it.put()), parts - 3)
    assert.ok(await it.arrived())
  })

  test('parts that the server has lost are noticed when they are joined, and all is sent again', async () => {
    using it = tracker(server.stranger)
    await it.beginAndKill({ ...aPart, fault: 'stall', nth: count => count > 3 }, 4)
    proxy.rules = [{ ...joining, fault: 'no-such-upload', nth: first(1) }]
    await it.put()
    proxy.rules = []
    assert.ok(await it.arrived())
    assert.equal(await openUploads(it.key), 0)
  })
})
