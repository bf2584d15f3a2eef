import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../native-host/adapters/clock/system-clock.ts'
import { s3Destination } from '../../native-host/adapters/destination/s3/destination.ts'
import { createPace } from '../../native-host/delivery/pace-uploads.ts'
import { fakeSettings } from '../fakes-storage.ts'
import { assertWithin } from '../support/pace.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { s3Settings, s3World } from '../support/s3-world.ts'
import { sealedBytes } from '../support/sealed-bytes.ts'
import { newKey, someBytes } from './destination-contract.ts'

const never = new AbortController().signal

/** With the clock of the system, to a real server: what leaves this computer is what the limit says. */
describe('upload_limit', () => {
  let server: S3Server
  before(async () => {
    server = await startS3Server()
    await server.createBucket('records')
  })
  after(() => server.stop())

  function open(limit: number) {
    const settings = fakeSettings({ upload_limit: limit })
    const pace = createPace({ settings: settings.current, clock: systemClock }, never)
    const { endpoint, region } = server
    const destination = s3Destination(s3Settings({ region, endpoint }), s3World(server.owner, { pace }))
    return {
      settings,
      put: (bytes: number) => destination.put(newKey(), sealedBytes(someBytes(bytes)), never),
    }
  }

  async function secondsOf(work: () => Promise<unknown>): Promise<number> {
    const begun = performance.now()
    await work()
    return (performance.now() - begun) / 1000
  }

  const uploads: [name: string, limit: number, sizes: number[]][] = [
    ['one object', 1000, [3_000_000]],
    ['four at a time, all together', 1000, [750_000, 750_000, 750_000, 750_000]],
    ['one so large that it goes in parts', 6000, [18_000_000]],
  ]
  for (const [name, limit, sizes] of uploads)
    test(`${name}: no faster than ${limit} kB/s, and not much slower`, async t => {
      const { put } = open(limit)
      const seconds = await secondsOf(() => Promise.all(sizes.map(put)))
      const total = sizes.reduce((sum, size) => sum + size, 0)
      t.diagnostic(`${Math.round(total / 1000 / seconds)} kB/s`)
      assert.ok(seconds >= 2.8, `${total} bytes in ${seconds} s`)
      await assertWithin(6000, seconds * 1000)
    })

  test('without a limit nothing is held back, and taking one away frees who waits', async () => {
    await assertWithin(2000, 1000 * (await secondsOf(() => open(0).put(3_000_000))))
    const { settings, put } = open(10)
    const seconds = await secondsOf(async () => {
      const done = put(3_000_000)
      await systemClock.sleep(500, never)
      await settings.change('upload_limit', 0)
      await done
    })
    await assertWithin(3000, seconds * 1000)
  })
})
