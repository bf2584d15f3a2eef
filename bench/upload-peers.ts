import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, readdir, readFile, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { inParallel } from '../native-host/adapters/destination/s3/in-parallel.ts'

/** Where a peer uploads the files of a folder to. Any client may write into the bucket. */
export type PeerTask = {
  folder: string
  scratch: string
  endpoint: string
  bucket: string
  keys: { accessKeyId: string; secretAccessKey: string }
  atOnce: number
}

/** Programs as Debian installs them. */
export type Peer = { program: string; package: string; run(task: PeerTask): Promise<void> }

/** As people run it: it looks at the bucket before, and at every object after it was sent. */
export const rclone: Peer = rcloneWith()

/** Told to look nothing up, so that it asks for as much as we do: one request for an object. */
export const rcloneUnchecked: Peer = rcloneWith('--s3-no-check-bucket', '--s3-no-head', '--no-check-dest')

function rcloneWith(...flags: string[]): Peer {
  const program = '/usr/bin/rclone'
  return {
    program,
    package: 'rclone',
    run: ({ folder, endpoint, bucket, keys, atOnce }) =>
      run(program, ['copy', folder, `peer:${bucket}`, '--transfers', String(atOnce), ...flags], {
        // No file of settings, and no complaint about that.
        RCLONE_CONFIG: '',
        RCLONE_CONFIG_PEER_TYPE: 's3',
        RCLONE_CONFIG_PEER_PROVIDER: 'Ceph',
        RCLONE_CONFIG_PEER_ENDPOINT: endpoint,
        RCLONE_CONFIG_PEER_ACCESS_KEY_ID: keys.accessKeyId,
        RCLONE_CONFIG_PEER_SECRET_ACCESS_KEY: keys.secretAccessKey,
      }),
  }
}

export const awscli: Peer = {
  program: '/usr/bin/aws',
  package: 'awscli',
  async run({ folder, scratch, endpoint, bucket, keys, atOnce }) {
    const config = join(scratch, 'aws-config')
    await writeFile(
      config,
      `[default]\ns3 =\n  max_concurrent_requests = ${atOnce}\n  addressing_style = path\n`,
    )
    const options = ['--endpoint-url', endpoint, '--recursive', '--only-show-errors']
    const env = { ...awsVariables(keys), AWS_CONFIG_FILE: config }
    await run(awscli.program, ['s3', 'cp', folder, `s3://${bucket}/`, ...options], env)
  },
}

export const boto3: Peer = {
  program: '/usr/lib/python3/dist-packages/boto3',
  package: 'python3-boto3',
  run: ({ folder, endpoint, bucket, keys, atOnce }) =>
    run(
      '/usr/bin/python3',
      [join(import.meta.dirname, 'peer-boto3.py'), folder, bucket, endpoint, String(atOnce)],
      awsVariables(keys),
    ),
}

/** Whole processes, from start to end; undefined where one is not installed. Their start is measured by itself. */
export async function secondsOf(peer: Peer, task: PeerTask): Promise<number | undefined> {
  try {
    await access(peer.program)
  } catch {
    console.error(`${peer.package} is not here to compare with: sudo apt install ${peer.package}`)
    return undefined
  }
  const begun = performance.now()
  await peer.run(task)
  return (performance.now() - begun) / 1000
}

/**
 * What no client can do without: the bytes over HTTP, unsigned, into a bucket that takes them from any
 * client.
 */
export async function secondsOfRawPuts({ folder, endpoint, bucket, atOnce }: PeerTask): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const begun = performance.now()
  await inParallel(atOnce, await readdir(folder), async name => {
    const body = await readFile(join(folder, name))
    const sent = request(`${endpoint}/${bucket}/${name}`, {
      method: 'PUT',
      agent,
      headers: { 'content-length': body.length },
    })
    sent.end(body)
    const [answer] = await once(sent, 'response')
    answer.resume()
    await once(answer, 'end')
    if (answer.statusCode !== 200) throw new Error(`the raw upload got ${answer.statusCode}`)
  })
  const seconds = (performance.now() - begun) / 1000
  agent.destroy()
  return seconds
}

function awsVariables({ accessKeyId, secretAccessKey }: PeerTask['keys']) {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

/** Without the settings of the user who runs the benchmark. */
async function run(program: string, args: string[], env: Record<string, string>): Promise<void> {
  const child = spawn(program, args, {
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
}
