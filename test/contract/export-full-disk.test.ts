import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeExportFolder } from '../../native-host/adapters/system/export-folder.ts'
import { mountSmallDisk } from '../support/small-disk.ts'

test('an export to a full disk ends with a code and leaves nothing; with room it works', async t => {
  const root = await mkdtemp(join(tmpdir(), 'export-disk-'))
  await using undo = new AsyncDisposableStack()
  undo.defer(() => rm(root, { recursive: true, force: true }))
  const disk = await mountSmallDisk(join(root, 'disk'), 1024 * 1024)
  if (!disk) return t.skip('only an administrator can mount a disk here')
  undo.use(disk)
  const save = async (bytes: number) => {
    await using folder = await makeExportFolder(join(disk.folder, 'me'))
    await folder.append('records/a.ndjson', 'x'.repeat(1000))
    await folder.write('screenshots/b.webp', new Uint8Array(bytes))
    await folder.finish()
  }
  await assert.rejects(save(2 * 1024 * 1024), { code: 'FILE_NOT_WRITABLE', detail: /the disk is full/ })
  assert.deepEqual(await readdir(disk.folder), [])
  await save(1000)
  assert.deepEqual((await readdir(join(disk.folder, 'me'))).sort(), ['records', 'screenshots'])
})
