import { spawn } from 'node:child_process'
import { hash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { openDeviceKey } from '../native-host/adapters/seal/device-key.ts'
import { createIdentity, readRecipients } from '../native-host/adapters/seal/keys.ts'
import { createSealer } from '../native-host/adapters/seal/seal-age.ts'
import { linkOf } from '../native-host/journal/chain-link.ts'
import { createSignal } from '../native-host/kernel/signals.ts'
import { placesOf } from '../native-host/platform/files/places.ts'
import { readRecordLine } from '../protocol/read-record.ts'
import { chainStart } from '../protocol/records.ts'
import { runCli } from '../test/support/run-cli.ts'
import { type S3Server, startS3Server } from '../test/support/s3-server.ts'
import { fillBucket, shellOf } from '../test/support/source-bucket.ts'
import { allowTracker } from '../test/support/tracker-home.ts'
import type { Benchmark, Figure } from './figure.ts'

/** A month of one person: a segment a minute, and three screenshots in ten minutes. */
const days = 30
const objectsPerDay = 500
const bucket = 'records'

/**
 * Beside what people do without the tracker: `rclone copy`, then `age -d` and `zstd -d` for each file. That
 * verifies nothing and writes nothing durably.
 *
 * A tenth of the month beside other work on two cores said 1.03 of their time and 214 MB, before payloads were opened with
 * Node's own cipher. Both are to be measured again with the whole month.
 */
const restore: Benchmark = {
  what: 'restoring a month from a bucket, beside rclone and age',
  async measure() {
    const scratch = await mkdtemp(join(tmpdir(), 'at-bench-restore-'))
    const server = await startS3Server()
    try {
      await server.createBucket(bucket)
      const identity = await fillMonth(scratch, server)
      const env = shellOf(server.owner, scratch)
      await allowTracker(env)
      const begun = performance.now()
      const words = ['--to', join(scratch, 'ours'), '--identity', identity, '--endpoint', server.endpoint]
      const { exit, stderr, peakBytes } = await runCli(['restore', `s3://${bucket}`, ...words], { env })
      if (exit !== 0) throw new Error(stderr)
      const ours = (performance.now() - begun) / 1000
      const theirs = await secondsOfPeers(scratch, server, identity)
      return [
        { name: `restoring ${days * objectsPerDay} objects`, value: ours, unit: 's' },
        { name: 'rclone copy, then age and zstd', value: theirs, unit: 's', of: ours },
        { name: 'our time to restore, of theirs', value: ours / theirs, unit: '×', limit: 1 },
        { name: 'memory of a restore', value: peakBytes / 1e6, unit: 'MB', limit: 150 },
      ] satisfies Figure[]
    } finally {
      await server.stop()
      await rm(scratch, { recursive: true })
    }
  },
}
export default restore

async function secondsOfPeers(scratch: string, server: S3Server, identity: string): Promise<number> {
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: '/nonexistent',
    RCLONE_CONFIG: '',
    RCLONE_CONFIG_PEER_TYPE: 's3',
    RCLONE_CONFIG_PEER_PROVIDER: 'Ceph',
    RCLONE_CONFIG_PEER_ENDPOINT: server.endpoint,
    RCLONE_CONFIG_PEER_ACCESS_KEY_ID: server.owner.accessKeyId,
    RCLONE_CONFIG_PEER_SECRET_ACCESS_KEY: server.owner.secretAccessKey,
  }
  const script = `
    rclone copy "peer:${bucket}" "$0" --transfers 12 &&
    find "$0" -name '*.age' | while read -r file; do
      case "$file" in
        *.zst.age) age -d -i "$1" "$file" | zstd -dq > "\${file%.zst.age}" ;;
        *) age -d -i "$1" "$file" > "\${file%.age}" ;;
      esac || exit 1
    done`
  const begun = performance.now()
  const child = spawn('sh', ['-c', script, join(scratch, 'theirs'), identity], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`rclone and age ended with ${code}`)
  return (performance.now() - begun) / 1000
}

/** Returns the identity that opens it. */
async function fillMonth(scratch: string, server: S3Server): Promise<string> {
  const places = placesOf({ ACTIVITY_TRACKER_HOME: join(scratch, 'tracker') })
  const { file } = await createIdentity(places)
  const recipients = createSignal(await readRecipients(places))
  const sealer = createSealer(recipients, { device: 'laptop', key: await openDeviceKey(places) })
  const sha256 = (text: string) => hash('sha256', text)
  let reached = { seq: 0, hash: chainStart }
  let number = 0
  for (let day = 1; day <= days; day++) {
    const date = `2026-11-${String(day).padStart(2, '0')}`
    const folder = join(scratch, 'sealed', 'laptop', date)
    await mkdir(folder, { recursive: true })
    const records = (at: string) => {
      const [before, lines]: [typeof reached, string[]] = [reached, []]
      for (let n = 0; n < 6; n++) {
        const by = randomBytes(60).toString('hex')
        const place = { at, zone: 'UTC', offset: '+00:00', salt: randomBytes(16).toString('base64url') }
        const line = JSON.stringify({
          seq: reached.seq + 1,
          prev: reached.hash,
          ...place,
          kind: 'resumed',
          by,
        })
        const record = readRecordLine(line)
        if (!record) throw new Error('not a record')
        lines.push(line)
        reached = { seq: reached.seq + 1, hash: linkOf(line, record, sha256) }
      }
      return { before, bytes: zstdCompressSync(`${lines.join('\n')}\n`) }
    }
    for (let n = 0; n < objectsPerDay; n++) {
      number += 1
      const isPicture = n % 10 < 3
      const at = Temporal.Instant.from(`${date}T08:00:00Z`)
        .add({ seconds: n * 50 })
        .toString()
      const kind = isPicture ? 'screenshot' : 'records'
      const { before, bytes } = isPicture ? { before: reached, bytes: randomBytes(100_000) } : records(at)
      const sealed = await sealer.seal(bytes, { number, date, kind, before, reached })
      const end = isPicture ? 'screenshot.webp' : 'records.ndjson.zst'
      const name = `${String(number).padStart(12, '0')}-${hash('sha256', sealed)}.${end}.age`
      await writeFile(join(folder, name), sealed)
    }
  }
  await fillBucket(server, bucket, { folder: join(scratch, 'sealed'), prefix: '' })
  return file
}
