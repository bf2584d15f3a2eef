import { randomUUID } from 'node:crypto'
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { type Scene, sceneOf } from './scene.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'
import type { Task } from './worker-task.ts'

export const bucket = 'records'

/** A real S3 server with a bucket for everything that is tried on it. */
export type Storage = AsyncDisposable & {
  server: S3Server
  /** The eyes of the test. */
  client: S3Client
}

export async function startStorage(): Promise<Storage> {
  const server = await startS3Server()
  await server.createBucket(bucket)
  const client = server.client(server.owner)
  return {
    server,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy()
      await server.stop()
    },
  }
}

export type S3Scene = Scene<Extract<Task['destination'], { kind: 's3' }>> & {
  proxy: FaultProxy
  prefix: string
}

/**
 * A tracker that delivers below a prefix of its own, through a proxy of its own that spoils what the test
 * names.
 */
export async function setS3Scene({ server, client }: Storage, stallMs?: number): Promise<S3Scene> {
  const proxy = await startFaultProxy(server.endpoint)
  const prefix = randomUUID()
  const { endpoint } = proxy
  const scene = await sceneOf(
    await makeTemporaryFolder(),
    { kind: 's3', endpoint, prefix, keys: server.owner, ...(stallMs && { stallMs }) },
    () => objectsBelow(client, prefix),
  )
  return {
    ...scene,
    proxy,
    prefix,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      await scene[Symbol.asyncDispose]()
    },
  }
}

async function objectsBelow(client: S3Client, prefix: string): Promise<Map<string, Uint8Array>> {
  const objects = new Map<string, Uint8Array>()
  for (const { key } of await keysBelow(client, prefix)) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    if (Body) objects.set(key, await Body.transformToByteArray())
  }
  return objects
}

export async function keysBelow(client: S3Client, prefix: string): Promise<{ key: string; etag: string }[]> {
  const found: { key: string; etag: string }[] = []
  for (let more = true; more; ) {
    const StartAfter = found.at(-1)?.key
    const page = new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}/`, StartAfter })
    const { Contents = [], IsTruncated = false } = await client.send(page)
    for (const { Key = '', ETag = '' } of Contents) found.push({ key: Key, etag: ETag.replaceAll('"', '') })
    more = IsTruncated
  }
  return found
}
