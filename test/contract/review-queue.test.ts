import assert from 'node:assert/strict'
import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openOutbox } from '../../native-host/adapters/store/outbox.ts'
import { heldThrough, openReviewQueue } from '../../native-host/adapters/store/review-queue.ts'
import { fakeReviewQueue } from '../fakes-held.ts'
import { fakeDisk, fakeOutbox } from '../fakes-storage.ts'
import { type HeldWorld, heldPicturesContract, reserving } from './review-queue-contract.ts'
import { stateDatabase } from './state-database.ts'

function filesWorld() {
  const state = stateDatabase()
  const folder = join(state.folder, 'held')
  return {
    folder,
    breakDisk: () => renameSync(folder, `${folder}-gone`),
    repairDisk: () => renameSync(`${folder}-gone`, folder),
    async open() {
      const outbox = await openOutbox({
        db: state.reopen(),
        folder: join(state.folder, 'outbox'),
        quarantine: join(state.folder, 'quarantine'),
        device: 'laptop',
        reservedThrough: heldThrough(folder),
      })
      const held = await openReviewQueue({ folder, device: 'laptop', outbox })
      return { outbox, held, put: reserving(held, outbox) }
    },
    [Symbol.dispose]: state[Symbol.dispose],
  } satisfies HeldWorld & Record<string, unknown>
}

heldPicturesContract('files', filesWorld)

heldPicturesContract('fake', () => {
  const disk = fakeDisk()
  const outbox = fakeOutbox(disk, 'laptop')
  const held = fakeReviewQueue(outbox, disk)
  return {
    open: async () => ({ held, outbox }),
    breakDisk: () => disk.fail('DISK_FULL'),
    repairDisk: disk.recover,
    [Symbol.dispose]: () => undefined,
  }
})

const taken = Temporal.Instant.from('2026-11-22T12:00:00Z')
const facts = {
  taken,
  until: taken.add({ seconds: 60 }),
  display: 1,
  of: 1,
  width: 960,
  height: 540,
  format: 'webp',
  blurred: false,
} as const
const sealed = new TextEncoder().encode('sealed')

test('after a restart with an empty database, no item gets the number of a held picture', async () => {
  using world = filesWorld()
  const first = await world.open()
  const one = await first.put(facts, sealed)
  const { outbox } = await world.open()
  const item = await outbox.put({ at: taken, sealed, content: { kind: 'screenshot' } })
  assert.notEqual(item.key, one.key)
})

test('the bytes of a deleted picture are gone although its record has to wait', async () => {
  using world = filesWorld()
  const { held, put } = await world.open()
  await held.delete(await put(facts, sealed))
  const [file = ''] = readdirSync(world.folder)
  assert.match(file, /\.deleted$/)
  assert.equal(statSync(join(world.folder, file)).size, 0)
})

test('who died between the name of a deletion and its bytes left bytes that the next start removes', async () => {
  using world = filesWorld()
  const { put } = await world.open()
  await put(facts, sealed)
  const [file = ''] = readdirSync(world.folder)
  renameSync(join(world.folder, file), join(world.folder, `${file}.deleted`))
  const again = await world.open()
  assert.equal(again.held.unrecorded().length, 1)
  assert.equal(statSync(join(world.folder, `${file}.deleted`)).size, 0)
})

test('a file that was never finished is removed; a stranger’s is left alone', async () => {
  using world = filesWorld()
  const { put } = await world.open()
  await put(facts, sealed)
  const [file = ''] = readdirSync(world.folder)
  writeFileSync(join(world.folder, `${file}.999999.tmp`), 'half')
  writeFileSync(join(world.folder, 'notes.txt'), 'mine')
  const again = await world.open()
  assert.equal(again.held.all().length, 1)
  assert.deepEqual(readdirSync(world.folder).sort(), ['notes.txt', file])
})

test('other bytes than those that were sealed are not shown', async () => {
  using world = filesWorld()
  const { held, put } = await world.open()
  const one = await put(facts, sealed)
  const [file = ''] = readdirSync(world.folder)
  writeFileSync(join(world.folder, file), 'other')
  await assert.rejects(held.read(one), { code: 'STORE_DAMAGED' })
})

test('a replacement that is on its way leaves nothing behind that could be taken for a held picture', async () => {
  using world = filesWorld()
  const { held, put } = await world.open()
  const one = await put(facts, sealed)
  const two = await put({ ...facts, blurred: true }, new TextEncoder().encode('other'), one)
  await held.release(two)
  assert.deepEqual((await world.open()).held.all(), [])
})
