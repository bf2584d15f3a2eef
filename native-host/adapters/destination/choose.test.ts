import assert from 'node:assert/strict'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { defaultSettings, type Settings } from '../../../protocol/settings.ts'
import { s3World } from '../../../test/support/s3-world.ts'
import { chooseDestination, prepareDestination } from './choose.ts'

const keys = { accessKeyId: 'I', secretAccessKey: 'S' }
const world = { ...s3World(keys), delivered: '/home/anna/delivered' }

const rows: [name: string, settings: Partial<Settings>, kind: string, where: string][] = [
  ['nothing set', {}, 'folder', '/home/anna/delivered'],
  ['a folder', { folder: '/mnt/drive' }, 'folder', '/mnt/drive'],
  ['a bucket', { bucket_name: 'records' }, 's3', 'records/activity-tracker'],
  ['a bucket without a prefix', { bucket_name: 'records', prefix: '' }, 's3', 'records'],
  [
    'a bucket and a folder',
    { bucket_name: 'records', folder: '/mnt/drive' },
    's3',
    'records/activity-tracker',
  ],
]
for (const [name, settings, kind, where] of rows) {
  test(`${name}: ${kind} ${where}`, () => {
    const destination = chooseDestination({ ...defaultSettings, ...settings }, world)
    assert.deepEqual([destination.kind, destination.where], [kind, where])
  })
}

const preparations: [occasion: 'chosen' | 'started', which: 'own' | 'other', made: boolean][] = [
  ['started', 'own', true],
  ['chosen', 'own', true],
  ['chosen', 'other', true],
  ['started', 'other', false],
]
for (const [occasion, which, made] of preparations) {
  test(`when ${occasion}, the ${which} folder is ${made ? '' : 'not '}made`, async () => {
    const home = await mkdtemp(join(tmpdir(), 'at-choose-'))
    try {
      const delivered = join(home, 'own')
      const settings = { ...defaultSettings, folder: which === 'own' ? '' : join(home, 'other') }
      await prepareDestination(settings, { ...world, delivered }, occasion)
      const there = await access(join(home, which)).then(
        () => true,
        () => false,
      )
      assert.equal(there, made)
    } finally {
      await rm(home, { recursive: true })
    }
  })
}

test('a bucket needs nothing before the first upload', async () => {
  await prepareDestination({ ...defaultSettings, bucket_name: 'records' }, world, 'chosen')
})
