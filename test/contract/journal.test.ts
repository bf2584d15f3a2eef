import { openJournal } from '../../native-host/adapters/store/journal-sqlite.ts'
import { fakeDisk, fakeJournal } from '../fakes-storage.ts'
import { journalContract } from './journal-contract.ts'
import { stateDatabase } from './state-database.ts'

journalContract('sqlite', clock => {
  const state = stateDatabase()
  return { ...state, open: () => openJournal(state.reopen(), clock) }
})

journalContract('fake', clock => {
  const disk = fakeDisk()
  const journal = fakeJournal(clock, disk)
  return {
    open: () => journal,
    fillDisk: () => disk.fail('DISK_FULL'),
    freeDisk: disk.recover,
    [Symbol.dispose]: () => undefined,
  }
})
