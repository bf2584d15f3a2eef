import { readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openOutbox } from '../../native-host/adapters/store/outbox.ts'
import { fakeDisk, fakeOutbox } from '../fakes-storage.ts'
import { outboxContract } from './outbox-contract.ts'
import { stateDatabase } from './state-database.ts'

outboxContract('files and sqlite', () => {
  const state = stateDatabase()
  const folder = join(state.folder, 'outbox')
  const quarantine = join(state.folder, 'quarantine')
  return {
    ...state,
    breakDisk() {
      renameSync(folder, `${folder}-gone`)
    },
    repairDisk() {
      renameSync(`${folder}-gone`, folder)
    },
    open: () => openOutbox({ db: state.reopen(), folder, quarantine, device: 'laptop' }),
    damage(item) {
      const seq = /(\d{12})-/.exec(item.key)?.[1] ?? 'none'
      for (const file of readdirSync(folder))
        if (file.startsWith(seq)) writeFileSync(join(folder, file), 'something else')
    },
  }
})

outboxContract('fake', () => {
  const disk = fakeDisk()
  const outbox = fakeOutbox(disk, 'laptop')
  return {
    open: async () => outbox,
    damage: outbox.damage,
    breakDisk: () => disk.fail('DISK_FULL'),
    repairDisk: disk.recover,
    [Symbol.dispose]: () => undefined,
  }
})
