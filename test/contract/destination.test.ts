import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folderDestination } from '../../native-host/adapters/destination/folder.ts'
import { fakeDestination } from '../fakes.ts'
import { filesBelow } from '../support/tracker-home.ts'
import { destinationContract } from './destination-contract.ts'

destinationContract('folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'at-delivered-'))
  return {
    open: () => folderDestination(folder),
    stored: key => readFile(join(folder, key)).catch(() => undefined),
    count: async () => (await filesBelow(folder)).size,
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
