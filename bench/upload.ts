import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PutBucketAclCommand } from '@aws-sdk/client-s3'
import { startS3Server } from '../test/support/s3-server.ts'
import type { Benchmark, Figure } from './figure.ts'
import type { DrainResult, DrainTask } from './upload-drain.ts'
import { awscli, boto3, type PeerTask, rclone, secondsOf, secondsOfRawPuts } from './upload-peers.ts'

const atOnce = 4
const bucket = 'records'
const gibibyte = 1024 * 1024 * 1024
const mebibyte = 1024 * 1024

/**
 * Emptying a real outbox into a real S3 server, beside what others need for the same bytes. Each of them gets a server
 * of its own, which shares the cores with its client.
 */
const upload: Benchmark = {
  what: 'draining an outbox to a bucket, beside rclone, awscli, boto3 and bare HTTP',
  async measure() {
    const scratch = await mkdtemp(join(tmpdir(), 'at-bench-upload-'))
    try {
      return [...(await manySmall(scratch)), ...(await oneLarge(scratch))]
    } finally {
      await rm(scratch, { recursive: true })
    }
  },
}
export default upload

async function manySmall(scratch: string): Promise<Figure[]> {
  const folder = await makeFolder(scratch, 'small')
  for (let n = 0; n < 1000; n++) await writeFile(join(folder, `screenshot-${n}`), randomBytes(300_000))
  const name = '1,000 objects of 300 kB, 4 at a time'
  const ours = await drainOurs(scratch, folder)
  const raw = await onServer(scratch, folder, secondsOfRawPuts)
  const rcloneS = await onServer(scratch, folder, task => secondsOf(rclone, task))
  const awscliS = await onServer(scratch, folder, task => secondsOf(awscli, task))
  const boto3S = await onServer(scratch, folder, task => secondsOf(boto3, task))
  await rm(folder, { recursive: true })
  return [
    { name, value: ours.seconds, unit: 's' },
    ...peer(`${name}: bare HTTP PUT`, raw, ours.seconds),
    ...peer(`${name}: rclone`, rcloneS, ours.seconds),
    ...peer(`${name}: awscli`, awscliS, ours.seconds),
    ...peer(`${name}: boto3`, boto3S, ours.seconds),
    ...ratio('our time, of bare HTTP’s', ours.seconds, raw, 1 / 0.7),
    ...ratio('our time, of rclone’s', ours.seconds, rcloneS, 1),
  ]
}

async function oneLarge(scratch: string): Promise<Figure[]> {
  const folder = await makeFolder(scratch, 'large')
  const file = await open(join(folder, 'object'), 'w')
  for (let at = 0; at < gibibyte; at += mebibyte) await file.write(randomBytes(mebibyte))
  await file.close()
  const name = 'an object of 1 GiB, 4 parts at a time'
  const ours = await drainOurs(scratch, folder)
  const awscliS = await onServer(scratch, folder, task => secondsOf(awscli, task))
  const boto3S = await onServer(scratch, folder, task => secondsOf(boto3, task))
  const rcloneS = await onServer(scratch, folder, task => secondsOf(rclone, task))
  return [
    { name, value: ours.seconds, unit: 's' },
    ...peer(`${name}: awscli`, awscliS, ours.seconds),
    ...peer(`${name}: boto3`, boto3S, ours.seconds),
    ...peer(`${name}: rclone`, rcloneS, ours.seconds),
    ...ratio('our time for 1 GiB, of awscli’s', ours.seconds, awscliS, 1),
    { name: 'memory that 1 GiB takes, beside the agent’s own', value: ours.grownMb, unit: 'MB', limit: 100 },
  ]
}

function peer(name: string, seconds: number | undefined, ours: number): Figure[] {
  return seconds === undefined ? [] : [{ name, value: seconds, unit: 's', of: ours }]
}

function ratio(name: string, ours: number, theirs: number | undefined, limit: number): Figure[] {
  return theirs === undefined ? [] : [{ name, value: ours / theirs, unit: '×', limit }]
}

async function makeFolder(scratch: string, name: string): Promise<string> {
  const folder = join(scratch, name)
  await mkdir(folder)
  return folder
}

/** The outbox is filled before, so that what is measured is the drain alone. */
function drainOurs(scratch: string, folder: string): Promise<DrainResult> {
  return onServer(scratch, folder, async ({ endpoint, keys }) => {
    const home = await makeFolder(scratch, 'home')
    const task = { home, folder, endpoint, bucket, keys }
    await runChild({ ...task, step: 'fill' })
    const result = await runChild({ ...task, step: 'drain' })
    await rm(home, { recursive: true })
    // Of our own child, which prints just this.
    return JSON.parse(result) as DrainResult
  })
}

async function runChild(task: DrainTask): Promise<string> {
  const program = join(import.meta.dirname, 'upload-drain.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(task)])
  return stdout
}

async function onServer<T>(
  scratch: string,
  folder: string,
  work: (task: PeerTask) => Promise<T>,
): Promise<T> {
  await using server = await startS3Server()
  await server.createBucket(bucket)
  const owner = server.client(server.owner)
  await owner.send(new PutBucketAclCommand({ Bucket: bucket, ACL: 'public-read-write' }))
  owner.destroy()
  return await work({ folder, scratch, endpoint: server.endpoint, bucket, keys: server.owner, atOnce })
}
