import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type DeviceKey, openDeviceKey } from '../../native-host/adapters/seal/device-key.ts'
import { readIdentities } from '../../native-host/adapters/seal/keys.ts'
import type { Secret } from '../../native-host/kernel/secret.ts'
import { chainStart } from '../../protocol/records.ts'
import {
  type Bucket,
  endingOf,
  folderOf,
  headAfter,
  type Item,
  itemsOf,
  linesOf,
  madeUpRecords,
  packed,
  pathFor,
  place,
  readBucket,
  sealAs,
  sealUnsigned,
  sealWithCopiedHead,
  withArgument,
  withOtherText,
  withStanza,
} from '../support/forger.ts'
import { eventfulHistory, type Genuine, grownHistory } from '../support/genuine-history.ts'
import { createVerifier } from '../support/verified-folder.ts'

/**
 * A forger with two genuine histories: Anna's, with crashes, a second run, blurred and deleted pictures; Boris's, which
 * began with old trackers. Every forgery is done to every object that it can be done to, and each has to be found.
 */
let root: string
let anna: Genuine
let boris: Genuine
let genuine: Bucket
let now: Temporal.Instant
let keys: string[]
let verify: ReturnType<typeof createVerifier>
let identities: Secret[]
let recipients: string[]
let forgersKey: DeviceKey
let borisKey: DeviceKey
let annaKey: DeviceKey

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'at-forger-'))
  anna = await eventfulHistory(root, 'anna')
  boris = await grownHistory(root, 'boris')
  genuine = await readBucket(anna.delivered)
  now = anna.now.add({ hours: 24 * 30 })
  keys = [...anna.keys, ...boris.keys]
  const both = join(root, 'identities.txt')
  const files = await Promise.all([anna, boris].map(({ identity }) => readFile(identity, 'utf8')))
  await writeFile(both, files.join(''), { mode: 0o600 })
  verify = createVerifier(both)
  identities = await readIdentities(both)
  const known = await Promise.all(
    ['anna', 'boris'].map(who => readFile(join(root, `home of ${who}`, 'recipients.txt'), 'utf8')),
  )
  recipients = known.flatMap(text => text.match(/age1\w+/g) ?? [])
  forgersKey = await openDeviceKey({ deviceKey: join(root, 'forger', 'device-key.pem') })
  const keyOf = (who: string) => openDeviceKey({ deviceKey: join(root, `home of ${who}`, 'device-key.pem') })
  const { devices } = await look(genuine)
  orphans = new Set(devices.flatMap(({ notes }) => notes.map(({ object }) => object)))
  annaKey = await keyOf('anna')
  borisKey = await keyOf('boris')
})
after(() => rm(root, { recursive: true, force: true }))

async function look(bucket: Bucket, given: readonly string[] = keys) {
  return verify.bucket(bucket, { given, now })
}

const provenTo = ({ devices }: Awaited<ReturnType<typeof look>>) =>
  Object.fromEntries(devices.map(({ device, provenTo }) => [device, provenTo]))

/** Some of them, so that it does not take long; the slow part does all. */
export type Forgery = {
  name: string
  forge(bucket: Bucket): Promise<void> | void
  unless?: 'end cut' | 'noted' | undefined
}

const unproven = ({ devices }: Awaited<ReturnType<typeof look>>) =>
  devices.flatMap(({ notes }) => notes).filter(({ kind }) => kind === 'screenshot-unproven').length

/** What is left when nothing is found: nothing, but that less is proven. */
async function missed(forgeries: readonly Forgery[], given: readonly string[] = keys): Promise<string[]> {
  const genuinely = await look(genuine, given)
  const before = provenTo(genuinely)
  const unseen: string[] = []
  for (const { name, forge, unless } of forgeries) {
    const bucket = new Map(genuine)
    await forge(bucket)
    const result = await look(bucket, given)
    const proven = provenTo(result)
    const earlier = Object.entries(before).some(([who, at]) => (proven[who] ?? '') < (at ?? ''))
    // An old picture that no record names proves nothing, and that is said of it.
    const noted = unproven(result) > unproven(genuinely)
    const allowed = (unless === 'end cut' && earlier) || (unless === 'noted' && noted)
    if (result.all.length === 0 && !allowed) unseen.push(name)
  }
  return unseen
}

/** Of the old form a signature binds no object, and only records do: what no record names is noted as unproven. */
const isOld = ({ head }: Item) => head?.form !== 2
/** Pictures that no record names. */
let orphans: Set<string>
const isOrphan = ({ name }: Item) => orphans.has(name)
const nameOf = ({ device, seq, kind }: Item) => `${device} ${seq} (${kind})`
const items = () => itemsOf(genuine)
const last = (device: string, kind: Item['kind'] = 'records') => {
  const found = itemsOf(genuine, device).findLast(item => item.kind === kind)
  assert.ok(found)
  return found
}

describe('genuine histories', () => {
  test('nothing is found, with and without their keys, and all of it is proven', async () => {
    await using stored = await folderOf(root, genuine)
    for (const result of [
      await verify.folder(stored.folder, { given: [], now }),
      await verify.folder(stored.folder, { given: keys, now }),
      await look(genuine),
    ]) {
      assert.deepEqual(result.all, [])
      assert.deepEqual(provenTo(result), {
        anna: '2026-11-23T00:02:01.000Z',
        boris: '2026-11-20T10:13:00.000Z',
      })
      const notes = result.devices.flatMap(({ notes }) => notes)
      assert.deepEqual(notes.map(({ kind }) => kind).sort(), ['screenshot-unproven', 'screenshot-unrecorded'])
    }
  })

  test('each by itself, and copied out of its folders', async () => {
    for (const device of ['anna', 'boris']) {
      const own = new Map([...genuine].filter(([path]) => path.startsWith(device)))
      assert.deepEqual((await look(own, [])).all, [])
      const flat = new Map([...own].map(([path, bytes]) => [`backup/${path.split('/').at(-1)}`, bytes]))
      await using stored = await folderOf(root, flat)
      const { all, devices } = await verify.folder(stored.folder, { now })
      assert.deepEqual([all, devices.map(found => found.device)], [[], [device]])
    }
  })

  test('a part of them: every beginning has nothing wrong, and is proven less far', async () => {
    const own = itemsOf(genuine, 'anna')
    let proven = ''
    for (let count = 1; count <= own.length; count++) {
      const beginning = new Map(
        own
          .slice(0, count)
          .map(item => [pathFor({ ...item, ending: endingOf(item.name) }, item.bytes), item.bytes]),
      )
      const { all, devices } = await look(beginning, [])
      assert.deepEqual(all, [], `${count} objects`)
      const to = devices[0]?.provenTo ?? ''
      assert.ok(to >= proven)
      proven = to
    }
  })
})

describe('who has the bucket', () => {
  /** What may be done to one object without opening or making any. */
  const toOne: [
    name: string,
    change: (bucket: Bucket, item: Item, path: string) => void,
    oldUnseen?: true,
  ][] = [
    [
      'another number',
      (b, item) => place(b, { ...item, seq: item.seq + 500, ending: endingOf(item.name) }, item.bytes),
      true,
    ],
    ['number 0', (b, item) => place(b, { ...item, seq: 0, ending: endingOf(item.name) }, item.bytes), true],
    [
      'another date',
      (b, item) => place(b, { ...item, date: '2026-11-24', ending: endingOf(item.name) }, item.bytes),
    ],
    [
      'another device',
      (b, item) =>
        place(
          b,
          { ...item, device: item.device === 'anna' ? 'boris' : 'anna', ending: endingOf(item.name) },
          item.bytes,
        ),
    ],
    [
      'the name of the other kind',
      (b, item) =>
        place(b, { ...item, kind: item.kind === 'records' ? 'screenshot' : 'records' }, item.bytes),
    ],
    [
      'a changed byte',
      (b, item) => place(b, { ...item, ending: endingOf(item.name) }, flipped(item.bytes, -5)),
    ],
    [
      'a changed MAC',
      (b, item) => place(b, { ...item, ending: endingOf(item.name) }, flippedMac(item.bytes)),
    ],
    ['a changed byte under its old name', (b, item, path) => void b.set(path, flipped(item.bytes, -5))],
    [
      'cut short',
      (b, item) => place(b, { ...item, ending: endingOf(item.name) }, item.bytes.subarray(0, -20)),
    ],
    [
      'a stanza more',
      (b, item) => place(b, { ...item, ending: endingOf(item.name) }, withGrease(item.bytes)),
    ],
  ]

  test('everything that is taken out is found, but for the end and what no record names', async () => {
    const forgeries = items()
      .filter(item => !isOrphan(item))
      .map((item): Forgery => {
        const path = pathFor({ ...item, ending: endingOf(item.name) }, item.bytes)
        return { name: nameOf(item), forge: b => void b.delete(path), unless: 'end cut' }
      })
    assert.deepEqual(await missed(forgeries), [])
    const ends = new Set([last('anna').name, last('boris').name])
    const notAtTheEnd = forgeries.filter(
      (_, n) => !ends.has(items().filter(i => !isOrphan(i))[n]?.name ?? ''),
    )
    assert.deepEqual(await missed(notAtTheEnd.map(({ unless: _, ...forgery }) => forgery)), [])
  })

  for (const [name, change, oldUnseen] of toOne)
    test(`${name}: of every object, moved and copied`, async () => {
      const forgeries = items()
        .filter(item => !(isOld(item) && isOrphan(item)))
        .flatMap(item => {
          const path = pathFor({ ...item, ending: endingOf(item.name) }, item.bytes)
          const unless = isOld(item) ? ('noted' as const) : undefined
          const copied: Forgery = {
            name: `copy of ${nameOf(item)}`,
            forge: b => change(b, item, path),
            unless,
          }
          const moved: Forgery = {
            name: nameOf(item),
            forge(b) {
              b.delete(path)
              change(b, item, path)
            },
          }
          // A number that puts an old segment nowhere else in the order changes nothing that it says.
          return oldUnseen && isOld(item) && item.kind === 'records' ? [copied] : [moved, copied]
        })
      assert.deepEqual(await missed(forgeries), [])
    })

  test('two objects under each other’s name', async () => {
    const own = itemsOf(genuine, 'anna')
    const forgeries = own.slice(1).map((item, n): Forgery => {
      const other = own[n] ?? item
      return {
        name: `${nameOf(item)} and ${nameOf(other)}`,
        forge(b) {
          for (const { device, date, seq, kind, name, bytes } of [item, other])
            b.delete(pathFor({ device, date, seq, kind, ending: endingOf(name) }, bytes))
          place(b, { ...item, ending: endingOf(item.name) }, other.bytes)
          place(b, { ...other, ending: endingOf(other.name) }, item.bytes)
        },
      }
    })
    assert.deepEqual(await missed(forgeries), [])
  })

  test('a folder under another name, in the place of the other one, or of none', async () => {
    for (const name of ['boris', 'nobody'])
      assert.deepEqual(
        (
          await look(
            renamed(new Map([...genuine].filter(([path]) => path.startsWith('anna'))), 'anna', name),
            [],
          )
        ).kinds,
        ['device-renamed'],
      )
    const swapped = renamed(renamed(renamed(genuine, 'anna', 'x'), 'boris', 'anna'), 'x', 'boris')
    const { all } = await look(swapped, [])
    assert.equal(all.filter(({ kind }) => kind === 'device-renamed').length, 2)
    const both = new Map([...genuine, ...renamed(genuine, 'anna', 'clara')])
    assert.ok((await look(both, [])).kinds.includes('device-renamed'))
  })

  test('a device that is gone as a whole, when its key is known', async () => {
    const without = new Map([...genuine].filter(([path]) => !path.startsWith('boris')))
    assert.deepEqual((await look(without)).all, [{ kind: 'device-missing', key: boris.keys[0] }])
    assert.deepEqual((await look(without, anna.keys)).all, [])
  })
})

describe('who has the recipients too', () => {
  const plain = new TextEncoder().encode('a picture that nobody took')

  /** Everywhere in the order: before the first, between any two, behind the last. */
  const places = (device: string) => {
    const own = itemsOf(genuine, device)
    return [0, ...own.map(({ seq }) => seq)].map(seq => ({
      seq,
      after: own.findLast(item => item.seq <= seq),
    }))
  }
  const firstNew = () => itemsOf(genuine, 'boris').find(item => !isOld(item))?.seq ?? 0

  /** Among old objects an old picture proves nothing, and that is said of it. */
  async function planted(
    forge: (where: { device: string; date: string; seq: number }) => Promise<Uint8Array>,
    kind: Item['kind'],
  ) {
    const unseen: string[] = []
    for (const device of ['anna', 'boris'])
      for (const { seq, after } of places(device)) {
        const date = after?.date ?? itemsOf(genuine, device)[0]?.date ?? ''
        const bytes = await forge({ device, date, seq })
        const bucket = new Map(genuine)
        place(bucket, { device, date, seq, kind }, bytes)
        const { all, devices } = await look(bucket)
        const noted = devices
          .flatMap(({ notes }) => notes)
          .some(
            note =>
              note.kind === 'screenshot-unproven' &&
              note.object.includes(pathFor({ device, date, seq, kind }, bytes).slice(-80)),
          )
        const amongOld = device === 'boris' && seq < firstNew() && kind === 'screenshot' && noted
        if (all.length === 0 && !amongOld) unseen.push(`${device} ${seq}`)
      }
    return unseen
  }

  test('a picture without a signature', async () => {
    const sealed = await sealUnsigned(plain, recipients)
    assert.deepEqual(await planted(async () => sealed, 'screenshot'), [])
  })

  test('a segment without a signature', async () => {
    const made = madeUpRecords({ seq: 0, hash: chainStart }, 3, '2026-11-22T23:54:00.000Z')
    const sealed = await sealUnsigned(await packed(made.lines), recipients)
    assert.deepEqual(await planted(async () => sealed, 'records'), [])
  })

  for (const kind of ['records', 'screenshot'] as const)
    test(`a picture with the head of every kind of genuine ${kind}`, async () => {
      for (const genuineOne of [
        last('anna', kind),
        last('boris', kind),
        ...items()
          .filter(item => isOld(item) && item.head)
          .slice(0, 2),
      ]) {
        const sealed = await sealWithCopiedHead(plain, genuineOne.bytes, recipients)
        assert.deepEqual(await planted(async () => sealed, 'screenshot'), [])
      }
    })

  /** The public key of a device is in every header: any forger can name it, and sign with another. */
  const signers: [name: string, keyFor: (device: string) => DeviceKey][] = [
    ['with a key of their own', () => forgersKey],
    [
      'in the name of the device’s own key, by another',
      device => ({ ...forgersKey, publicKey: (device === 'anna' ? annaKey : borisKey).publicKey }),
    ],
  ]
  for (const [name, keyFor] of signers)
    test(`a picture and a segment signed ${name}`, async () => {
      const picture = (where: { device: string; date: string; seq: number }) => {
        const before = itemsOf(genuine, where.device).findLast(item => item.seq <= where.seq && item.head)
          ?.head ?? {
          seq: 0,
          hash: chainStart,
        }
        const reached = { seq: before.seq, hash: before.hash }
        return sealAs(
          plain,
          { ...where, kind: 'screenshot' },
          { key: keyFor(where.device), recipients, before: reached, reached },
        )
      }
      assert.deepEqual(await planted(picture, 'screenshot'), [])
      const segment = async (where: { device: string; date: string; seq: number }) => {
        const head = itemsOf(genuine, where.device).findLast(item => item.seq <= where.seq && item.head)?.head
        const before = { seq: head?.seq ?? 0, hash: head?.hash ?? chainStart }
        const { lines, reached } = madeUpRecords(before, 3, `${where.date}T23:59:00.000Z`)
        return sealAs(
          await packed(lines),
          { ...where, kind: 'records' },
          { key: keyFor(where.device), recipients, before, reached },
        )
      }
      assert.deepEqual(await planted(segment, 'records'), [])
    })

  test('a device that they made up is found by the keys, and is never one of the others', async () => {
    const { lines, reached } = madeUpRecords({ seq: 0, hash: chainStart }, 5, '2026-11-22T10:00:00.000Z')
    const where = { device: 'clara', date: '2026-11-22', seq: 1, kind: 'records' as const }
    const before = { seq: 0, hash: chainStart }
    const bucket = new Map(genuine)
    place(
      bucket,
      where,
      await sealAs(await packed(lines), where, { key: forgersKey, recipients, before, reached }),
    )
    assert.deepEqual((await look(bucket)).kinds, ['signature-foreign'])
    const { devices } = await look(bucket, [])
    assert.deepEqual(
      devices.map(({ device, keys }) => [device, keys]),
      [
        ['anna', anna.keys],
        ['boris', boris.keys],
        ['clara', [forgersKey.publicKey]],
      ],
    )
  })

  test('what is not signed at all is no proof', async () => {
    const unsigned = new Map<string, Uint8Array>()
    const { lines } = madeUpRecords({ seq: 0, hash: chainStart }, 5, '2026-11-22T10:00:00.000Z', 1)
    place(
      unsigned,
      { device: 'anna', date: '2026-11-22', seq: 1, kind: 'records' },
      await sealUnsigned(await packed(lines), recipients),
    )
    const { all, devices } = await look(unsigned, [])
    assert.deepEqual([all, devices[0]?.provenTo], [[], undefined])
    assert.deepEqual((await look(unsigned, anna.keys)).kinds, ['device-missing', 'signature-missing'])
  })
})

describe('who has an identity too', () => {
  test('every segment edited, shortened and extended, under the head that it had and under none', async () => {
    const forgeries: Forgery[] = []
    for (const item of items().filter(({ kind }) => kind === 'records')) {
      const lines = await linesOf(item.bytes, identities)
      const edits = {
        edited: lines.with(0, (lines[0] ?? '').replace(/T\d\d:/, 'T01:')),
        shortened: lines.slice(0, -1),
        beheaded: lines.slice(1),
        extended: [
          ...lines,
          ...madeUpRecords(headAfter(lines.at(-1) ?? ''), 1, '2026-11-22T10:00:00.000Z').lines,
        ],
        emptied: [],
      }
      for (const [name, edited] of Object.entries(edits)) {
        const bytes = await packed(edited)
        const copied = item.head
          ? await sealWithCopiedHead(bytes, item.bytes, recipients)
          : await sealUnsigned(bytes, recipients)
        forgeries.push({ name: `${name} ${nameOf(item)}`, forge: b => replace(b, item, copied) })
        const unsigned = await sealUnsigned(bytes, recipients)
        forgeries.push({ name: `${name} ${nameOf(item)}, unsigned`, forge: b => replace(b, item, unsigned) })
      }
    }
    assert.deepEqual(await missed(forgeries), [])
  })

  test('the same content sealed for others: a stanza more, with a MAC that is right', async () => {
    const forgeries: Forgery[] = []
    for (const item of items().filter(item => !isOld(item) || item.kind === 'screenshot')) {
      if (isOld(item) && isOrphan(item)) continue
      for (const where of ['first', 'last'] as const) {
        const forged = await withStanza(item.bytes, '-> X25519 AAAA\nAAAA\n', where, identities)
        forgeries.push({ name: `${where} in ${nameOf(item)}`, forge: b => replace(b, item, forged) })
      }
    }
    assert.deepEqual(await missed(forgeries), [])
  })
})

test('a signature that is written in another way is none', async () => {
  const signed = [1, 2].flatMap(
    form => items().find(({ head, kind }) => head?.form === form && kind === 'screenshot') ?? [],
  )
  assert.equal(signed.length, 2)
  for (const item of signed) {
    const bucket = new Map(genuine)
    const bytes = await withOtherText(item.bytes, identities)
    assert.notDeepEqual(bytes, Buffer.from(item.bytes))
    replace(bucket, item, bytes)
    assert.ok((await look(bucket)).kinds.includes('signature-wrong'), nameOf(item))
  }
})

/** Other values for what a head says, each of which could stand there. */
const otherArguments = (publicKey: string) => ({
  1: { device: 'clara', seq: '1', hash: 'ab'.repeat(32), key: publicKey },
  2: {
    ...{ device: 'clara', date: '2026-11-24', number: '900', kind: '' },
    ...{ 'seq before': '1', 'hash before': 'cd'.repeat(32) },
    ...{ seq: '900', hash: 'ab'.repeat(32), rest: 'ef'.repeat(32), key: publicKey },
  },
})

describe('what a head says under the signature that it had, with a MAC that is right', () => {
  for (const form of [1, 2] as const)
    test(`every argument of form ${form} exchanged, and the object put where it then belongs`, async () => {
      const ofForm = items().filter(({ head }) => head?.form === form)
      const one = (['records', 'screenshot'] as const).flatMap(
        kind => ofForm.find(item => item.kind === kind) ?? [],
      )
      assert.equal(one.length, 2)
      const unseen: string[] = []
      for (const item of one)
        for (const [n, [name, other]] of Object.entries(
          otherArguments(forgersKey.publicKey)[form],
        ).entries()) {
          const value = name !== 'kind' ? other : item.kind === 'records' ? 'screenshot' : 'records'
          const bytes = await withArgument(item.bytes, { at: n + 1, value }, identities)
          const bucket = new Map(genuine)
          bucket.delete(pathFor({ ...item, ending: endingOf(item.name) }, item.bytes))
          const where = {
            ...{ ...item, ending: endingOf(item.name) },
            ...(name === 'device' && { device: value }),
            ...(name === 'date' && { date: value }),
            ...(name === 'number' && { seq: Number(value) }),
          }
          place(bucket, where, bytes)
          const { kinds } = await look(bucket)
          if (!kinds.includes('signature-wrong')) unseen.push(`${name} of ${nameOf(item)}: ${kinds}`)
        }
      assert.deepEqual(unseen, [])
    })
})

describe('who has another device’s key', () => {
  const end = () => last('anna')
  const behind = (kind: Item['kind']) => ({ device: 'anna', date: '2026-11-23', seq: end().seq + 1, kind })

  test('signs nothing here, behind the end or in the middle, although both keys were given', async () => {
    const { head } = end()
    assert.ok(head)
    const before = { seq: head.seq, hash: head.hash }
    const { lines, reached } = madeUpRecords(before, 3, '2026-11-23T00:05:00.000Z')
    const signing = { key: borisKey, recipients }
    const segment = await sealAs(await packed(lines), behind('records'), { ...signing, before, reached })
    const picture = await sealAs(new Uint8Array(50), behind('screenshot'), {
      ...signing,
      before,
      reached: before,
    })
    const forgeries: Forgery[] = [
      { name: 'a segment', forge: b => place(b, behind('records'), segment) },
      { name: 'a picture', forge: b => place(b, behind('screenshot'), picture) },
    ]
    for (const item of itemsOf(genuine, 'anna').filter(({ kind }) => kind === 'records')) {
      const own = item.head
      if (own?.form !== 2) continue
      const resigned = await sealAs(await packed(await linesOf(item.bytes, identities)), item, {
        ...signing,
        ...{ before: own.before, reached: { seq: own.seq, hash: own.hash } },
      })
      forgeries.push({ name: `signed anew: ${nameOf(item)}`, forge: b => replace(b, item, resigned) })
    }
    assert.deepEqual(await missed(forgeries), [])
    assert.deepEqual(await missed(forgeries, []), [])
  })

  test('a history of another that was signed again is one history too many', async () => {
    const bucket = new Map([...genuine].filter(([path]) => !path.startsWith('anna')))
    await signAnew(bucket, borisKey)
    assert.ok((await look(bucket, [])).kinds.includes('history-begun-anew'))
    assert.ok((await look(bucket)).kinds.includes('device-missing'))
  })
})

describe('who has this device’s key from now on', () => {
  test('changes nothing that came before something that stays', async () => {
    const own = itemsOf(genuine, 'anna').filter(({ kind }) => kind === 'records')
    const forgeries: Forgery[] = []
    for (const item of own.slice(0, -1)) {
      const lines = await linesOf(item.bytes, identities)
      const head = item.head
      if (head?.form !== 2) continue
      const { lines: others, reached } = madeUpRecords(head.before, lines.length, '2026-11-22T23:55:00.000Z')
      const forged = await sealAs(await packed(others), item, {
        key: annaKey,
        recipients,
        before: head.before,
        reached,
      })
      forgeries.push({ name: nameOf(item), forge: b => replace(b, item, forged) })
    }
    assert.deepEqual(await missed(forgeries), [])
  })

  test('a history begun again under another name is found, with both names, in their order', async () => {
    const bucket = new Map(genuine)
    await signAnew(bucket, annaKey, 'anna-2')
    const { all } = await look(bucket, [])
    assert.deepEqual(all[0], { kind: 'history-begun-anew', key: anna.keys[0], devices: ['anna', 'anna-2'] })
  })
})

/** Anna's whole history under another key or name. */
async function signAnew(bucket: Bucket, key: DeviceKey, device = 'anna') {
  for (const item of itemsOf(genuine, 'anna')) {
    const { head } = item
    if (head?.form !== 2) continue
    const plain =
      item.kind === 'records' ? await packed(await linesOf(item.bytes, identities)) : new Uint8Array(9)
    if (item.kind === 'screenshot' && device !== 'anna') continue
    if (item.kind === 'screenshot') continue
    const claim = { before: head.before, reached: { seq: head.seq, hash: head.hash } }
    const where = { ...item, device }
    place(bucket, where, await sealAs(plain, where, { key, recipients, ...claim }))
  }
}

function replace(bucket: Bucket, item: Item, bytes: Uint8Array): void {
  bucket.delete(pathFor({ ...item, ending: endingOf(item.name) }, item.bytes))
  place(bucket, { ...item, ending: endingOf(item.name) }, bytes)
}

function renamed(bucket: Bucket, from: string, to: string): Bucket {
  return new Map(
    [...bucket].map(([path, bytes]) => [path.startsWith(`${from}/`) ? path.replace(from, to) : path, bytes]),
  )
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  const index = at < 0 ? changed.length + at : at
  changed[index] = (changed[index] ?? 0) ^ 1
  return changed
}

function flippedMac(bytes: Uint8Array): Uint8Array {
  return flipped(bytes, Buffer.from(bytes).indexOf('\n--- ') + 8)
}

function withGrease(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  return Buffer.from(text.replace('\n-> ', '\n-> grease x\n\n-> '), 'latin1')
}
