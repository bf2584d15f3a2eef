import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { Entry } from '../protocol/records.ts'
import { type Places, placesOf } from './adapters/base/places.ts'
import { addRecipient, createIdentity } from './adapters/seal/keys.ts'
import { openMemory } from './adapters/store/memory-sqlite.ts'
import { openDatabase } from './adapters/store/sqlite.ts'
import { openKeys } from './agent-keys.ts'

type World = ReturnType<typeof makeWorld>

function makeWorld() {
  const root = mkdtempSync(join(tmpdir(), 'at-'))
  const places = placesOf({ ACTIVITY_TRACKER_HOME: join(root, 'tracker') })
  return {
    root,
    places,
    /** As at a start of the tracker; with what it records. */
    async start() {
      const { db } = openDatabase(places.stateDb)
      try {
        const memory = openMemory(db)
        const isKnown = memory.recall('device') !== undefined
        memory.keep('device', 'device-1')
        const keys = await openKeys(places, memory, isKnown)
        const recorded: Entry[] = []
        keys.record(entry => void recorded.push(entry))
        memory.keep('device_key', keys.device.publicKey)
        writeFileSync(places.token, '', { mode: 0o600 })
        return { keys, recorded }
      } finally {
        db.close()
      }
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  }
}

/** For its own identity and a second recipient. */
async function livedWorld() {
  const world = makeWorld()
  await createIdentity(world.places)
  await addRecipient(world.places, await stranger())
  const { keys } = await world.start()
  return { ...world, recipients: keys.current.value.recipients }
}

async function stranger(): Promise<string> {
  return identityToRecipient(await generateX25519Identity())
}

function recipientsIn({ recipients }: Places): string[] {
  return readFileSync(recipients, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('age1'))
}

describe('keys that change without a word', () => {
  const changes: [what: string, says: RegExp, change: (world: World) => unknown][] = [
    [
      'the list of recipients is gone',
      /recipients that are gone: age1\S+, age1\S+$/,
      ({ places }) => rmSync(places.recipients),
    ],
    [
      'the list and the identity are gone',
      /recipients that are gone.*identity on this computer is gone/,
      ({ places }) => [places.recipients, places.identity].map(path => rmSync(path)),
    ],
    [
      'the list lacks one',
      /recipients that are gone: age1\S+$/,
      ({ places }) => writeFileSync(places.recipients, `${recipientsIn(places)[0]}\n`),
    ],
    [
      'the list has one more',
      /recipients that are new: age1\S+$/,
      async ({ places }) => writeFileSync(places.recipients, `${await stranger()}\n`, { flag: 'a' }),
    ],
    [
      'the list is another',
      /gone.*new/,
      async ({ places }) => writeFileSync(places.recipients, `${await stranger()}\n`),
    ],
    [
      'the list has a line that is none',
      /RECIPIENT_INVALID/,
      ({ places }) => writeFileSync(places.recipients, 'x\n'),
    ],
    [
      'the list is a link',
      /PLACE_NOT_SAFE/,
      ({ places, root }) => {
        rmSync(places.recipients)
        symlinkSync(join(root, 'elsewhere'), places.recipients)
      },
    ],
    [
      'the identity is another',
      /identity on this computer is another/,
      async ({ places }) => writeFileSync(places.identity, `${await generateX25519Identity()}\n`),
    ],
    ['the device key is gone', /device key is another/, ({ places }) => rmSync(places.deviceKey)],
    [
      'the device key is damaged',
      /device key is another/,
      ({ places }) => writeFileSync(places.deviceKey, 'x'),
    ],
    [
      'the database and the list are gone',
      /recipients that are gone/,
      ({ places }) => [places.stateDb, places.recipients].map(path => rmSync(path)),
    ],
    [
      'what was confirmed is gone with the list',
      /recipients that are gone/,
      ({ places }) => [places.confirmedKeys, places.recipients].map(path => rmSync(path)),
    ],
  ]
  for (const [what, says, change] of changes)
    test(what, async () => {
      using world = await livedWorld()
      const { recipients } = world
      await change(world)
      const { keys, recorded } = await world.start()
      assert.deepEqual(
        keys.current.value.recipients,
        recipients,
        'it goes on sealing for those who were confirmed',
      )
      assert.equal(keys.problem.value?.code, 'KEYS_CHANGED')
      assert.match(keys.problem.value?.detail ?? '', says)
      assert.equal(keys.hindrance.value, undefined)
      assert.deepEqual(
        recorded.map(entry => entry.kind === 'keys.changed' && [entry.state, entry.before.recipients]),
        [['found', recipients]],
      )
      const again = await world.start()
      assert.equal(again.keys.problem.value?.code, 'KEYS_CHANGED', 'and says so again')
      assert.deepEqual(again.recorded, [], 'and records it once')
    })
})

test('a list that is put back is no change any more', async () => {
  using world = await livedWorld()
  const before = readFileSync(world.places.recipients)
  rmSync(world.places.recipients)
  await world.start()
  writeFileSync(world.places.recipients, before)
  const { keys } = await world.start()
  assert.equal(keys.problem.value, undefined)
  rmSync(world.places.recipients)
  assert.equal((await world.start()).recorded.length, 1, 'and the next loss is another one')
})

const lost: [what: string, lose: (places: Places) => unknown][] = [
  [
    'all keys with it',
    ({ recipients, identity, deviceKey }) => [recipients, identity, deviceKey].map(path => rmSync(path)),
  ],
  ['the list of recipients with it', ({ recipients }) => rmSync(recipients)],
  ['no key', () => undefined],
]
describe('a tracker that lost its database and what was confirmed makes no key and waits', () => {
  for (const [what, lose] of lost)
    test(what, async () => {
      using world = await livedWorld()
      rmSync(world.places.stateDb)
      rmSync(world.places.confirmedKeys)
      lose(world.places)
      const { keys } = await world.start()
      assert.deepEqual([keys.hindrance.value?.code, keys.current.value.recipients], ['KEYS_UNCONFIRMED', []])
    })

  test('also when only an object is left to tell of it', async () => {
    using world = makeWorld()
    mkdirSync(world.places.outbox, { recursive: true })
    writeFileSync(join(world.places.outbox, 'object.age'), '')
    assert.equal((await world.start()).keys.hindrance.value?.code, 'KEYS_UNCONFIRMED')
  })
})

test('a first start that was cut short goes on where it was', async () => {
  using world = makeWorld()
  const { keys } = await world.start()
  for (const path of [world.places.stateDb, world.places.confirmedKeys, world.places.token]) rmSync(path)
  const again = await world.start()
  assert.equal(again.keys.hindrance.value, undefined)
  assert.deepEqual(again.keys.current.value.recipients, keys.current.value.recipients)
})
