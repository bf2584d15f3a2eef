import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { Entry } from '../../protocol/records.ts'
import { keepConfirmed, readConfirmed, succeedConfirmed } from '../adapters/seal/confirmed-keys.ts'
import { addRecipient, createIdentity } from '../adapters/seal/keys.ts'
import type { KeptFacts } from '../adapters/store/kept-facts.ts'
import { openMemory } from '../adapters/store/memory-sqlite.ts'
import { openDatabase } from '../adapters/store/sqlite.ts'
import { type Places, placesOf } from '../platform/files/places.ts'
import { openKeys } from './keys.ts'

type World = ReturnType<typeof makeWorld>

function makeWorld() {
  const root = mkdtempSync(join(tmpdir(), 'at-'))
  const places = placesOf({ ACTIVITY_TRACKER_HOME: join(root, 'tracker') })
  let sealedFor: readonly string[] = []
  return {
    root,
    places,
    /** What the latest start sealed for. */
    sealedFor: () => sealedFor,
    /** As at a start of the tracker; with what it records. */
    async start(consent: 'agreed' | 'before consent' = 'agreed') {
      const { db } = openDatabase(places.stateDb)
      try {
        const memory = openMemory(db)
        const isKnown = memory.get('device') !== undefined
        memory.set('device', 'device-1')
        const keys = await openKeys(places, memory, isKnown)
        const recorded: Entry[] = []
        if (consent === 'agreed') {
          keys.record(entry => void recorded.push(entry))
          memory.set('device_key', keys.device.publicKey)
        }
        writeFileSync(places.token, '', { mode: 0o600 })
        sealedFor = keys.current.value.recipients
        return { keys, recorded }
      } finally {
        db.close()
      }
    },
    forget(fact: keyof KeptFacts) {
      const { db } = openDatabase(places.stateDb)
      openMemory(db).set(fact, undefined)
      db.close()
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

/** As the command line does. */
async function addConfirmed(places: Places, recipient: string): Promise<void> {
  await addRecipient(places, recipient)
  const last = readConfirmed(places)
  assert.ok(last)
  await keepConfirmed(
    places,
    succeedConfirmed(last, { ...last, recipients: [...last.recipients, recipient] }),
  )
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
      /recipients missing: age1\S+, age1\S+$/,
      ({ places }) => rmSync(places.recipients),
    ],
    [
      'the list and the identity are gone',
      /recipients missing.*identity on this computer is missing/,
      ({ places }) => [places.recipients, places.identity].map(path => rmSync(path)),
    ],
    [
      'the list lacks one',
      /recipients missing: age1\S+$/,
      ({ places }) => writeFileSync(places.recipients, `${recipientsIn(places)[0]}\n`),
    ],
    [
      'the list has one more',
      /recipients added: age1\S+$/,
      async ({ places }) => writeFileSync(places.recipients, `${await stranger()}\n`, { flag: 'a' }),
    ],
    [
      'the list is another',
      /recipients missing.*recipients added/,
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
      'an older confirmed set is put back together with its list',
      /recipients missing: age1\S+$/,
      async ({ places, start }) => {
        const [confirmed, list] = [places.confirmedKeys, places.recipients].map(path => readFileSync(path))
        const older = recipientsIn(places)
        await addConfirmed(places, await stranger())
        await start()
        writeFileSync(places.confirmedKeys, confirmed ?? '')
        writeFileSync(places.recipients, list ?? '')
        assert.deepEqual(recipientsIn(places), older)
      },
    ],
    [
      'the confirmed set and the list are written by hand',
      /recipients missing.*recipients added/,
      async ({ places }) => {
        const theirs = await stranger()
        const set = JSON.parse(readFileSync(places.confirmedKeys, 'utf8'))
        writeFileSync(places.confirmedKeys, JSON.stringify({ ...set, recipients: [theirs] }))
        writeFileSync(places.recipients, `${theirs}\n`)
      },
    ],
    [
      'the confirmed set is cut off, and the list with it',
      /recipients missing/,
      ({ places }) => {
        for (const path of [places.confirmedKeys, places.recipients])
          writeFileSync(path, readFileSync(path).subarray(0, 30))
      },
    ],
    ['others may write the list', /PLACE_NOT_SAFE/, ({ places }) => chmodSync(places.recipients, 0o666)],
    [
      'the identity is another',
      /identity on this computer is different/,
      async ({ places }) => writeFileSync(places.identity, `${await generateX25519Identity()}\n`),
    ],
    ['the device key is missing', /device key is different/, ({ places }) => rmSync(places.deviceKey)],
    [
      'the device key is damaged',
      /device key is different/,
      ({ places }) => writeFileSync(places.deviceKey, 'x'),
    ],
    [
      'the database and the list are gone',
      /recipients missing/,
      ({ places }) => [places.stateDb, places.recipients].map(path => rmSync(path)),
    ],
    [
      'what was confirmed is gone with the list',
      /recipients missing/,
      ({ places }) => [places.confirmedKeys, places.recipients].map(path => rmSync(path)),
    ],
  ]
  for (const [what, says, change] of changes)
    test(what, async () => {
      using world = await livedWorld()
      await change(world)
      const recipients = world.sealedFor()
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

const files = ['recipients', 'identity', 'deviceKey', 'confirmedKeys', 'stateDb'] as const
describe('when any two of the files are deleted', () => {
  const pairs = files.flatMap((one, n) => files.slice(n).map(other => [...new Set([one, other])]))
  for (const gone of pairs)
    test(gone.join(' and '), async () => {
      using world = await livedWorld()
      const { recipients, places } = world
      for (const name of gone) rmSync(places[name])
      const { keys } = await world.start()
      const forgotten = gone.includes('confirmedKeys') && gone.includes('stateDb')
      const isKey = gone.some(name => ['recipients', 'identity', 'deviceKey'].includes(name))
      assert.deepEqual(
        [keys.hindrance.value?.code, keys.problem.value?.code, keys.current.value.recipients],
        [
          forgotten ? 'KEYS_UNCONFIRMED' : undefined,
          isKey ? 'KEYS_CHANGED' : undefined,
          forgotten ? [] : recipients,
        ],
      )
    })
})

test('before the person has agreed, an older set is no confirmed one either', async () => {
  using world = makeWorld()
  const { places } = world
  await world.start('before consent')
  const saved = [places.confirmedKeys, places.recipients].map(path => [path, readFileSync(path)] as const)
  await addConfirmed(places, await stranger())
  const { keys } = await world.start('before consent')
  const { recipients } = keys.current.value
  assert.equal(recipients.length, 2)
  for (const [path, bytes] of saved) writeFileSync(path, bytes)
  const again = await world.start('before consent')
  assert.deepEqual(
    [again.keys.current.value.recipients, again.keys.problem.value?.code],
    [recipients, 'KEYS_CHANGED'],
  )
})

test('what the command line confirmed counts, also where the database is older or of an earlier release', async () => {
  using world = await livedWorld()
  const { places } = world
  const older = readFileSync(places.stateDb)
  await addConfirmed(places, await stranger())
  await world.start()
  await addConfirmed(places, await stranger())
  writeFileSync(places.stateDb, older)
  const { keys } = await world.start()
  assert.deepEqual([keys.current.value.recipients.length, keys.problem.value], [4, undefined])

  world.forget('keys_confirmed')
  const { revision: _, before: __, ...form } = JSON.parse(readFileSync(places.confirmedKeys, 'utf8'))
  writeFileSync(places.confirmedKeys, JSON.stringify(form))
  const updated = await world.start()
  assert.deepEqual([updated.keys.current.value.recipients.length, updated.keys.problem.value], [4, undefined])
})

describe('a confirmed set that is not this person’s own file is refused', () => {
  const places: [what: string, change: (world: World) => unknown][] = [
    [
      'a link',
      ({ root, places: { confirmedKeys } }) => {
        renameSync(confirmedKeys, join(root, 'elsewhere'))
        symlinkSync(join(root, 'elsewhere'), confirmedKeys)
      },
    ],
    ['others may write it', ({ places }) => chmodSync(places.confirmedKeys, 0o622)],
    ...(process.getuid?.() === 0
      ? [
          [
            'of another user, where root is not the system’s own',
            ({ places }: World) => chownSync(places.confirmedKeys, 65534, 65534),
          ] as [string, (world: World) => unknown],
        ]
      : []),
  ]
  for (const [what, change] of places)
    test(what, async () => {
      using world = await livedWorld()
      change(world)
      await assert.rejects(world.start(), { code: 'PLACE_NOT_SAFE' })
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
