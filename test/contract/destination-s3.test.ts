import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { inspect } from 'node:util'
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { checkBucket } from '../../native-host/adapters/destination/s3/check.ts'
import { s3Destination } from '../../native-host/adapters/destination/s3/destination.ts'
import type { S3Settings } from '../../native-host/adapters/destination/s3/settings.ts'
import { openDeviceKey } from '../../native-host/adapters/seal/device-key.ts'
import { createSealer } from '../../native-host/adapters/seal/seal-age.ts'
import { createSignal } from '../../native-host/kernel/signals.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { type S3Keys, type S3Server, startS3Server } from '../support/s3-server.ts'
import { s3Settings, s3World } from '../support/s3-world.ts'
import { sealedBytes } from '../support/sealed-bytes.ts'
import { destinationContract, newKey, someBytes } from './destination-contract.ts'

const never = new AbortController().signal

function open(server: S3Server, keys: S3Keys, place: Partial<S3Settings> = {}) {
  const { endpoint, region } = server
  return s3Destination(s3Settings({ region, endpoint, ...place }), s3World(keys))
}

async function stored(server: S3Server, key: string): Promise<Uint8Array | undefined> {
  const command = new GetObjectCommand({ Bucket: 'records', Key: key })
  const found = await server
    .client(server.owner)
    .send(command)
    .catch(error => {
      if (error.name === 'NoSuchKey') return undefined
      throw error
    })
  return found?.Body?.transformToByteArray()
}

async function keysOf(server: S3Server): Promise<string[]> {
  const { Contents = [] } = await server
    .client(server.owner)
    .send(new ListObjectsV2Command({ Bucket: 'records' }))
  return Contents.map(({ Key = '' }) => Key)
}

destinationContract('s3', async () => {
  const server = await startS3Server()
  await server.createBucket('records')
  return {
    open: () => open(server, server.owner),
    stored: key => stored(server, `activity-tracker/${key}`),
    count: async () => (await keysOf(server)).length,
    [Symbol.asyncDispose]: server.stop,
  }
})

describe('a real S3 server', () => {
  let server: S3Server
  before(async () => {
    server = await startS3Server()
    await server.createBucket('records')
  })
  after(() => server.stop())

  const prefixes: [prefix: string, begins: string, where: string][] = [
    ['', '', 'records'],
    ['team', 'team/', 'records/team'],
    ['/team/a/', 'team/a/', 'records/team/a'],
    ["(team)=!_.*'x", "(team)=!_.*'x/", "records/(team)=!_.*'x"],
  ]
  for (const [prefix, begins, where] of prefixes) {
    test(`below the prefix "${prefix}"`, async () => {
      const [key, bytes] = [newKey(), someBytes(100)]
      const destination = open(server, server.owner, { prefix })
      assert.equal(destination.where, where)
      await destination.put(key, sealedBytes(bytes), never)
      assert.deepEqual(await stored(server, begins + key), bytes)
    })
  }

  test('names that this server allows and AWS does not', async () => {
    const member = await server.createUser('member', 'tenant')
    const client = server.client(member)
    await client.send(new CreateBucketCommand({ Bucket: 'records' }))
    await server.createBucket('Upper_case')
    for (const [keys, bucket] of [
      [member, 'tenant:records'],
      [server.owner, 'Upper_case'],
    ] as const) {
      const key = newKey()
      const settings = { bucket_name: bucket, prefix: '' }
      // Two in one request, of which the second is a copy of the first, and one in parts.
      for (const size of [100, 200, 9_000_000])
        await open(server, keys, settings).put(`${key}-${size}`, sealedBytes(someBytes(size)), never)
      const check = checkBucket(s3Settings({ endpoint: server.endpoint, ...settings }), s3World(keys))
      assert.equal((await check.findRoute()).address.pathname, `/${encodeURIComponent(bucket)}/`)
      assert.match(await check.tryOut(never), /^writable/)
      const list = new ListObjectsV2Command({ Bucket: bucket.replace('tenant:', '') })
      const { Contents = [] } = await server.client(keys).send(list)
      assert.equal(Contents.length, 3)
    }
    client.destroy()
  })

  const refusals: [
    name: string,
    place: Partial<S3Settings>,
    keys: () => S3Keys,
    code: ErrorCode,
    detail: string,
  ][] = [
    [
      'a bucket that is not there',
      { bucket_name: 'nowhere' },
      () => server.owner,
      'UPLOAD_NO_BUCKET',
      'nowhere (404 NoSuchBucket)',
    ],
    [
      'a wrong secret',
      {},
      () => ({ ...server.owner, secretAccessKey: 'wrong' }),
      'UPLOAD_SIGNATURE_WRONG',
      '403 SignatureDoesNotMatch',
    ],
    [
      'an unknown key',
      {},
      () => ({ ...server.owner, accessKeyId: 'NOBODY' }),
      'UPLOAD_KEY_UNKNOWN',
      '403 InvalidAccessKeyId',
    ],
    [
      'the bucket of another account',
      {},
      () => server.stranger,
      'UPLOAD_DENIED',
      's3:PutObject on records/KEY (403 AccessDenied)',
    ],
  ]
  for (const [name, place, keys, code, detail] of refusals) {
    test(`${name} is refused: ${detail}`, async () => {
      const key = newKey()
      await assert.rejects(
        open(server, keys(), place).put(key, sealedBytes(someBytes(100_000)), never),
        error => {
          assert.ok(error instanceof Error && 'code' in error && 'detail' in error)
          assert.deepEqual(
            [error.code, error.detail],
            [code, detail.replace('KEY', `activity-tracker/${key}`)],
          )
          assert.ok(!inspect(error, { depth: 9 }).includes(keys().secretAccessKey))
          return true
        },
      )
    })
  }

  test('how far the chain of records had got stands beside an object, in one request and in parts', async () => {
    const home = await mkdtemp(join(tmpdir(), 'at-heads-'))
    try {
      const signer = await openDeviceKey({ deviceKey: join(home, 'device-key.pem') })
      const recipients = createSignal([await identityToRecipient(await generateX25519Identity())])
      const sealer = createSealer(recipients, { device: 'device-1', key: signer })
      const reached = { seq: 41, hash: 'ab'.repeat(32) }
      const place = { number: 7, date: '2026-11-22', kind: 'screenshot' as const }
      const destination = open(server, server.owner)
      // Two small ones: all but the first of a connection are copies of it.
      for (const bytes of [100, 200, 9 * 1024 * 1024]) {
        const key = newKey()
        await destination.put(
          key,
          sealedBytes(await sealer.seal(new Uint8Array(bytes), { ...place, before: reached, reached })),
          never,
        )
        const look = new HeadObjectCommand({ Bucket: 'records', Key: `activity-tracker/${key}` })
        const { Metadata } = await server.client(server.owner).send(look)
        assert.match(
          Metadata?.['chain-head'] ?? '',
          new RegExp(
            `^2 device-1 2026-11-22 7 screenshot 41 (ab){32} 41 (ab){32} [0-9a-f]{64} ${signer.publicKey} `,
          ),
        )
      }
    } finally {
      await rm(home, { recursive: true })
    }
  })

  test('another object of the same name is left as it is', async () => {
    const key = newKey()
    const destination = open(server, server.owner)
    const first = someBytes(100)
    await destination.put(key, sealedBytes(first), never)
    await assert.rejects(destination.put(key, sealedBytes(someBytes(200)), never), { code: 'UPLOAD_FAILED' })
    assert.deepEqual(await stored(server, `activity-tracker/${key}`), first)
  })

  test('s3:PutObject below the prefix is enough, also for an object that is there already', async () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam:::user/stranger'] },
      Action: ['s3:PutObject'],
      Resource: ['arn:aws:s3:::records/for-strangers/*'],
    }
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    await server.client(server.owner).send(new PutBucketPolicyCommand({ Bucket: 'records', Policy }))
    const [key, bytes] = [newKey(), someBytes(100)]
    const destination = open(server, server.stranger, { prefix: 'for-strangers' })
    await destination.put(key, sealedBytes(bytes), never)
    assert.ok((await keysOf(server)).includes(`for-strangers/${key}`))

    // Stored by the owner, so that the stranger may not even look at it.
    const taken = newKey()
    await open(server, server.owner, { prefix: 'for-strangers' }).put(taken, sealedBytes(bytes), never)
    await destination.put(taken, sealedBytes(bytes), never)
    await assert.rejects(
      open(server, server.stranger, { prefix: 'elsewhere' }).put(key, sealedBytes(bytes), never),
      {
        code: 'UPLOAD_DENIED',
      },
    )
  })

  test('credentials that were corrected are used at the next try', async () => {
    let keys = { ...server.owner, secretAccessKey: 'wrong' }
    const settings = s3Settings({ region: server.region, endpoint: server.endpoint, prefix: '' })
    const world = s3World(keys, { credentials: async () => () => Promise.resolve(keys) })
    const destination = s3Destination(settings, world)
    await assert.rejects(destination.put(newKey(), sealedBytes(someBytes(10)), never), {
      code: 'UPLOAD_SIGNATURE_WRONG',
    })
    keys = server.owner
    await destination.put(newKey(), sealedBytes(someBytes(10)), never)
  })

  test('a server that is down refuses, and one that is back takes the object', async () => {
    const [key, bytes] = [newKey(), someBytes(100)]
    const destination = open(server, server.owner)
    await destination.put(newKey(), sealedBytes(bytes), never)
    await server.stopGateway()
    for (let again = 0; again < 2; again++) {
      await assert.rejects(destination.put(key, sealedBytes(bytes), never), {
        code: 'PORT_REFUSED',
        detail: `${new URL(server.endpoint).host} (ECONNREFUSED)`,
      })
    }
    await server.startGateway()
    await destination.put(key, sealedBytes(bytes), never)
    assert.deepEqual(await stored(server, `activity-tracker/${key}`), bytes)
  })
})
