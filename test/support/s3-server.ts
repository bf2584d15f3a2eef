import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { waitFor } from './wait-for.ts'

/**
 * A real S3 server for tests: Ceph's gateway with one monitor and one store that lives in memory, on loopback, in a
 * folder of its own. It checks signatures, owners and conditions as AWS does. Keys are made for each start.
 */
export type S3Server = AsyncDisposable & {
  endpoint: string
  region: string
  /** Owns the buckets that `createBucket` makes. */
  owner: S3Keys
  /** A user of the same server who may write to none of them. */
  stranger: S3Keys
  createBucket(name: string): Promise<void>
  /** Above this the bucket takes nothing more. */
  /** Of the tenant, when one is named: its buckets are `tenant:bucket` to others. */
  createUser(name: string, tenant?: string): Promise<S3Keys>
  setQuota(bucket: string, bytes: number): Promise<void>
  /** What a test looks at the server with; the tracker has a client of its own. */
  client(keys: S3Keys): S3Client
  /** The gateway ends and its port refuses connections; what was stored stays. */
  stopGateway(): Promise<void>
  /** Brings it back on the same port. */
  startGateway(): Promise<void>
  /** Ends the processes that were started here and nothing else. Repeating the call is harmless. */
  stop(): Promise<void>
}
export type S3Keys = { accessKeyId: string; secretAccessKey: string }

/** Debian and Ubuntu packages that must be there. */
export const s3ServerPackages = ['radosgw', 'ceph-mon', 'ceph-osd'] as const

const execute = promisify(execFile)

/** Ceph's programs answer a failure with pages of stack; its last lines are enough. */
async function run(program: string, args: string[]): Promise<void> {
  await execute(program, args, { timeout: 60_000 }).catch(error => {
    throw new Error(`${program} failed: ${String(error.stderr ?? error).slice(-500)}`)
  })
}

/** @param gatewayEnv such as a clock of its own; the rest keeps the real one */
export async function startS3Server({
  gatewayEnv = {},
}: {
  gatewayEnv?: NodeJS.ProcessEnv
} = {}): Promise<S3Server> {
  await checkInstalled()
  const folder = await mkdtemp(join(tmpdir(), 'at-s3-'))
  const daemons = createDaemons(folder)
  const stop = async () => {
    await daemons.endAll()
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  try {
    const ports = await freePorts(3)
    await prepareCluster(folder, ports)
    await daemons.start('ceph-mon', ['-i', 'a'])
    await addStore(folder)
    await daemons.start('ceph-osd', ['-i', '0'])

    const endpoint = `http://127.0.0.1:${ports.gateway}`
    let gateway: ChildProcess | undefined
    const startGateway = async () => {
      gateway = await daemons.start('radosgw', ['-n', 'client.rgw.a'], gatewayEnv)
      await waitFor('the S3 gateway to answer', () => answers(endpoint), { withinMs: 30_000 })
    }
    const stopGateway = async () => {
      if (gateway) await endChild(gateway)
      gateway = undefined
    }
    await startGateway()
    const owner = await createUser(folder, 'owner')
    const stranger = await createUser(folder, 'stranger')
    const region = 'us-east-1'
    const client = (credentials: S3Keys) =>
      new S3Client({ endpoint, region, credentials, forcePathStyle: true })

    return {
      endpoint,
      region,
      owner,
      stranger,
      client,
      async createBucket(name) {
        const ownerClient = client(owner)
        await ownerClient.send(new CreateBucketCommand({ Bucket: name }))
        ownerClient.destroy()
      },
      async setQuota(bucket, bytes) {
        const scope = ['--quota-scope=bucket', `--bucket=${bucket}`]
        await administer(folder, 'quota', 'set', ...scope, `--max-size=${bytes}B`)
        await administer(folder, 'quota', 'enable', ...scope)
      },
      createUser: (name, tenant) => createUser(folder, name, tenant),
      startGateway,
      stopGateway,
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function checkInstalled(): Promise<void> {
  const programs = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool', 'radosgw-admin', 'setpriv']
  const missing: string[] = []
  for (const program of programs) {
    await run('sh', ['-c', 'command -v "$0"', program]).catch(() => missing.push(program))
  }
  if (missing.length === 0) return
  throw new Error(
    `The S3 tests need ${missing.join(', ')}: apt-get install --no-install-recommends ${s3ServerPackages.join(' ')}`,
  )
}

type Ports = { monitor: number; monitorV1: number; gateway: number }

/** All are held open until the last is known, so that no two are the same. */
async function freePorts(count: 3): Promise<Ports> {
  const servers = Array.from({ length: count }, () => createServer())
  const found: number[] = []
  for (const server of servers) {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port on loopback')
    found.push(address.port)
  }
  await Promise.all(servers.map(server => once(server.close(), 'close')))
  const [monitor = 0, monitorV1 = 0, gateway = 0] = found
  return { monitor, monitorV1, gateway }
}

async function prepareCluster(folder: string, ports: Ports): Promise<void> {
  const cluster = randomUUID()
  const config = join(folder, 'ceph.conf')
  for (const name of ['mon', 'osd', 'rgw', 'run', 'log']) await mkdir(join(folder, name), { mode: 0o700 })
  await writeFile(config, cephConfig(folder, cluster, ports))
  const map = join(folder, 'monmap')
  const address = `[v2:127.0.0.1:${ports.monitor},v1:127.0.0.1:${ports.monitorV1}]`
  await run('monmaptool', ['--create', '--fsid', cluster, '--addv', 'a', address, map])
  await run('ceph-mon', ['--mkfs', '-i', 'a', '--monmap', map, '-c', config])
}

async function addStore(folder: string): Promise<void> {
  const config = join(folder, 'ceph.conf')
  const store = randomUUID()
  // Also waits until the monitor has formed its quorum of one.
  await run('ceph', ['-c', config, 'osd', 'new', store])
  await run('ceph-osd', ['-i', '0', '-c', config, '--mkfs', '--osd-uuid', store])
}

async function createUser(folder: string, uid: string, tenant?: string): Promise<S3Keys> {
  const keys = {
    accessKeyId: randomBytes(10).toString('hex').toUpperCase(),
    secretAccessKey: randomBytes(30).toString('base64'),
  }
  const names = [`--uid=${uid}`, `--display-name=${uid}`, ...(tenant ? [`--tenant=${tenant}`] : [])]
  const secrets = [`--access-key=${keys.accessKeyId}`, `--secret=${keys.secretAccessKey}`]
  await administer(folder, 'user', 'create', ...names, ...secrets)
  return keys
}

async function administer(folder: string, ...words: string[]): Promise<void> {
  await run('radosgw-admin', ['-n', 'client.rgw.a', '-c', join(folder, 'ceph.conf'), ...words])
}

async function answers(endpoint: string): Promise<boolean> {
  const response = await fetch(endpoint)
  await response.text()
  return response.headers.has('x-amz-request-id')
}

function createDaemons(folder: string) {
  const children: ChildProcess[] = []
  return {
    /** In the foreground, as a child: its pid stays ours to end, and the kernel ends it if this process dies. */
    async start(program: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
      const command = ['--pdeathsig', 'KILL', program, '-f', '-c', join(folder, 'ceph.conf'), ...args]
      const child = spawn('setpriv', command, {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, ...env },
      })
      let complaint = ''
      child.stderr.setEncoding('utf8').on('data', chunk => {
        complaint = (complaint + chunk).slice(-500)
      })
      child.once('exit', code => {
        if (code) console.error(`${program} ended with ${code}: ${complaint}`)
      })
      children.push(child)
      await once(child, 'spawn')
      return child
    },
    async endAll() {
      for (const child of children.splice(0).reverse()) await endChild(child)
    },
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  // Nothing here outlives the test, so there is nothing to shut down in order.
  child.kill('SIGKILL')
  await gone
}

/** No authentication between its own parts, one copy of everything, and quick elections. */
function cephConfig(folder: string, cluster: string, ports: Ports): string {
  // Below the range from which the kernel hands out ports, so that no other test's connection has taken one.
  const firstPort = randomInt(20_000, 30_000)
  return `
[global]
fsid = ${cluster}
mon initial members = a
mon host = [v2:127.0.0.1:${ports.monitor},v1:127.0.0.1:${ports.monitorV1}]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
ms bind port min = ${firstPort}
ms bind port max = ${firstPort + 200}
auth supported = none
ms mon client mode = crc
run dir = ${folder}/run
admin socket = ${folder}/run/$name.asok
pid file = ${folder}/run/$name.pid
log file = ${folder}/log/$name.log
mon cluster log file = ${folder}/log/cluster.log
mon data = ${folder}/mon
mon data avail warn = 1
mon data avail crit = 1
mon allow pool size one = true
mon osd min in ratio = 0
mon tick interval = 1
objecter tick interval = 0.2
paxos min wait = 0.005
paxos propose interval = 0.02
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
[client.rgw.a]
rgw data = ${folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:${ports.gateway}
rgw enable usage log = false
rgw thread pool size = 32
rgw relaxed s3 bucket names = true
`
}
