import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PutBucketAclCommand } from '@aws-sdk/client-s3'
import { leanNodeFlags } from '../native-host/adapters/socket/launch-agent.ts'
import { startS3Server } from '../test/support/s3-server.ts'
import { type Benchmark, type Figure, median } from './figure.ts'
import type { DrainResult, DrainTask } from './upload-drain.ts'
import {
  awscli,
  boto3,
  type Peer,
  type PeerTask,
  rclone,
  rcloneUnchecked,
  secondsOf,
  secondsOfRawPuts,
} from './upload-peers.ts'

const atOnce = 4
const gibibyte = 1024 * 1024 * 1024
const mebibyte = 1024 * 1024

/**
 * Empties a real outbox into a real S3 server, beside peers with the same bytes and as many requests at a
 * time.
 *
 * The server shares the cores with its client and has stored objects before. Our drain runs in a process
 * whose connection is open, so a peer's start, measured with an empty folder, is subtracted.
 */
const upload: Benchmark = {
  what: 'draining an outbox to a bucket, beside rclone, awscli, boto3 and bare HTTP',
  async measure() {
    const scratch = await mkdtemp(join(tmpdir(), 'at-bench-upload-'))
    try {
      await fillFolder(scratch, warmUp, warmUpCount)
      return [...(await manySmall(scratch)), ...(await oneLarge(scratch))]
    } finally {
      await rm(scratch, { recursive: true })
    }
  },
}
export default upload

/** Two runs of the same differ by up to a tenth, and the difference in question is less. */
const rounds = 9
/** One of each said 0.73 once, and once 1.08. */
const largeRounds = 5
/** Stored before each run, so that it is at work: the first objects take a new server longer. */
const warmUp = 'warm-up'
const warmUpCount = 300

type Run = (task: PeerTask) => Promise<unknown>

/** All runs share a server, with a bucket for each run. */
async function manySmall(scratch: string): Promise<Figure[]> {
  const count = 1000
  const folder = await fillFolder(scratch, 'small', count)
  const empty = await makeFolder(scratch, 'empty')
  const name = '1,000 objects of 300 kB, 4 at a time'
  const ours: DrainResult[] = []
  const raw: number[] = []
  const rcloneS: (number | undefined)[] = []
  const uncheckedS: (number | undefined)[] = []
  const runs: readonly Run[] = [
    async task => ours.push(await drainOurs(task)),
    async task => rcloneS.push(await transferSeconds(rclone, task, empty)),
    async task => uncheckedS.push(await transferSeconds(rcloneUnchecked, task, empty)),
    async task => raw.push(await secondsOfRawPuts(task)),
  ]
  for (let round = 0; round < rounds; round++)
    await onServer(scratch, folder, async inBucket => {
      for (const [turn, run] of inTurn(runs, round).entries()) await run(await inBucket(`run-${turn}`))
    })
  const [awscliS, boto3S] = await onServer(scratch, folder, async inBucket => [
    await transferSeconds(awscli, await inBucket('awscli'), empty),
    await transferSeconds(boto3, await inBucket('boto3'), empty),
  ])
  await rm(folder, { recursive: true })
  const seconds = median(ours.map(run => run.seconds))
  return [
    { name, value: seconds, unit: 's' },
    {
      name: `${name}: computing time of an object`,
      value: (median(ours.map(run => run.cpuSeconds)) / count) * 1000,
      unit: 'ms',
    },
    {
      name: `the first ${warmUpCount} since a start: time of an object`,
      value: (median(ours.map(run => run.rehearsalSeconds)) / warmUpCount) * 1000,
      unit: 'ms',
    },
    ...peer(`${name}: bare HTTP PUT`, median(raw), seconds),
    ...peer(`${name}: rclone`, medianOf(rcloneS), seconds),
    ...peer(`${name}: rclone that looks nothing up`, medianOf(uncheckedS), seconds),
    ...peer(`${name}: awscli`, awscliS, seconds),
    ...peer(`${name}: boto3`, boto3S, seconds),
    ...ratio('our time, of bare HTTP’s', medianRatio(ours, raw), 1 / 0.7),
    ...ratio('our time, of rclone’s', medianRatio(ours, rcloneS), 1),
  ]
}

/** Without the start of the program. */
async function transferSeconds(peer: Peer, task: PeerTask, empty: string): Promise<number | undefined> {
  const start = await secondsOf(peer, { ...task, folder: empty })
  const whole = await secondsOf(peer, task)
  return start === undefined || whole === undefined ? undefined : whole - start
}

function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter(value => value !== undefined)
  return known.length === 0 ? undefined : median(known)
}

async function oneLarge(scratch: string): Promise<Figure[]> {
  const folder = await makeFolder(scratch, 'large')
  const file = await open(join(folder, 'object'), 'w')
  for (let at = 0; at < gibibyte; at += mebibyte) await file.write(randomBytes(mebibyte))
  await file.close()
  const empty = await makeFolder(scratch, 'nothing')
  const name = 'an object of 1 GiB, 4 parts at a time'
  // Never two on one server: its second GiB takes it a tenth longer than the first.
  const alone = <T>(work: (task: PeerTask) => Promise<T>) =>
    onServer(scratch, folder, async inBucket => work(await inBucket('large')))
  const ours: DrainResult[] = []
  const awscliS: (number | undefined)[] = []
  const runs: readonly Run[] = [
    async task => ours.push(await drainOurs(task)),
    async task => awscliS.push(await transferSeconds(awscli, task, empty)),
  ]
  for (let round = 0; round < largeRounds; round++) for (const run of inTurn(runs, round)) await alone(run)
  const boto3S = await alone(task => transferSeconds(boto3, task, empty))
  const rcloneS = await alone(task => transferSeconds(rclone, task, empty))
  const seconds = median(ours.map(run => run.seconds))
  return [
    { name, value: seconds, unit: 's' },
    ...peer(`${name}: awscli`, medianOf(awscliS), seconds),
    ...peer(`${name}: boto3`, boto3S, seconds),
    ...peer(`${name}: rclone`, rcloneS, seconds),
    ...ratio('our time for 1 GiB, of awscli’s', medianRatio(ours, awscliS), 1),
    {
      name: 'memory that 1 GiB takes, beside the agent’s own',
      value: Math.max(...ours.map(run => run.grownMb)),
      unit: 'MB',
      limit: 100,
    },
  ]
}

/** Every other round backwards: of two neighbours each is the first as often as the other. */
function inTurn(runs: readonly Run[], round: number): readonly Run[] {
  return round % 2 === 0 ? runs : runs.toReversed()
}

/**
 * undefined where one of theirs is missing.
 *
 * Compared runs follow each other, and in another order in the next round. The median of their ratios counts,
 * because other work on the computer slows both.
 */
function medianRatio(
  ours: readonly DrainResult[],
  theirs: readonly (number | undefined)[],
): number | undefined {
  if (theirs.includes(undefined)) return undefined
  return median(ours.map((run, round) => run.seconds / (theirs[round] ?? Number.NaN)))
}

function peer(name: string, seconds: number | undefined, ours: number): Figure[] {
  return seconds === undefined ? [] : [{ name, value: seconds, unit: 's', of: ours }]
}

function ratio(name: string, value: number | undefined, limit: number): Figure[] {
  return value === undefined ? [] : [{ name, value, unit: '×', limit }]
}

async function makeFolder(scratch: string, name: string): Promise<string> {
  const folder = join(scratch, name)
  await mkdir(folder)
  return folder
}

async function fillFolder(scratch: string, name: string, count: number): Promise<string> {
  const folder = await makeFolder(scratch, name)
  for (let n = 0; n < count; n++) await writeFile(join(folder, `screenshot-${n}`), randomBytes(300_000))
  return folder
}

/** The outbox is filled before, so that what is measured is the drain alone. */
async function drainOurs({ scratch, folder, endpoint, bucket, keys }: PeerTask): Promise<DrainResult> {
  const home = await makeFolder(scratch, 'home')
  const task = { home, folder, rehearsal: join(scratch, warmUp), endpoint, bucket, keys }
  await runChild({ ...task, step: 'fill' })
  const result = await runChild({ ...task, step: 'drain' })
  for (const used of [home, `${home}-rehearsal`]) await rm(used, { recursive: true })
  // Of our own child, which prints just this.
  return JSON.parse(result) as DrainResult
}

async function runChild(task: DrainTask): Promise<string> {
  const program = join(import.meta.dirname, 'upload-drain.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...leanNodeFlags,
    program,
    JSON.stringify(task),
  ])
  return stdout
}

/** A new one, with a bucket for each run, into which any client may write. */
async function onServer<T>(
  scratch: string,
  folder: string,
  work: (inBucket: (name: string) => Promise<PeerTask>) => Promise<T>,
): Promise<T> {
  await using server = await startS3Server()
  const owner = server.client(server.owner)
  const inBucket = async (bucket: string): Promise<PeerTask> => {
    await server.createBucket(bucket)
    await owner.send(new PutBucketAclCommand({ Bucket: bucket, ACL: 'public-read-write' }))
    return { folder, scratch, endpoint: server.endpoint, bucket, keys: server.owner, atOnce }
  }
  try {
    await secondsOfRawPuts({ ...(await inBucket(warmUp)), folder: join(scratch, warmUp) })
    return await work(inBucket)
  } finally {
    owner.destroy()
  }
}
