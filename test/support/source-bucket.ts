import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { inParallel } from '../../native-host/adapters/destination/s3/in-parallel.ts'
import type { S3Keys, S3Server } from './s3-server.ts'

/** Puts everything of a folder below a prefix, as a tracker that delivers to the bucket would have. */
export async function fillBucket(
  server: S3Server,
  bucket: string,
  { folder, prefix }: { folder: string; prefix: string },
): Promise<string[]> {
  const client = server.client(server.owner)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile() && entry.name.endsWith('.age'))
  const keys: string[] = []
  await inParallel(8, files, async ({ parentPath, name }) => {
    const path = join(parentPath, name)
    const Key = prefix + path.slice(folder.length + 1)
    keys.push(Key)
    await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: await readFile(path) }))
  })
  client.destroy()
  return keys.sort()
}

/** Gives the stranger these rights and no others. */
export async function allowStranger(server: S3Server, bucket: string, actions: readonly string[]) {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: ['arn:aws:iam:::user/stranger'] },
    Action: actions,
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  }
  const client = server.client(server.owner)
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }))
  client.destroy()
}

/** Of a shell that looks at an empty tracker, which `allowTracker` has allowed. */
export function shellOf(keys: S3Keys, home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    ACTIVITY_TRACKER_HOME: join(home, 'empty'),
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
