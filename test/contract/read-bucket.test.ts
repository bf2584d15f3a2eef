import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { findInBucket } from '../../native-host/adapters/destination/s3/find-objects.ts'
import { readBucket } from '../../native-host/adapters/destination/s3/read-bucket.ts'
import { devicesOf } from '../../native-host/verify/delivered-devices.ts'
import { createPassingOver } from '../../native-host/verify/passed-over.ts'
import { first, startFaultProxy } from '../support/fault-proxy.ts'
import { eventfulHistory, type Genuine } from '../support/genuine-history.ts'
import { runCli } from '../support/run-cli.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { s3Settings, s3World } from '../support/s3-world.ts'
import { allowStranger, fillBucket, shellOf } from '../support/source-bucket.ts'
import { allowTracker } from '../support/tracker-home.ts'

/** A bucket as a source, with a real server. */
const never = new AbortController().signal

describe('reading a bucket', () => {
  let root: string
  let server: S3Server
  let history: Genuine
  let keys: string[]
  const bucket = 'records'
  const source = `s3://${bucket}/team/ana`

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'at-'))
    server = await startS3Server()
    await server.createBucket(bucket)
    history = await eventfulHistory(root, 'laptop')
    keys = await fillBucket(server, bucket, { folder: history.delivered, prefix: 'team/ana/' })
    await mkdir(join(root, 'elsewhere'))
    await allowTracker(shellOf(server.owner, root))
  })
  after(async () => {
    await server?.stop()
    await rm(root, { recursive: true, force: true })
  })

  const cli = (who: 'owner' | 'stranger', ...words: string[]) =>
    runCli([...words, '--identity', history.identity, '--endpoint', server.endpoint], {
      env: shellOf(server[who], root),
      cwd: join(root, 'elsewhere'),
    })

  /** In this process, with short waits and small pages. */
  async function objectsOf(endpoint: string, prefix = 'team/ana'): Promise<string[]> {
    const world = { ...s3World(server.owner), random: () => 0, tries: 3, stallMs: 1000, perPage: 2 }
    const reader = readBucket(s3Settings({ endpoint, region: server.region }), world)
    const looking = { part: {}, passing: createPassingOver(), signal: never }
    const limits = { entries: 1000, folders: 100, kept: 0 }
    const folders = await findInBucket(reader, { bucket, prefix }, looking, limits)
    const found: string[] = []
    for (const { objects } of devicesOf(folders)) for await (const { path } of objects()) found.push(path)
    for (const path of found.slice(0, 1))
      await reader.get(path.replace(`s3://${bucket}/`, ''), 1_000_000, never)
    return found
  }

  test('verify says the same of a bucket as of the folder that it was copied from', async () => {
    const here = await cli('owner', 'verify', history.delivered)
    assert.match(here.stdout, /✔ Proven up to/, here.stderr)
    for (const address of [source, `${source}/`, `s3://${bucket}`]) {
      const there = await cli('owner', 'verify', address)
      assert.equal(there.stdout, here.stdout, there.stderr)
      assert.equal(there.exit, 0)
    }
  })

  test('open prints the records of a bucket, and those of one object', async () => {
    const here = await cli('owner', 'open', history.delivered)
    const there = await cli('owner', 'open', source)
    assert.equal(there.exit, 0, there.stderr)
    assert.ok(here.stdout.length > 1000)
    assert.equal(there.stdout, here.stdout)
    const [key = ''] = keys.filter(each => each.includes('.records.'))
    const one = await cli('owner', 'open', `s3://${bucket}/${key}`)
    assert.ok(one.stdout.length > 0 && here.stdout.includes(one.stdout), one.stderr)
  })

  test('a right that is missing is named, and what it is needed for', async () => {
    await allowStranger(server, bucket, ['s3:GetObject'])
    const noList = await cli('stranger', 'verify', source)
    assert.match(noList.stderr, /^READ_DENIED[^\n]*\n[^\n]*s3:ListBucket on records/)
    assert.equal(noList.exit, 77)
    // One object needs no list.
    const [key = ''] = keys.filter(each => each.includes('.records.'))
    assert.equal((await cli('stranger', 'open', `s3://${bucket}/${key}`)).exit, 0)

    await allowStranger(server, bucket, ['s3:ListBucket'])
    const noGet = await cli('stranger', 'verify', source)
    assert.match(noGet.stderr, /^READ_DENIED[^\n]*\n[^\n]*s3:GetObject on records\/team\/ana\/laptop/)
    assert.equal(noGet.stdout, '')
  })

  test('a bucket that is not there, and a key that is not known', async () => {
    assert.match((await cli('owner', 'verify', 's3://nothing')).stderr, /^READ_NO_BUCKET/)
    const env = shellOf({ ...server.owner, secretAccessKey: 'another' }, root)
    const wrong = await runCli(
      ['verify', source, '--identity', history.identity, '--endpoint', server.endpoint],
      { env },
    )
    assert.match(wrong.stderr, /^READ_CREDENTIALS_REFUSED/)
    assert.match(
      (await cli('owner', 'verify', `${source}/nothing`)).stderr,
      /^FILE_UNREADABLE[\s\S]*no encrypted/,
    )
  })

  test('a list that fails half-way is asked for again, and is never taken for all of it', async () => {
    await using proxy = await startFaultProxy(server.endpoint)
    const all = await objectsOf(proxy.endpoint)
    assert.equal(all.length, keys.length)
    const page = { method: 'GET', path: /continuation-token/ } as const
    for (const fault of ['server-error', 'slow-down', 'truncated-answer', 'lost-reply'] as const) {
      proxy.rules = [{ fault, ...page, nth: first(2) }]
      assert.deepEqual(await objectsOf(proxy.endpoint), all, fault)
      assert.equal(proxy.hits[fault], 2)
      proxy.rules = [{ fault, ...page }]
      await assert.rejects(objectsOf(proxy.endpoint), { code: 'READ_INTERRUPTED' }, fault)
    }
    proxy.rules = [{ fault: 'login-page', ...page }]
    await assert.rejects(objectsOf(proxy.endpoint), { code: 'CAPTIVE_PORTAL' })
    proxy.rules = [{ fault: 'login-page', path: /\.age\?/ }]
    await assert.rejects(objectsOf(proxy.endpoint), { code: 'CAPTIVE_PORTAL' })
  })

  test('an answer that is cut off or does not come is asked for again', async () => {
    await using proxy = await startFaultProxy(server.endpoint)
    for (const fault of ['truncated-answer', 'reset-before-body', 'stall'] as const) {
      proxy.rules = [{ fault, path: /\.age\?/, nth: first(1) }]
      await objectsOf(proxy.endpoint)
      assert.equal(proxy.hits[fault], 1, fault)
    }
  })

  test('keys with any characters are listed and read', async () => {
    const client = server.client(server.owner)
    const nameOf = (seq: number) => `${String(seq).padStart(12, '0')}-${'0'.repeat(64)}.screenshot.webp.age`
    const odd = ['a+b c', 'ü&<>"', '\u0001\u001b[2J', '..', '%2e%2f']
    const all = odd.map((folder, index) => `odd/${folder}/laptop/2026-11-22/${nameOf(index)}`)
    for (const Key of all) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }))
    }
    client.destroy()
    assert.deepEqual(
      await objectsOf(server.endpoint, 'odd'),
      all.map(key => `s3://${bucket}/${key}`),
    )
  })
})
