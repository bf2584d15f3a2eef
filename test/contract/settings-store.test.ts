import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openConfigFile } from '../../native-host/adapters/store/config-file.ts'
import { fakeDisk, fakeSettings } from '../fakes-storage.ts'
import { settingsStoreContract } from './settings-store-contract.ts'

settingsStoreContract('file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'))
  const home = join(folder, 'home')
  return {
    open: () => openConfigFile(join(home, 'config.json')),
    breakDisk() {
      renameSync(home, join(folder, 'gone'))
      writeFileSync(home, 'a file where a folder should be')
    },
    repairDisk() {
      rmSync(home)
      renameSync(join(folder, 'gone'), home)
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
})

settingsStoreContract('fake', () => {
  const disk = fakeDisk()
  const store = fakeSettings({}, disk)
  return {
    open: async () => store,
    breakDisk: () => disk.fail('STORE_NOT_WRITABLE'),
    repairDisk: disk.recover,
    [Symbol.dispose]: () => undefined,
  }
})
