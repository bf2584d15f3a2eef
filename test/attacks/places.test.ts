import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { formatName } from '../../native-host/adapters/store/outbox-name.ts'
import { placesOf } from '../../native-host/platform/files/places.ts'
import { tapAgent } from '../support/agent-tap.ts'
import { allowTracker, createTrackerHome, objectsBelow, type TrackerHome } from '../support/tracker-home.ts'
import { startHere } from './start-outcome.ts'

/** Another user of the computer, who got at the tracker's folder while it was open to them. */
const stranger = 65_534
/** A user without an entry in the system's list, whose home is HOME. */
const unlisted = 54_321
const asRoot: { skip: string | false } = { skip: process.getuid?.() !== 0 && 'only root can be two users' }

type Refused = [what: string, plant: (home: TrackerHome) => string]

const pipeAt = (path: string) => {
  rmSync(path, { recursive: true, force: true })
  execFileSync('mkfifo', [path])
  return path
}
const linkAt = (path: string, target: string) => {
  rmSync(path, { recursive: true, force: true })
  symlinkSync(target, path)
  return path
}
const fileOf = (uid: number, path: string, text = '') => {
  rmSync(path, { recursive: true, force: true })
  writeFileSync(path, text, { mode: 0o644 })
  chownSync(path, uid, uid)
  return path
}
const openTo = (path: string, mode: number) => {
  if (!statSync(path, { throwIfNoEntry: false })) writeFileSync(path, '{}')
  chmodSync(path, mode)
  return path
}

describe('what decides something and is not safe is refused, by its name and at once', asRoot, () => {
  const cases: Refused[] = [
    ['settings that everyone can change', ({ places }) => openTo(places.config, 0o666)],
    ['settings that a group can change', ({ places }) => openTo(places.config, 0o660)],
    ['settings of another user', ({ places }) => fileOf(stranger, places.config, '{"s3_bucket":"theirs"}')],
    [
      'settings that are a link',
      ({ places, root }) => linkAt(places.config, fileOf(stranger, join(root, 'x'), '{}')),
    ],
    ['settings that are a pipe', ({ places }) => pipeAt(places.config)],
    ['settings that are a device', ({ places }) => linkAt(places.config, '/dev/zero')],
    ['a database that is a pipe', ({ places }) => pipeAt(places.stateDb)],
    ['a database that is a link', ({ places, root }) => linkAt(places.stateDb, join(root, 'nowhere'))],
    ['a database that others can change', ({ places }) => openTo(places.stateDb, 0o666)],
    ['a write-ahead log of another user', ({ places }) => fileOf(stranger, `${places.stateDb}-wal`)],
    ['a device key that is a pipe', ({ places }) => pipeAt(places.deviceKey)],
    ['a device key of another user', ({ places }) => fileOf(stranger, places.deviceKey)],
    ['a device key that everyone can change', ({ places }) => openTo(places.deviceKey, 0o666)],
    ['an identity that everyone can change', ({ places }) => openTo(places.identity, 0o666)],
    ['an identity that is a pipe', ({ places }) => pipeAt(places.identity)],
    ['confirmed keys that are a link', ({ places, root }) => linkAt(places.confirmedKeys, join(root, 'x'))],
    ['confirmed keys of another user', ({ places }) => fileOf(stranger, places.confirmedKeys, '{}')],
    ['an outbox that is a link', ({ places, root }) => linkAt(places.outbox, root)],
    ['a folder of held pictures that is a link', ({ places, root }) => linkAt(places.held, root)],
    ['a delivery folder that is a pipe', ({ places }) => pipeAt(places.delivered)],
    [
      'an outbox of another user',
      ({ places }) => {
        mkdirSync(places.outbox, { recursive: true })
        chownSync(places.outbox, stranger, stranger)
        return places.outbox
      },
    ],
    [
      'a folder of another user',
      ({ places }) => {
        chownSync(places.home, stranger, stranger)
        return places.home
      },
    ],
  ]
  for (const [what, plant] of cases)
    test(what, async () => {
      await using home = await createTrackerHome()
      const path = plant(home)
      await using agent = await startHere(home)
      assert.equal(agent.refused?.code, 'PLACE_NOT_SAFE')
      const detail = agent.refused?.detail ?? ''
      assert.ok(detail.startsWith(`${path} `), detail)
    })
})

test(
  'a key file that is not safe any more counts as gone, and the notice names it and says why',
  asRoot,
  async () => {
    await using home = await createTrackerHome()
    const { places, root } = home
    await (await startHere(home))[Symbol.asyncDispose]()
    const cases: [path: string, plant: (path: string, text: string) => string, why: string][] = [
      [places.recipients, path => pipeAt(path), 'is a pipe'],
      [places.recipients, (path, text) => fileOf(stranger, path, text), 'belongs to another user'],
      [places.identity, (path, text) => linkAt(path, fileOf(0, join(root, 'x'), text)), 'is a link'],
      [places.identity, path => openTo(path, 0o666), 'can be changed by other users (mode 666)'],
    ]
    for (const [path, plant, why] of cases) {
      const text = readFileSync(path, 'utf8')
      plant(path, text)
      {
        await using agent = await startHere(home)
        assert.equal(agent.refused, undefined)
        using tap = await tapAgent(places)
        const { notices } = await tap.status()
        const told = notices.find(({ code }) => code === 'KEYS_CHANGED')?.detail ?? ''
        assert.ok(told.includes(`PLACE_NOT_SAFE: ${path} ${why}`), `${why}: ${told}`)
      }
      openTo(fileOf(0, path, text), 0o600)
    }
  },
)

describe('what can be made safe is', asRoot, () => {
  test('a folder that was open to all is closed, under any umask, and so is what is secret in it', async () => {
    await using home = await createTrackerHome()
    const { places } = home
    await (await startHere(home, { umask: '000' }))[Symbol.asyncDispose]()
    const secret = [places.identity, places.deviceKey, places.token]
    for (const path of secret) chmodSync(path, 0o644)
    for (const path of [places.home, places.outbox, places.held]) chmodSync(path, 0o777)
    await using agent = await startHere(home, { umask: '000' })
    assert.equal(agent.refused, undefined)
    using tap = await tapAgent(places)
    assert.deepEqual((await tap.status()).notices, [])
    for (const path of [places.home, places.outbox, places.held, dirname(places.log), dirname(places.socket)])
      assert.equal(modeOf(path), '700', path)
    for (const path of [
      ...secret,
      places.socket,
      places.stateDb,
      places.lockDb,
      places.log,
      places.recipients,
    ])
      assert.equal(modeOf(path), '600', path)
  })

  test('a home of a long name is reached though another user was first in every place that is open to them', async () => {
    await using home = await createTrackerHome()
    const long = join(home.root, 'long'.repeat(40))
    const tag = hash('sha256', long).slice(0, 16)
    // Where the socket of such a home lay.
    const taken = join('/tmp', `activity-tracker-${process.getuid?.()}-${tag}`)
    mkdirSync(taken)
    chownSync(taken, stranger, stranger)
    try {
      const env = { ...home.env, ACTIVITY_TRACKER_HOME: long }
      await allowTracker(env)
      await using agent = await startHere({ env })
      assert.equal(agent.refused, undefined)
      using tap = await tapAgent(placesOf(env))
      assert.equal((await tap.status()).agent.home, long)
      assert.equal(modeOf(join(long, 'run', 'agent.sock')), '600')
    } finally {
      rmSync(taken, { recursive: true })
    }
  })

  test('a folder that is a link to another disk is one', async () => {
    await using home = await createTrackerHome()
    moveToDisk(home)
    chmodSync(join(home.root, 'disk'), 0o755)
    await using agent = await startHere(home)
    assert.equal(agent.refused, undefined)
    assert.equal(modeOf(join(home.root, 'disk')), '700')
    assert.ok(readdirSync(join(home.root, 'disk')).includes('state.db'))
  })

  test('a link that leads nowhere is a disk that is away, and not a folder to begin again in', async () => {
    await using home = await createTrackerHome()
    // The account's own, as the mark of a second tracker would be away with the disk.
    const { ACTIVITY_TRACKER_HOME: _, ...env } = home.env
    const own = placesOf({ HOME: home.userHome }).home
    mkdirSync(dirname(own), { recursive: true })
    symlinkSync(join(home.root, 'disk'), own)
    chmodSync(home.root, 0o755)
    execFileSync('chown', ['-Rh', `${unlisted}`, home.userHome])
    const user = ['setpriv', `--reuid=${unlisted}`, `--regid=${unlisted}`, '--clear-groups']
    await using agent = await startHere({ env }, { user })
    assert.deepEqual(agent.refused, { code: 'PLACE_NOT_SAFE', detail: `${own} is a link that leads nowhere` })
  })

  test('nothing is written through a link that lies where a file is to be', async () => {
    await using home = await createTrackerHome()
    const { places } = home
    const letter = join(home.root, 'letter.txt')
    writeFileSync(letter, 'dear Anna')
    mkdirSync(dirname(places.log), { recursive: true, mode: 0o700 })
    for (const path of [places.token, places.log, join(places.home, 'ballast')]) symlinkSync(letter, path)
    await using agent = await startHere(home)
    assert.equal(agent.refused, undefined)
    using tap = await tapAgent(places)
    await tap.status()
    assert.equal(readFileSync(letter, 'utf8'), 'dear Anna')
    assert.ok(lstatSync(places.token).isFile())
  })

  test('a log that is a pipe keeps nothing waiting', async () => {
    await using home = await createTrackerHome()
    mkdirSync(dirname(home.places.log), { recursive: true, mode: 0o700 })
    pipeAt(home.places.log)
    await using agent = await startHere(home)
    assert.equal(agent.refused, undefined)
  })
})

test(
  'what never came from the tracker is set aside, counted and named, and not delivered',
  asRoot,
  async () => {
    await using home = await createTrackerHome()
    const { places } = home
    await (await startHere(home))[Symbol.asyncDispose]()
    const plain = Buffer.from('all that was typed today')
    const name = formatName({
      seq: 7,
      date: '2026-11-22',
      content: { kind: 'screenshot' },
      sha256: hash('sha256', plain),
    })
    writeFileSync(join(places.outbox, name), plain)
    pipeAt(join(places.outbox, name.replace('000000000007', '000000000008')))
    linkAt(join(places.outbox, name.replace('000000000007', '000000000009')), '/etc/passwd')
    execFileSync('mknod', [join(places.outbox, 'zero'), 'c', '1', '5'])
    for (const folder of [places.outbox, places.held])
      writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9, 0x1b)]), 'x')
    pipeAt(join(places.held, heldName(name)))
    for (const folder of [places.quarantine, places.delivered, dirname(places.log)])
      await plantStrangers(folder)

    await using agent = await startHere(home)
    assert.equal(agent.refused, undefined)
    using tap = await tapAgent(places)
    const { queue, notices } = await tap.status()
    assert.deepEqual([queue.items, queue.quarantined], [0, 5 + strangers.length])
    assert.ok(readdirSync(places.quarantine).includes('caf\\xe9\\x1b'))
    // Two in held, what was set aside and is no plain file, and what lay in the other folders.
    const all = 2 + 3 + 3 * strangers.length
    assert.deepEqual(
      notices.map(({ code }) => code),
      ['PLACE_STRANGERS'],
    )
    const named = notices[0]?.detail ?? ''
    assert.ok(named.includes('held/caf\\xe9\\x1b (a name that is not UTF-8)'), named)
    assert.ok(named.includes(`held/${heldName(name)} (a pipe)`), named)
    assert.ok(named.endsWith(` and ${all - 5} more`), named)
    assert.equal((await objectsBelow(places.delivered)).size, 0)
    const log = readFileSync(places.log, 'utf8')
    assert.equal(log.split('\n').filter(line => line.includes('"set-aside"')).length, 5)
  },
)

const strangers = ['pipe', 'socket', 'device', 'link', 'caf\\xe9'] as const

/** One of each kind. */
async function plantStrangers(folder: string): Promise<void> {
  pipeAt(join(folder, 'pipe'))
  linkAt(join(folder, 'link'), '/etc/passwd')
  execFileSync('mknod', [join(folder, 'device'), 'c', '1', '5'])
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9)]), 'x')
  const server = createServer()
  await new Promise<void>(resolve => server.listen(join(folder, 's'), resolve))
  // Under this name it stays when nothing listens on it.
  renameSync(join(folder, 's'), join(folder, 'socket'))
  await new Promise(resolve => server.close(resolve))
}

function moveToDisk({ root, places }: TrackerHome): void {
  renameSync(places.home, join(root, 'disk'))
  symlinkSync(join(root, 'disk'), places.home)
}

function heldName(item: string): string {
  return `u1795348920000_t1795348860000_d1-1_960x540_s_${item}`
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}
