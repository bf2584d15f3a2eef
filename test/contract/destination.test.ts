import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import {
  folderDestination,
  prepareFolder,
} from '../../native-host/adapters/destination/folder/destination.ts'
import { fakeDestination } from '../fakes.ts'
import { sealedBytes } from '../support/sealed-bytes.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { objectsBelow } from '../support/tracker-home.ts'
import { destinationContract, newKey, someBytes } from './destination-contract.ts'

destinationContract('folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'at-delivered-'))
  await prepareFolder(folder)
  return {
    open: () => folderDestination(folder),
    stored: key => readFile(join(folder, key)).catch(() => undefined),
    count: async () => (await objectsBelow(folder)).size,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
})

destinationContract('fake', async () => {
  const destination = fakeDestination()
  return {
    open: () => destination,
    async stored(key) {
      const text = destination.objects.get(key)
      return text === undefined ? undefined : new TextEncoder().encode(text)
    },
    count: async () => destination.objects.size,
    [Symbol.asyncDispose]: async () => undefined,
  }
})

test('a full or read-only drive is said, keeps nothing half, and takes the object afterwards', async t => {
  const parent = await mkdtemp(join(tmpdir(), 'at-drive-'))
  try {
    await using drive = await mountSmallDisk(join(parent, 'drive'), 4_000_000)
    if (drive === undefined) return t.skip('nothing can be mounted here')
    const remount = (how: string) => promisify(execFile)('mount', ['-o', `remount,${how}`, drive.folder])
    await prepareFolder(drive.folder)
    const destination = folderDestination(drive.folder)
    const [key, bytes] = [newKey(), someBytes(200_000)]
    const put = () => destination.put(key, sealedBytes(bytes), new AbortController().signal)
    const problem = { code: 'DELIVERY_FOLDER_NOT_WRITABLE', detail: drive.folder }
    const left = async () => [...(await objectsBelow(drive.folder)).keys()]

    await remount('ro')
    await assert.rejects(put(), problem)
    await remount('rw')
    await drive.fill()
    await assert.rejects(put(), problem)
    assert.deepEqual(await left(), [])
    await drive.free()
    await put()
    assert.deepEqual(await left(), [join(drive.folder, key)])
  } finally {
    await rm(parent, { recursive: true, force: true })
  }
})
