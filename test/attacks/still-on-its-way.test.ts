import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { prepareFolder } from '../../native-host/adapters/destination/folder/destination.ts'
import { manualClock } from '../manual-clock.ts'
import { itemsOf, pathFor, readBucket } from '../support/forger.ts'
import { runTracker } from '../support/genuine-history.ts'
import { createOldTracker } from '../support/old-tracker.ts'
import { createVerifier } from '../support/verified-folder.ts'

/** What is looked at while a tracker is at work is not whole, and no finding; what never came is one later. */
let root: string
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'at-on-its-way-'))
})
after(() => rm(root, { recursive: true, force: true }))

async function begin(name: string) {
  const delivered = join(root, name, 'delivered')
  await prepareFolder(delivered)
  return {
    home: join(root, name, 'home'),
    delivered,
    device: 'anna',
    clock: manualClock('2026-11-22T10:00:00Z'),
  }
}

for (const [name, holdSeconds, sealEveryMinutes] of [
  ['without a hold', 0, 1],
  ['without a hold, on battery', 0, 5],
  ['with the hold that trackers begin with, on battery', 60, 5],
  ['with an hour of hold', 3600, 1],
] as const)
  test(`looked at after every minute ${name}, nothing is found, and more and more is proven`, async () => {
    const place = await begin(name)
    const { clock, delivered } = place
    await using run = await runTracker({ ...place, holdSeconds })
    const verify = createVerifier(run.places.identity)
    let proven = ''
    run.journal.append({ kind: 'agent.started', version: '1', previous_end: null })
    for (let minute = 1; minute <= 12; minute++) {
      await run.take(`picture ${minute}`)
      await run.deliver()
      await clock.pass(60_000)
      run.journal.append({ kind: 'resumed', by: 'chromium' })
      if (minute % sealEveryMinutes === 0) await run.sealing.sealAll()
      await run.deliver()
      if ((await readBucket(delivered)).size === 0) continue
      const { all, devices } = await verify.folder(delivered, { now: clock.now() })
      assert.deepEqual(all, [], `in minute ${minute}`)
      const to = devices[0]?.provenTo ?? ''
      assert.ok(to >= proven, `${proven} was proven in minute ${minute}, and now ${to}`)
      proven = to
    }
    assert.notEqual(proven, '')
  })

test('a picture that is held on a computer that was turned off is none for days, and is one after weeks', async () => {
  const place = await begin('off')
  const { clock, delivered } = place
  const bucket = await (async () => {
    await using run = await runTracker({ ...place, holdSeconds: 3600 })
    await run.work(1)
    await run.take('held')
    await run.work(1)
    await run.deliver()
    return createVerifier(run.places.identity)
  })()
  const at = async (days: number) =>
    (await bucket.folder(delivered, { now: clock.now().add({ hours: 24 * days }) })).kinds
  assert.deepEqual(await at(0), [])
  assert.deepEqual(await at(3), [])
  assert.deepEqual(await at(21), ['screenshot-missing'])
})

test('a segment behind which the next ones came first is late for a moment, and then missing', async () => {
  const place = await begin('several at once')
  await using run = await runTracker(place)
  await run.work(4)
  await run.deliver()
  const whole = await readBucket(place.delivered)
  const late = itemsOf(whole)[2]
  assert.ok(late)
  const bucket = new Map(whole)
  bucket.delete(pathFor(late, late.bytes))
  const verify = createVerifier(run.places.identity)
  const now = place.clock.now()
  const soon = await verify.bucket(bucket, { now })
  assert.deepEqual([soon.all, soon.devices[0]?.notes.map(({ kind }) => kind)], [[], ['records-on-their-way']])
  const proven = (await verify.bucket(whole, { now })).devices[0]?.provenTo ?? ''
  assert.ok((soon.devices[0]?.provenTo ?? '') < proven, 'and no more is proven than what is before it')
  const later = await verify.bucket(bucket, { now: now.add({ hours: 2 }) })
  assert.deepEqual(later.kinds, ['records-missing'])
})

test('a picture of an old tracker, which says more than was sealed, is early for a moment, and then shows what is missing', async () => {
  const { home, delivered, device, clock } = await begin('old')
  const old = await createOldTracker({ home, delivered, device, start: clock.now() })
  await old.beginToSign()
  await old.sealAll()
  old.append({ kind: 'resumed', by: 'chromium' })
  await old.picture('at once', 'recorded')
  const verify = createVerifier(join(home, 'identity.txt'))
  const soon = await verify.folder(delivered, { now: clock.now() })
  assert.deepEqual([soon.kinds, soon.devices[0]?.notes[0]?.kind], [[], 'records-on-their-way'])
  const later = await verify.folder(delivered, { now: clock.now().add({ hours: 24 * 21 }) })
  assert.deepEqual(later.kinds, ['end-missing'])
})

for (const [name, lose] of [
  ['lost', (path: string) => rm(path)],
  ['damaged beyond reading', (path: string) => writeFile(path, 'no database '.repeat(500))],
] as const)
  test(`a database that is ${name} while segments wait: the same device goes on with the same chain`, async () => {
    const place = await begin(`a database ${name}`)
    const { clock, delivered } = place
    {
      await using run = await runTracker(place)
      await run.work(2)
      await run.deliver()
      await run.work(2)
      run.journal.append({ kind: 'resumed', by: 'what is lost with it' })
    }
    const path = join(place.home, 'state.db')
    await rm(`${path}-wal`, { force: true })
    await rm(`${path}-shm`, { force: true })
    await lose(path)
    await using again = await runTracker({ ...place, device: 'a new name' })
    await again.work(2)
    await again.deliver()
    const { all, devices } = await createVerifier(again.places.identity).folder(delivered, {
      now: clock.now(),
    })
    assert.deepEqual([all, devices.map(({ device }) => device)], [[], ['anna']])
  })
