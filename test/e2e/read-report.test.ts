import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openReportCache } from '../../native-host/adapters/reading/report-cache.ts'
import { readReport } from '../../native-host/commands/read-report.ts'
import { placesOf } from '../../native-host/platform/files/places.ts'
import { deliveredAccess } from '../../native-host/programs/cli-delivered.ts'
import { eventfulHistory, type Genuine } from '../support/genuine-history.ts'

let root: string
let genuine: Genuine
let folder: string
let cachePath: string

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'at-report-'))
  genuine = await eventfulHistory(root, 'device-1')
})
beforeEach(async () => {
  const own = await mkdtemp(join(root, 'case-'))
  folder = join(own, 'delivered')
  cachePath = join(own, 'report-cache.db')
  await cp(genuine.delivered, folder, { recursive: true })
})
after(() => rm(root, { recursive: true, force: true }))

const terminal = {
  out: async () => undefined,
  write: async () => undefined,
  err: () => undefined,
  show: () => undefined,
  interactive: false,
  overwrites: false,
  hush: () => ({ [Symbol.asyncDispose]: async () => undefined }),
  ask: async () => '',
  askSecret: async () => '',
}

async function report(identity = genuine.identity) {
  const { signal } = new AbortController()
  const real = deliveredAccess(placesOf({ ACTIVITY_TRACKER_HOME: join(root, 'none') }), { terminal, signal })
  let read = 0
  const delivered: typeof real = {
    ...real,
    async *contents(objects, called) {
      for await (const found of real.contents(objects, called)) {
        read += 1
        yield found
      }
    },
  }
  const reading = {
    delivered: '',
    cache: async () => openReportCache(cachePath),
    clearCache: async () => undefined,
    parquet: async () => new Uint8Array(),
  }
  const context = { delivered, reading, now: () => genuine.now.add({ hours: 24 }), signal, terminal }
  const made = await readReport([folder], { identities: [identity] }, context)
  const { source: _, ...rest } = made
  return { made: rest, read }
}

async function objects(): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.age')).sort()
}

describe('a report', () => {
  test('is read once: the second one reads nothing and is the same', async () => {
    const first = await report()
    assert.equal(first.read, (await objects()).length)
    assert.deepEqual(
      first.made.devices.map(({ findings }) => findings),
      [[]],
    )
    assert.notEqual(first.made.devices[0]?.proven_to, null)
    assert.ok((first.made.devices[0]?.days.length ?? 0) > 0)
    const second = await report()
    assert.equal(second.read, 0)
    assert.deepEqual(second.made, first.made)
    assert.equal((await stat(cachePath)).mode & 0o777, 0o600)
  })

  test('finds an object that vanished after it was kept', async () => {
    await report()
    const gone = (await objects()).find(name => name.includes('.records.')) ?? ''
    await rm(join(folder, gone))
    const { made } = await report()
    assert.ok((made.devices[0]?.findings.length ?? 0) > 0)
    assert.equal(made.devices[0]?.proven_to, null)
  })

  test('finds an object that was replaced after it was kept, and reads it alone', async () => {
    await report()
    const [first = ''] = await objects()
    await writeFile(join(folder, first), 'something else')
    const { made, read } = await report()
    assert.equal(read, 1)
    assert.match(made.devices[0]?.findings.join() ?? '', /its content is not what its name says/)
  })

  test('does not trust a cache that was damaged', async () => {
    const first = await report()
    const all = (await objects()).length
    await writeFile(cachePath, 'no database')
    const second = await report()
    assert.deepEqual([second.read, second.made], [all, first.made])
    const { DatabaseSync } = await import('node:sqlite')
    const db = new DatabaseSync(cachePath)
    db.exec(`UPDATE object SET facts = replace(facts, '"resumed"', '"Resumed"')`)
    db.close()
    const third = await report()
    assert.ok(third.read > 0)
    assert.deepEqual(third.made, first.made)
  })

  test('with another identity says that it is the identity', async () => {
    const other = await mkdtemp(join(root, 'other-'))
    const { identity } = await eventfulHistory(other, 'device-2')
    await assert.rejects(report(identity), { code: 'OPEN_FAILED' })
  })
})
