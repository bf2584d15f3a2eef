import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../../../protocol/errors.ts'
import type { DeliveredPart } from '../../../verify/delivered-devices.ts'
import { createPassingOver } from '../../../verify/passed-over.ts'
import { findInBucket, type ListLimits } from './find-objects.ts'
import type { BucketReader, ListedPage } from './read-bucket.ts'

const never = new AbortController().signal
const nameOf = (seq: number) => `${String(seq).padStart(12, '0')}-${'0'.repeat(64)}.records.ndjson.zst.age`
const limits: ListLimits = { entries: 1000, folders: 100, kept: 1000 }

/** A bucket as a server lists it: in the order of keys, up to the next slash, so many on a page. */
function bucketOf(keys: readonly string[], perPage = 2) {
  const asked: string[] = []
  const reader: BucketReader = {
    async *pages(prefix) {
      const names = new Set(
        keys
          .filter(key => key.startsWith(prefix))
          .map(key => /^[^/]*\/?/.exec(key.slice(prefix.length))?.[0] ?? '')
          .sort(),
      )
      const all = [...names]
      for (let at = 0; at === 0 || at < all.length; at += perPage) {
        asked.push(prefix)
        const page = all.slice(at, at + perPage).map(name => prefix + name)
        const [folders, objects] = [page.filter(isFolder), page.filter(key => !isFolder(key))]
        yield { folders, objects: objects.map(key => ({ key, size: 10 })) } satisfies ListedPage
      }
    },
    get: async () => new Uint8Array(),
  }
  return { reader, asked }
}
const isFolder = (key: string) => key.endsWith('/') && key !== 'laptop/2026-11-22//'

async function find(
  { reader }: { reader: BucketReader },
  { prefix = '', part = {}, ...rest }: { prefix?: string; part?: DeliveredPart } & Partial<ListLimits> = {},
) {
  const passing = createPassingOver()
  const address = { bucket: 'records', prefix }
  const looking = { part, passing, signal: never }
  const folders = await findInBucket(reader, address, looking, { ...limits, ...rest })
  return { folders, passed: passing.all() }
}

const days = ['2026-11-21', '2026-11-22'].flatMap((day, index) =>
  [1, 2, 3].map(seq => `ana/laptop/${day}/${nameOf(index * 3 + seq)}`),
)

test('devices and days are found below a prefix, with their number and size', async () => {
  const bucket = bucketOf([...days, 'ana/notes.txt', 'ana/laptop/2026-11-22/readme'])
  const { folders, passed } = await find(bucket)
  assert.deepEqual(passed, [])
  assert.deepEqual(
    folders.map(({ device, person, first, count, bytes }) => ({ device, person, first, count, bytes })),
    [1, 4].map(first => ({ device: 'laptop', person: 'ana', first, count: 3, bytes: 30 })),
  )
})

test('days that are not asked for are not listed', async () => {
  const bucket = bucketOf(days)
  const { folders } = await find(bucket, { prefix: 'ana', part: { from: '2026-11-22' } })
  assert.equal(folders.length, 1)
  assert.ok(!bucket.asked.some(prefix => prefix.includes('2026-11-21')))
})

test('a list that is short is read once, and a long one again, page by page', async () => {
  for (const [kept, times] of [
    [100, 2],
    [2, 4],
  ] as const) {
    const bucket = bucketOf(days.slice(0, 3))
    const { folders } = await find(bucket, { prefix: 'ana/laptop/2026-11-21', kept })
    const listed = folders[0]?.list()
    assert.ok(listed)
    const objects = Symbol.asyncIterator in listed ? await Array.fromAsync(listed) : await listed
    assert.deepEqual(
      objects.map(({ seq, size }) => [seq, size]),
      [1, 2, 3].map(seq => [seq, 10]),
    )
    assert.equal(bucket.asked.length, times)
  }
})

test('one object is found by its name without any list', async () => {
  const bucket = bucketOf(days)
  const { folders } = await find(bucket, { prefix: days[0] ?? '' })
  assert.deepEqual(bucket.asked, [])
  assert.deepEqual(
    folders.map(({ device, count }) => [device, count]),
    [['laptop', 1]],
  )
})

test('a list that breaks off is no list', async () => {
  const { reader } = bucketOf(days)
  const broken: BucketReader = {
    ...reader,
    async *pages(prefix, signal) {
      let page = 0
      for await (const each of reader.pages(prefix, signal)) {
        if (++page > 1) throw new AppError('READ_INTERRUPTED')
        yield each
      }
    },
  }
  await assert.rejects(find({ reader: broken }), { code: 'READ_INTERRUPTED' })
})

test('a server that leads round in a circle is no S3 server', async () => {
  const reader: BucketReader = {
    async *pages() {
      yield { objects: [], folders: ['ana/'] }
    },
    get: async () => new Uint8Array(),
  }
  await assert.rejects(find({ reader }, { prefix: 'ana' }), { code: 'READ_NOT_S3' })
  await assert.rejects(find({ reader }, { prefix: 'ana/laptop' }), { code: 'READ_NOT_S3' })
})

test('what is beyond the limits is named', async () => {
  const kinds = async (...[keys, rest]: [string[], Partial<ListLimits>]) =>
    (await find(bucketOf(keys), rest)).passed.map(({ kind }) => kind)
  assert.deepEqual(await kinds(days, { entries: 3 }), [])
  assert.deepEqual(await kinds(days, { entries: 2 }), ['too many'])
  assert.deepEqual(await kinds(days, { folders: 5 }), [])
  assert.deepEqual(await kinds(days, { folders: 4 }), ['too many'])
  assert.deepEqual(await kinds([`${'d/'.repeat(40)}${nameOf(1)}`], {}), ['too deep', 'no objects'])
})

test('dots and empty names are names like others', async () => {
  const { folders } = await find(bucketOf([`../../etc/2026-11-22/${nameOf(1)}`, `/a//${nameOf(2)}`]))
  assert.deepEqual(
    folders.map(({ device, person }) => [device, person]).sort(),
    [
      ['', '/a'],
      ['etc', '../..'],
    ].sort(),
  )
})
