import { randomBytes } from 'node:crypto'
import { systemClock } from '../../native-host/adapters/clock/system-clock.ts'
import { checkOf, chooseDestination } from '../../native-host/adapters/destination/choose.ts'
import { openCredentials } from '../../native-host/adapters/destination/credentials/credential-source.ts'
import { networkProbe } from '../../native-host/adapters/network/network-probe.ts'
import { diagnoseConnection } from '../../native-host/network/diagnose-connection.ts'
import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { Settings } from '../../protocol/settings.ts'
import { fakeMultipartProgress } from '../fakes-multipart.ts'
import type { S3Keys } from '../support/s3-server.ts'
import { sealedBytes } from '../support/sealed-bytes.ts'

/** Runs on a computer of the lab: the test of the connection and an upload, with the same settings at the same time. */
export type WalkTask = { settings: Settings; keys: S3Keys | undefined; key: string }

const [text = ''] = process.argv.slice(2)
// The test hands over what it has made itself.
const { settings, keys, key } = JSON.parse(text) as WalkTask
const never = new AbortController().signal
const world = {
  delivered: '/nonexistent',
  credentials: keys
    ? async () => async () => keys
    : (source: Parameters<typeof openCredentials>[0]) => openCredentials(source, '/nonexistent'),
  proxyLogin: async () => undefined,
  uploads: fakeMultipartProgress(),
  env: process.env,
  connectMs: 5000,
  stallMs: 5000,
}

const [report, upload] = await Promise.all([
  diagnoseConnection(
    checkOf(settings, world),
    { probe: networkProbe, clock: systemClock },
    () => undefined,
    never,
  ),
  uploadOnce(),
])
console.log(JSON.stringify({ report, upload }))
// A look-up that hangs in the system would keep this process for as long as it takes.
process.exit()

async function uploadOnce(): Promise<Problem | 'arrives'> {
  try {
    await chooseDestination(settings, world).put(key, sealedBytes(randomBytes(1000)), never)
    return 'arrives'
  } catch (error) {
    return toProblem(error)
  }
}
