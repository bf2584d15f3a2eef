import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtempDisposable, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fakeLog } from '../../test/fakes.ts'
import { fakeMemory, fakeSettings } from '../../test/fakes-storage.ts'
import { s3World } from '../../test/support/s3-world.ts'
import { sealedBytes } from '../../test/support/sealed-bytes.ts'
import { followDestination } from './destination.ts'

const never = new AbortController().signal

async function createWorld() {
  const home = await mkdtempDisposable(join(tmpdir(), 'at-follow-'))
  const settings = fakeSettings()
  const memory = fakeMemory()
  const log = fakeLog()
  const world = { ...s3World({ accessKeyId: 'I', secretAccessKey: 'S' }), delivered: join(home.path, 'own') }
  return {
    settings,
    log,
    drive: join(home.path, 'drive'),
    own: join(home.path, 'own'),
    /** As a start of the tracker does it. */
    start: (signal = never) => followDestination({ settings: settings.current, world, memory, log }, signal),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  }
}

type Started = Awaited<ReturnType<Awaited<ReturnType<typeof createWorld>>['start']>>
const deliver = ({ value }: Started) => value.put('device/x.age', sealedBytes('sealed'), never)

test('the tracker’s own folder is made at every start', async () => {
  await using world = await createWorld()
  await deliver(await world.start())
  await rm(world.own, { recursive: true })
  await deliver(await world.start())
})

test('a folder that was chosen while no tracker ran is made at the next start', async () => {
  await using world = await createWorld()
  const first = new AbortController()
  await world.start(first.signal)
  first.abort()
  await world.settings.change('folder', world.drive)
  await deliver(await world.start())
})

test('a folder that is gone at a start is on a drive that is away: nothing is put into its place', async () => {
  await using world = await createWorld()
  await world.settings.change('folder', world.drive)
  await deliver(await world.start())

  await rename(world.drive, `${world.drive}-away`)
  await assert.rejects(deliver(await world.start()), { code: 'DELIVERY_FOLDER_MISSING' })
  assert.equal(existsSync(world.drive), false)
  await mkdir(world.drive)
  await assert.rejects(deliver(await world.start()), { code: 'DELIVERY_FOLDER_UNMARKED' })
  await rm(world.drive, { recursive: true })
  await rename(`${world.drive}-away`, world.drive)
  await deliver(await world.start())
  assert.deepEqual(world.log.lines, [])
})

test('a folder that is chosen while it runs is made at once, and deliveries go there', async () => {
  await using world = await createWorld()
  const destination = await world.start()
  await world.settings.change('folder', world.drive)
  for (let tries = 0; destination.value.where !== world.drive && tries < 100; tries++) await sleep(10)
  await deliver(destination)
  assert.equal(existsSync(join(world.drive, 'device', 'x.age')), true)
})

test('what cannot be made is in the log, and tried again at the next start', async () => {
  await using world = await createWorld()
  await world.settings.change('folder', join(world.drive, 'records'))
  await writeFile(world.drive, 'a file in the way')
  await world.start()
  assert.equal(world.log.lines[0]?.event, 'destination-not-prepared')
  await rm(world.drive)
  await deliver(await world.start())
})
